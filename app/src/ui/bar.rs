//! A bar beside a sentence that says the same in numbers.

use leptos::prelude::*;

use super::erased::{memo, shown_while};

/// How far something is, where that is known. The sentence is for screen readers.
#[component]
pub(crate) fn Bar(percent: Memo<Option<u64>>) -> impl IntoView {
    let value = memo(move || percent.get().unwrap_or_default().to_string());
    shown_while(
        move || percent.get().is_some(),
        move || view! { <progress aria-hidden="true" max="100" value=value></progress> }.into_any(),
    )
}
