//! All settings of an answer as fields, and what is meant by what is written in them.

use leptos::prelude::*;
use wick_protocol::Sampling;

use super::field::{LongField, TextField};
use super::form::{Field, Form};
use crate::browser;
use crate::ui::erased::memo;

/// A field for each setting. What is wrong is said once the form was checked, then as it is mended.
pub(crate) fn fields(form: RwSignal<Form>, is_checked: RwSignal<bool>) -> AnyView {
    let trouble = move |field: Field| {
        memo(move || {
            let troubles = form.with(Form::read).err().filter(|_| is_checked.get())?;
            troubles.into_iter().find(|(it, _)| *it == field).map(|(_, trouble)| trouble)
        })
    };
    let numbers = Field::ALL.map(|field| {
        view! { <TextField field=field form=form trouble=trouble(field)/> }.into_any()
    });
    let texts = [Field::Stop, Field::Format].map(|field| {
        view! { <LongField field=field form=form trouble=trouble(field)/> }.into_any()
    });
    view! {
        <div class="fields">{Vec::from(numbers)}</div>
        {Vec::from(texts)}
    }
    .into_any()
}

/// Checks the form. What is meant; where something is wrong, none, and the first such field has the
/// focus.
pub(crate) fn read(form: RwSignal<Form>, is_checked: RwSignal<bool>) -> Option<Sampling> {
    is_checked.set(true);
    match form.with_untracked(Form::read) {
        Ok(sampling) => Some(sampling),
        Err(troubles) => {
            if let Some((field, _)) = troubles.first() {
                browser::focus(field.id());
            }
            None
        }
    }
}
