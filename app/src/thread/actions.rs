//! What can be done with a message: other versions of it, copying, editing, going elsewhere.

use std::cell::OnceCell;

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{Element, Node};
use wick_protocol::{ClientMessage, MessageId, attached, thought};

use crate::dialogs::Dialogs;
use crate::page::{Page, page};
use crate::state::{Line, Notice};
use crate::ui::button::icon_button;
use crate::ui::erased::{memo, shown_while};
use crate::ui::icon::Drawing;
use crate::ui::piece::{Piece, made};
use crate::words;

/// A button under a message: the class that says what it does, what it is called, and its picture.
type Deed = (&'static str, fn() -> &'static str, Drawing);

const COPY: Deed = ("quiet round copies", words::thread::copy_message, Drawing::COPY);
const EDIT: Deed = ("quiet round edits", words::thread::edit_message, Drawing::PEN);
const AGAIN: Deed = ("quiet round asks", words::thread::write_again, Drawing::AGAIN);
const FORK: Deed = ("quiet round forks", words::thread::continue_in_new_chat, Drawing::FORK);
const ABOUT: Deed = ("quiet round tells", words::thread::more_about, Drawing::MORE);
const DELETE: Deed = ("quiet round deletes", words::thread::delete_message, Drawing::BIN);

/// What is under a message. Nothing of the buttons is watched: a long chat has thousands, so that they
/// are copies, and what they do comes from `answers`. The styles hide them while an answer is written.
pub(super) fn actions(id: MessageId, is_person: bool) -> AnyView {
    view! {
        <div class="tools">
            {versions(id)}
            <div class="deeds" use:put_buttons=is_person></div>
        </div>
    }
    .into_any()
}

#[expect(clippy::needless_pass_by_value, reason = "a directive gets its element so")]
fn put_buttons(place: Element, is_person: bool) {
    thread_local! {
        static MADE: [OnceCell<Node>; 2] = const { [const { OnceCell::new() }; 2] };
    }
    let deeds: &[Deed] =
        if is_person { &[COPY, EDIT, DELETE] } else { &[COPY, EDIT, AGAIN, FORK, ABOUT, DELETE] };
    MADE.with(|all| {
        let first = all[usize::from(is_person)]
            .get_or_init(|| made(&deeds.iter().map(piece).collect::<Vec<_>>()));
        if let Ok(copy) = first.clone_node_with_deep(true) {
            let _ = place.append_child(&copy);
        }
    });
}

fn piece((class, label, drawing): &Deed) -> Piece {
    let attributes =
        vec![("type", "button".into()), ("class", (*class).into()), ("aria-label", label().into())];
    Piece::new("button", attributes, vec![drawing.piece()])
}

/// Does what a button under a message does.
pub(crate) fn act(page: Page, dialogs: Dialogs, id: MessageId, button: &Element) {
    let class = button.class_name();
    let is = |deed: Deed| class == deed.0;
    let Some(line) = page.state.with_line(id, Line::clone) else { return };
    if is(COPY) {
        copy(page, line.text.with_untracked(|text| said(text, line.answer.is_none())));
    } else if is(EDIT) {
        line.is_edited.set(true);
    } else if is(AGAIN) {
        page.tell(ClientMessage::Again { message: id, times: 1 });
    } else if is(FORK) {
        page.tell(ClientMessage::Fork { message: id });
    } else if is(ABOUT) {
        dialogs.show_answer(id);
    } else if is(DELETE) {
        page.delete_message(id);
    }
}

/// Arrows between the versions of a message, where there are several.
fn versions(id: MessageId) -> AnyView {
    let page = page();
    let here = move |versions: &[MessageId]| versions.iter().position(|it| *it == id).unwrap_or(0);
    // Behind the last one comes the first.
    let walk = move |is_forward: bool| {
        move || {
            let versions = untrack(|| page.state.versions(id));
            let n = versions.len();
            let step = if is_forward { 1 } else { n.saturating_sub(1) };
            if let Some(&message) = versions.get((here(&versions) + step) % n.max(1)) {
                page.tell(ClientMessage::Walk { message });
            }
        }
    };
    shown_while(
        move || 1 < page.state.versions(id).len(),
        move || {
            let place = memo(move || {
                let versions = page.state.versions(id);
                format!("{} / {}", here(&versions) + 1, versions.len())
            });
            view! {
                <div class="versions" role="group" aria-label=words::thread::versions()>
                    {icon_button("quiet round", words::thread::version_before(), Drawing::BACK, walk(false))}
                    <span>{place}</span>
                    {icon_button("quiet round", words::thread::next_version(), Drawing::FORTH, walk(true))}
                </div>
            }
            .into_any()
        },
    )
}

/// What is said in a message, without a thought and without files, unless there is nothing else.
fn said(text: &str, is_person: bool) -> String {
    let said = if is_person { attached::split(text).0 } else { thought::parts(text).said };
    if said.is_empty() { text.to_owned() } else { said.to_owned() }
}

pub(super) fn copy(page: Page, text: String) {
    spawn_local(async move {
        let is_copied = crate::browser::copy(&text).await;
        let says = if is_copied { words::thread::copied() } else { words::thread::copy_refused() };
        page.state.news.tell(Notice::Said(says.into()));
    });
}
