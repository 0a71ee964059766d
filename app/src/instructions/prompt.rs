//! What the model would get to read for the next answer, as the server lays it out.

use leptos::prelude::*;
use wick_protocol::ClientMessage;

use crate::page::page;
use crate::ui::button::button;
use crate::ui::copier::copier;
use crate::ui::erased::shown_while;
use crate::words;

/// The prompt of the open chat, with what is written in the composer.
pub(crate) fn prompt(is_open: RwSignal<bool>) -> AnyView {
    let page = page();
    let state = page.state;
    let look = move || {
        page.ask(&ClientMessage::ShowPrompt {
            chat: state.open().get_untracked(),
            instructions: state.told.of_new.get_untracked(),
            text: state.drafts.text.get_untracked(),
        });
    };
    state.told.prompt.set(String::new());
    state.told.prompt_says.set(words::instructions::being_laid_out().into());
    look();
    let (text, says) = (state.told.prompt, state.told.prompt_says);
    let exact = shown_while(
        move || text.with(|it| !it.is_empty()),
        move || {
            view! {
                <pre
                    class="exact"
                    role="region"
                    aria-label=words::thread::prompt()
                    tabindex="0"
                    dir="auto"
                >
                    {text}
                </pre>
            }
            .into_any()
        },
    );
    let copier = shown_while(
        move || text.with(|it| !it.is_empty()),
        move || copier(move || text.get_untracked()),
    );
    view! {
        <p class="prompt" role="status">{says}</p>
        {exact}
        <div class="actions">
            {button("", words::common::close().into_any(), move || is_open.set(false))}
            {copier}
        </div>
    }
    .into_any()
}
