//! The instructions of the open chat: what the model is told before everything that is said.

mod presets;
mod prompt;

use leptos::prelude::*;
use wick_protocol::{ClientMessage, LONGEST_INSTRUCTIONS};

use crate::dialogs::Dialogs;
use crate::numbers::grouped;
use crate::page::{Page, page};
use crate::state::Link;
use crate::ui::button::button;
use crate::ui::erased::{memo, shown_while};
use crate::words;
use presets::Presets;
pub(crate) use prompt::prompt;

const FIELD: &str = "instructions";
const ABOUT: &str = "about-instructions";

/// A field for them, and presets. Nothing changes before it is saved.
pub(crate) fn instructions(is_open: RwSignal<bool>) -> AnyView {
    let page = page();
    let state = page.state;
    let dialogs: Dialogs = expect_context();
    // What is changed elsewhere is shown until something is written here.
    let written = RwSignal::new(None::<String>);
    let text = memo(move || written.get().unwrap_or_else(|| state.instructions()));
    let trouble = memo(move || {
        let is_lost = state.link().get() == Link::Lost && state.open().get().is_some();
        text.with(|text| trouble(text.len(), is_lost))
    });
    let save = move || {
        if trouble.with_untracked(Option::is_some) {
            return false;
        }
        if let Some(text) = written.get_untracked() {
            give(page, text);
            written.set(None);
        }
        true
    };
    let save_and_close = move || {
        if save() {
            is_open.set(false);
        }
    };
    let show_prompt = move || {
        if save() {
            dialogs.show(dialogs.prompt);
        }
    };
    let is_wrong = memo(move || trouble.get().map(|_| "true"));
    let wrong = shown_while(
        move || trouble.get().is_some(),
        move || view! { <p class="wrong" role="alert">{trouble}</p> }.into_any(),
    );
    let says = memo(move || match state.open().get() {
        Some(_) => words::instructions::read_first(),
        None => words::instructions::go_along(),
    });
    let shows = memo(move || match written.get() {
        Some(_) => words::instructions::save_and_show(),
        None => words::common::show_prompt(),
    });
    let press = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            save_and_close();
        }
    };
    view! {
        <div class="setting instructions">
            <label for=FIELD>{words::instructions::for_model()}</label>
            <textarea
                id=FIELD
                dir="auto"
                rows="6"
                autocomplete="off"
                aria-describedby=ABOUT
                aria-invalid=is_wrong
                prop:value=text
                on:input=move |event| written.set(Some(event_target_value(&event)))
                on:keydown=press
            ></textarea>
            <div class="setting-about" id=ABOUT>
                {wrong}
                <p class="soft">{says}</p>
            </div>
        </div>
        <div class="row">
            {button("main", words::common::save().into_any(), save_and_close)}
            {button("", shows.into_any(), show_prompt)}
        </div>
        <Presets text=text written=written/>
        <div class="actions">
            {button("", words::common::close().into_any(), move || is_open.set(false))}
        </div>
    }
    .into_any()
}

/// Gives the open chat these instructions; one that has not begun takes them along.
fn give(page: Page, text: String) {
    match page.state.open().get_untracked() {
        Some(chat) => page.ask(&ClientMessage::SetInstructions { chat, text }),
        None => page.state.told.of_new.set(Some(text)),
    }
}

/// Why instructions of so many bytes can't be saved.
fn trouble(length: usize, is_lost: bool) -> Option<String> {
    if LONGEST_INSTRUCTIONS < length {
        let (length, most) = (grouped(length as u64), grouped(LONGEST_INSTRUCTIONS as u64));
        return Some(words::instructions::too_long(&length, &most));
    }
    is_lost.then(|| words::instructions::not_connected().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_says_by_how_much() {
        assert_eq!(trouble(LONGEST_INSTRUCTIONS, false), None);
        let long = "These are 32,769 bytes long; up to 32,768 can be kept.";
        assert_eq!(trouble(LONGEST_INSTRUCTIONS + 1, true).as_deref(), Some(long));
        assert!(trouble(1, true).is_some());
    }
}
