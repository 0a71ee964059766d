//! One setting: its name, its value, a sentence about it, and what is wrong with it.

use leptos::prelude::*;

use super::form::{Field, Form};
use crate::ui::erased::{memo, shown_while};
use crate::ui::said::soft;

/// A number.
#[component]
pub(crate) fn TextField(
    field: Field,
    form: RwSignal<Form>,
    trouble: Memo<Option<String>>,
) -> impl IntoView {
    let id = field.id();
    let value = memo(move || form.with(|form| form.get(field).to_owned()));
    let is_wrong = memo(move || trouble.get().map(|_| "true".to_owned()));
    let write = move |event| {
        let value = event_target_value(&event);
        form.update(|form| form.set(field, value));
    };
    view! {
        <div class="setting">
            <label for=id>{field.name()}</label>
            <input
                type="text"
                id=id
                inputmode=field.keyboard()
                autocomplete="off"
                placeholder=field.when_empty()
                aria-describedby=about_id(id)
                aria-invalid=is_wrong
                prop:value=value
                on:input=write
            />
            <About id=id says=field.says() trouble=trouble/>
        </div>
    }
}

/// A text of several lines.
#[component]
pub(crate) fn LongField(
    field: Field,
    form: RwSignal<Form>,
    trouble: Memo<Option<String>>,
) -> impl IntoView {
    let id = field.id();
    let value = memo(move || form.with(|form| form.get(field).to_owned()));
    let is_wrong = memo(move || trouble.get().map(|_| "true".to_owned()));
    let write = move |event| {
        let value = event_target_value(&event);
        form.update(|form| form.set(field, value));
    };
    view! {
        <div class="setting wide">
            <label for=id>{field.name()}</label>
            <textarea
                id=id
                rows="3"
                autocomplete="off"
                spellcheck="false"
                aria-describedby=about_id(id)
                aria-invalid=is_wrong
                prop:value=value
                on:input=write
            ></textarea>
            <About id=id says=field.says() trouble=trouble/>
        </div>
    }
}

#[component]
fn About(id: &'static str, says: &'static str, trouble: Memo<Option<String>>) -> impl IntoView {
    let wrong = shown_while(
        move || trouble.get().is_some(),
        move || view! { <p class="wrong">{trouble}</p> }.into_any(),
    );
    view! {
        <div class="setting-about" id=about_id(id)>
            {wrong}
            {soft(says)}
        </div>
    }
}

fn about_id(id: &str) -> String {
    format!("about-{id}")
}
