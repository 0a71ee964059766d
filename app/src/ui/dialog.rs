//! A dialog: the browser's own, which keeps the focus inside and gives it back.

use leptos::html;
use leptos::prelude::*;

use super::erased::shown_while;
use crate::more::{self, Part};

/// Shown above the page while `is_open`. Escape, Close and pressing beside it close it; what
/// it contains is made anew each time.
#[component]
pub(crate) fn Dialog(
    /// Its name, for the heading and for screen readers.
    title: &'static str,
    is_open: RwSignal<bool>,
    /// What is in it.
    part: Part,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let is_here = RwSignal::new(false);
    // The browser tells a moment later that it was closed: when we closed it, it may be wanted again by then.
    let is_shown = RwSignal::new(false);
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if is_open.get() && is_here.get() {
            // The browser focuses what comes first in it, once that is in the page.
            request_animation_frame(move || {
                if is_open.get_untracked() && !dialog.open() {
                    is_shown.set(true);
                    let _ = dialog.show_modal();
                }
            });
        } else if !is_open.get() && dialog.open() {
            is_shown.set(false);
            dialog.close();
        }
    });
    let closed = move |_| {
        let is_open_again = dialog.get_untracked().is_some_and(|it| it.open());
        if is_shown.get_untracked() && !is_open_again {
            is_open.set(false);
        }
    };
    // Only the space around the content is the dialog itself.
    let press = move |event: web_sys::MouseEvent| {
        if event.target().is_some() && event.target() == event.current_target() {
            is_open.set(false);
        }
    };
    let content = shown_while(
        move || is_open.get(),
        move || {
            view! {
                <div class="dialog">
                    <h2>{title}</h2>
                    {more::part(part, is_open, is_here)}
                </div>
            }
            .into_any()
        },
    );
    view! {
        <dialog
            aria-label=title
            node_ref=dialog
            on:close=closed
            on:mousedown=press
        >
            {content}
        </dialog>
    }
}
