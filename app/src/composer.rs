//! Where a person writes.

use leptos::html;
use leptos::prelude::*;
use wick_protocol::{ClientMessage, LONGEST_MESSAGE, MessageId};

use crate::browser;
use crate::numbers::grouped;
use crate::page::page;
use crate::ui::button::icon_button;
use crate::ui::editor::grow;
use crate::ui::erased::{changing, memo, shown_while};
use crate::ui::icon::{Drawing, Icon};

/// The element's id, by which it gets the focus.
pub(crate) const FIELD: &str = "message";

/// A field that grows with its text, and Send. While an answer is written there is Stop, and what is
/// sent waits for its end.
#[component]
pub(crate) fn Composer() -> impl IntoView {
    let page = page();
    let state = page.state;
    let draft = state.drafts.text;
    let field = NodeRef::<html::Textarea>::new();
    // In this order: a field that is measured before its text is gone stays as high as it was.
    Effect::new(move |_| {
        let text = draft.get();
        let Some(field) = field.get() else { return };
        if field.value() != text {
            field.set_value(&text);
        }
        grow(&field);
    });

    let is_on_its_way = move || {
        let open = state.open().get();
        state.pending().with(|list| list.iter().any(|it| it.chat == open && !it.is_saved))
    };
    let trouble = memo(move || {
        let length = draft.with(|text| length(text));
        if LONGEST_MESSAGE < length {
            too_long(length)
        } else {
            state.refusal.get().unwrap_or_default()
        }
    });
    let can_send = memo(move || {
        let fits = draft.with(|text| !text.trim().is_empty() && length(text) <= LONGEST_MESSAGE);
        fits && !is_on_its_way()
    });
    let send = move || {
        if can_send.get_untracked() {
            let text = draft.get_untracked();
            draft.set(String::new());
            page.say(text.trim().to_owned());
        }
    };
    let press = move |event: web_sys::KeyboardEvent| {
        let composes = event.is_composing() || event.key_code() == 229;
        let breaks = event.shift_key() || event.alt_key();
        if event.key() == "Enter" && !composes && !breaks {
            event.prevent_default();
            send();
        }
        let is_bare = !breaks && !event.ctrl_key() && !event.meta_key();
        if event.key() == "ArrowUp" && is_bare && draft.with_untracked(String::is_empty) {
            let pressed = browser::press_last(".person button[aria-label='Edit message']");
            if pressed {
                event.prevent_default();
            }
        }
    };
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        send();
    };
    let write = move |event| {
        draft.set(event_target_value(&event));
        state.refusal.set(None);
    };
    let refused = shown_while(
        move || trouble.with(|it| !it.is_empty()),
        move || view! { <p class="wrong" role="alert">{trouble}</p> }.into_any(),
    );
    let live = memo(move || state.live());
    let button = changing(move || match live.get() {
        Some(message) => {
            let queue = shown_while(
                move || can_send.get(),
                move || view! { <Send says="Queue" can_send=can_send/> }.into_any(),
            );
            view! { {queue} <Stop message=message/> }.into_any()
        }
        None => view! { <Send says="Send" can_send=can_send/> }.into_any(),
    });
    let hint = memo(move || match () {
        () if state.is_private() => "Write a message, unsaved",
        () if live.get().is_some() => "Write the next message",
        () => "Write a message",
    });
    view! {
        <form class="composer measure" on:submit=submit>
            {refused}
            <div class="field">
                <textarea
                    id=FIELD
                    dir="auto"
                    aria-label="Message"
                    placeholder=hint
                    rows="1"
                    autocomplete="off"
                    enterkeyhint="send"
                    node_ref=field
                    on:input=write
                    on:keydown=press
                ></textarea>
                {button}
            </div>
        </form>
    }
}

#[component]
fn Send(says: &'static str, can_send: Memo<bool>) -> impl IntoView {
    let is_off = memo(move || !can_send.get());
    view! {
        <button type="submit" class="main round" aria-label=says disabled=is_off>
            <Icon of=Drawing::SEND/>
        </button>
    }
}

#[component]
fn Stop(message: MessageId) -> impl IntoView {
    let page = page();
    let stop = move || page.tell(ClientMessage::Stop { message });
    icon_button("main round", "Stop", Drawing::STOP, stop)
}

/// Bytes of a message: of the text, or half of what is sent, where much of it has to be escaped.
fn length(text: &str) -> usize {
    let escaped = |byte| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' => 2,
        0..b' ' => 6,
        _ => 1,
    };
    // Around it comes a little more.
    text.len().max(128 + text.bytes().map(escaped).sum::<usize>() / 2)
}

fn too_long(length: usize) -> String {
    let (length, most) = (grouped(length as u64), grouped(LONGEST_MESSAGE as u64));
    format!("This message is {length} bytes long; up to {most} can be sent.")
}
