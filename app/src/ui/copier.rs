//! A button that copies a text, and says whether that worked.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::button::button;
use super::erased::memo;
use crate::words;

/// Copies what the text is when it is pressed.
pub(crate) fn copier(text: impl Fn() -> String + 'static) -> AnyView {
    let is_copied = RwSignal::new(None);
    let copy = move || {
        let text = text();
        spawn_local(async move {
            let copied = crate::browser::copy(&text).await;
            is_copied.try_set(Some(copied));
        });
    };
    let says = memo(move || match is_copied.get() {
        None => words::common::copy(),
        Some(true) => words::answer::copied(),
        Some(false) => words::instructions::not_copied(),
    });
    button("", says.into_any(), copy)
}
