//! The list of chats.

use leptos::prelude::*;
use wick_protocol::{Chat, ChatId};

/// A line of the list. Its title changes alone.
#[derive(Clone, Debug)]
pub(crate) struct ChatLine {
    /// Names the chat.
    pub(crate) id: ChatId,
    /// What it is called.
    pub(crate) title: ArcRwSignal<String>,
    changed: i64,
}

impl ChatLine {
    fn new(chat: Chat) -> Self {
        Self { id: chat.id, title: ArcRwSignal::new(chat.title), changed: chat.changed }
    }
}

/// Makes the list equal to what the server has; lines that stay keep their signals.
pub(crate) fn replace(lines: RwSignal<Vec<ChatLine>>, chats: Vec<Chat>) {
    let mut old = lines.get_untracked();
    let mut new = Vec::new();
    for chat in chats {
        let line = match old.iter().position(|it| it.id == chat.id) {
            Some(idx) => updated(old.swap_remove(idx), chat),
            None => ChatLine::new(chat),
        };
        insert(&mut new, line);
    }
    lines.set(new);
}

/// A chat is new, or changed its title or its time. The list wakes only when its order changes.
pub(crate) fn change(lines: RwSignal<Vec<ChatLine>>, chat: Chat) {
    let mut new = lines.get_untracked();
    let order: Vec<_> = new.iter().map(|it| it.id).collect();
    let line = match new.iter().position(|it| it.id == chat.id) {
        Some(idx) => updated(new.remove(idx), chat),
        None => ChatLine::new(chat),
    };
    insert(&mut new, line);
    if new.iter().map(|it| it.id).eq(order) {
        lines.update_untracked(|lines| *lines = new);
    } else {
        lines.set(new);
    }
}

fn updated(mut line: ChatLine, chat: Chat) -> ChatLine {
    if *line.title.read_untracked() != chat.title {
        line.title.set(chat.title);
    }
    line.changed = chat.changed;
    line
}

/// Puts a line where it belongs: newest first.
fn insert(lines: &mut Vec<ChatLine>, line: ChatLine) {
    let idx = lines.partition_point(|it| (line.changed, line.id) < (it.changed, it.id));
    lines.insert(idx, line);
}
