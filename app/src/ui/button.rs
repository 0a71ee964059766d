//! Buttons, made of code that exists once.

use leptos::prelude::*;

use super::erased::memo;
use super::icon::{Drawing, Icon};

/// A button with this on it.
pub(crate) fn button(class: &'static str, content: AnyView, press: impl Fn() + 'static) -> AnyView {
    fn erased(class: &'static str, content: AnyView, press: Box<dyn Fn()>) -> AnyView {
        view! { <button type="button" class=class on:click=move |_| press()>{content}</button> }
            .into_any()
    }
    erased(class, content, Box::new(press))
}

/// A button with a picture on it, and what it does in words. There are several under each message,
/// so nothing of it is watched.
pub(crate) fn icon_button(
    class: &'static str,
    label: &'static str,
    drawing: Drawing,
    press: impl Fn() + 'static,
) -> AnyView {
    fn erased(
        class: &'static str,
        label: &'static str,
        drawing: Drawing,
        press: Box<dyn Fn()>,
    ) -> AnyView {
        view! {
            <button type="button" class=class aria-label=label on:click=move |_| press()>
                <Icon of=drawing/>
            </button>
        }
        .into_any()
    }
    erased(class, label, drawing, Box::new(press))
}

/// The same for something whose name may change.
pub(crate) fn options_button(label: Memo<String>, press: impl Fn() + 'static) -> AnyView {
    fn erased(label: Memo<String>, press: Box<dyn Fn()>) -> AnyView {
        view! {
            <button type="button" class="quiet round" aria-label=label on:click=move |_| press()>
                <Icon of=Drawing::MORE/>
            </button>
        }
        .into_any()
    }
    erased(label, Box::new(press))
}

/// One of several choices of which one holds.
pub(crate) fn choice(
    group: &'static str,
    says: impl Into<String>,
    is_chosen: Memo<bool>,
    choose: impl Fn() + 'static,
) -> AnyView {
    fn erased(
        group: &'static str,
        says: String,
        is_chosen: Memo<bool>,
        choose: Box<dyn Fn()>,
    ) -> AnyView {
        view! {
            <label>
                <input
                    type="radio"
                    name=group
                    prop:checked=is_chosen
                    on:change=move |_| choose()
                />
                {says}
            </label>
        }
        .into_any()
    }
    erased(group, says.into(), is_chosen, Box::new(choose))
}

/// A button with a picture on it that opens a dialog.
#[component]
pub(crate) fn Opener(
    label: &'static str,
    class: &'static str,
    drawing: Drawing,
    is_open: RwSignal<bool>,
) -> impl IntoView {
    let is_expanded = memo(move || is_open.get().to_string());
    view! {
        <button
            type="button"
            class=class
            aria-label=label
            aria-haspopup="dialog"
            aria-expanded=is_expanded
            on:click=move |_| is_open.set(true)
        >
            <Icon of=drawing/>
        </button>
    }
}
