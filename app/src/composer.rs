//! Where a person writes.

use leptos::html;
use leptos::prelude::*;
use wick_protocol::{ClientMessage, LONGEST_MESSAGE, MessageId};

use crate::browser;
use crate::more::{self, Part};
use crate::numbers::grouped;
use crate::page::page;
use crate::state::State;
use crate::ui::button::icon_button;
use crate::ui::editor::grow;
use crate::ui::erased::{changing, memo, shown_while};
use crate::ui::icon::{Drawing, Icon};
use crate::words;

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
    let attached = state.drafts.attached;
    let length = move || state.drafts.length();
    let trouble = memo(move || {
        if LONGEST_MESSAGE < length() {
            too_long(length(), !attached.with(String::is_empty))
        } else {
            state.refusal.get().unwrap_or_default()
        }
    });
    let can_send = memo(move || {
        let is_something =
            draft.with(|text| !text.trim().is_empty()) || !attached.with(String::is_empty);
        let is_ready = length() <= LONGEST_MESSAGE && !state.drafts.is_reading.get();
        is_something && is_ready && !is_on_its_way()
    });
    let send = move || {
        if can_send.get_untracked() {
            page.say(state.drafts.take());
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
            let edit = words::thread::edit_message();
            let pressed = browser::press_last(&format!(".person button[aria-label='{edit}']"));
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
                move || {
                    view! { <Send says=words::composer::queue() can_send=can_send/> }.into_any()
                },
            );
            view! { {queue} <Stop message=message/> }.into_any()
        }
        None => view! { <Send says=words::thread::send() can_send=can_send/> }.into_any(),
    });
    let hint = memo(move || hint(state, live.get().is_some()));
    view! {
        <form class="composer measure" on:submit=submit>
            {refused}
            <div class="field">
                <Files/>
                <textarea
                    id=FIELD
                    dir="auto"
                    aria-label=words::composer::message()
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

/// The files that are attached, and the button that attaches some: before its code is here nothing can
/// be.
#[component]
fn Files() -> impl IntoView {
    let page = page();
    shown_while(
        move || page.has_more.get(),
        || more::part(Part::Attached, RwSignal::new(true), RwSignal::new(false)),
    )
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
    icon_button("main round stop", words::composer::stop(), Drawing::STOP, stop)
}

fn hint(state: State, is_writing: bool) -> &'static str {
    match () {
        () if state.is_private() => words::composer::write_unsaved(),
        () if is_writing => words::composer::write_next(),
        () => words::composer::write(),
    }
}

fn too_long(length: usize, has_files: bool) -> String {
    let (length, most) = (grouped(length as u64), grouped(LONGEST_MESSAGE as u64));
    if has_files {
        words::composer::too_long_with_files(&length, &most)
    } else {
        words::composer::too_long(&length, &most)
    }
}
