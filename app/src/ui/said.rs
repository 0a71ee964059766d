//! Sentences, headings and exact texts, made of code that exists once.

use leptos::prelude::*;

/// A sentence beside what matters.
pub(crate) fn soft(says: impl Into<String>) -> AnyView {
    fn erased(says: String) -> AnyView {
        view! { <p class="soft">{says}</p> }.into_any()
    }
    erased(says.into())
}

/// What a part of a dialog is about.
pub(crate) fn heading(says: &'static str) -> AnyView {
    view! { <h3>{says}</h3> }.into_any()
}

/// A text to be read or copied sign by sign.
pub(crate) fn exact(text: String) -> AnyView {
    view! { <pre class="exact">{text}</pre> }.into_any()
}
