//! Light or dark, how code is shown, and the language.

use leptos::prelude::*;

use crate::browser::{Language, Theme, has_numbers, keep_numbers};
use crate::ui::button::choice;
use crate::ui::erased::memo;
use crate::words;

/// Chooses the colours, which change at once, and the language, which loads the page again.
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
    let kept = Language::kept();
    let languages = Language::ALL.map(|language| {
        let is_chosen = memo(move || language == kept);
        choice("language", language.name(), is_chosen, move || language.keep())
    });
    let number = |event| keep_numbers(event_target_checked(&event));
    view! {
        <fieldset class="themes">
            <legend>{words::frame::colours()}</legend>
            <div class="choices">{Vec::from(choices)}</div>
            <label class="tick">
                <input type="checkbox" prop:checked=has_numbers() on:change=number/>
                {words::frame::number_lines()}
            </label>
        </fieldset>
        <fieldset class="themes">
            <legend>{words::frame::language()}</legend>
            <div class="choices">{Vec::from(languages)}</div>
        </fieldset>
    }
}
