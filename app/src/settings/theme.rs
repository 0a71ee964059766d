//! Light or dark, and how code is shown.

use leptos::prelude::*;

use crate::browser::{Theme, has_numbers, keep_numbers};
use crate::ui::button::choice;
use crate::ui::erased::memo;

/// Chooses the colours; they change at once.
#[component]
pub(crate) fn Themes() -> impl IntoView {
    let chosen = RwSignal::new(Theme::kept());
    let choose = move |theme: Theme| {
        theme.keep();
        chosen.set(theme);
    };
    let choices = Theme::ALL.map(|theme| {
        let is_chosen = memo(move || chosen.get() == theme);
        choice("theme", theme.name(), is_chosen, move || choose(theme))
    });
    let number = |event| keep_numbers(event_target_checked(&event));
    view! {
        <fieldset class="themes">
            <legend>"Colours"</legend>
            <div class="choices">{Vec::from(choices)}</div>
            <label class="tick">
                <input type="checkbox" prop:checked=has_numbers() on:change=number/>
                "Number the lines of code"
            </label>
        </fieldset>
    }
}
