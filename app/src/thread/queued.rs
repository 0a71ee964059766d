//! Messages that wait until the answer before them has ended.

use leptos::prelude::*;
use wick_protocol::{ChatId, ClientMessage, Queued, attached};

use super::message::apart;
use crate::more::{Part, part};
use crate::page::page;
use crate::ui::button::button;
use crate::ui::editor::Editor;
use crate::ui::erased::{changing, shown_while};
use crate::words;

/// All that wait in the open chat, the next one first.
#[component]
pub(crate) fn Queue() -> impl IntoView {
    let state = page().state;
    shown_while(
        move || !state.queue().with(Vec::is_empty),
        || part(Part::Queue, RwSignal::new(true), RwSignal::new(false)),
    )
}

/// What there is to be seen of them.
pub(crate) fn queue() -> AnyView {
    let state = page().state;
    let waiting = changing(move || {
        let chat = state.open().get();
        let view = |it: Queued| chat.map(|chat| view! { <Waiting chat=chat queued=it/> });
        let queue = state.queue().get();
        queue.into_iter().map(view).collect::<Vec<_>>().into_any()
    });
    let send = shown_while(
        move || state.live().is_none() && !state.queue().with(Vec::is_empty),
        move || {
            let send = move || {
                if let Some(chat) = state.open().get_untracked() {
                    page().tell(ClientMessage::SendQueued { chat });
                }
            };
            view! {
                <div class="ended">
                    <p>{words::thread::waits_as_ended()}</p>
                    {button("", words::thread::send_now().into_any(), send)}
                </div>
            }
            .into_any()
        },
    );
    view! { {send} {waiting} }.into_any()
}

#[component]
fn Waiting(chat: ChatId, queued: Queued) -> impl IntoView {
    let page = page();
    let is_edited = RwSignal::new(false);
    let Queued { key, text } = queued;
    let content = changing(move || {
        let change = {
            let key = key.clone();
            move |text| page.tell(ClientMessage::ChangeQueued { chat, key: key.clone(), text })
        };
        if is_edited.get() {
            let (said, attached) = attached::split(&text);
            let attached = attached.to_owned();
            let save = move |text: String| {
                change(Some(attached::joined(&text, &attached)));
                is_edited.set(false);
            };
            let editor = Editor {
                text: said.to_owned(),
                label: words::thread::waiting_message(),
                says: words::common::save(),
                save: Box::new(save),
                leave: Box::new(move || is_edited.set(false)),
            };
            return editor.view();
        }
        let (said, files) = apart(&text);
        view! {
            {files}
            <p class="said" dir="auto">{said}</p>
            <div class="row">
                <p class="note">{words::thread::waits()}</p>
                {button("quiet", words::common::edit().into_any(), move || is_edited.set(true))}
                {button("quiet", words::thread::take_back().into_any(), move || change(None))}
            </div>
        }
        .into_any()
    });
    view! {
        <article class="message person waiting" aria-label=words::thread::waiting()>
            {content}
        </article>
    }
}
