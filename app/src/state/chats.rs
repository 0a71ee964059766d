//! The list of chats.

use std::collections::HashMap;

use leptos::prelude::*;
use wick_protocol::{Chat, ChatId, Place};

/// A line of the list. Its title changes alone.
#[derive(Clone, Debug)]
pub(crate) struct ChatLine {
    /// Names the chat.
    pub(crate) id: ChatId,
    /// What it is called.
    pub(crate) title: ArcRwSignal<String>,
    /// Where a person put it.
    pub(crate) place: Place,
    changed: i64,
}

impl ChatLine {
    pub(crate) fn new(chat: Chat) -> Self {
        let Chat { id, title, changed, place } = chat;
        Self { id, title: ArcRwSignal::new(title), place, changed }
    }
}

/// Makes the list equal to what the server has; lines that stay keep their signals.
pub(crate) fn replace(lines: RwSignal<Vec<ChatLine>>, chats: Vec<Chat>) {
    let old = lines.get_untracked();
    let mut old: HashMap<_, _> = old.into_iter().map(|line| (line.id, line)).collect();
    let mut new = Vec::with_capacity(chats.len());
    for chat in chats {
        let line = match old.remove(&chat.id) {
            Some(line) => updated(line, chat),
            None => ChatLine::new(chat),
        };
        // Nearly all come in their order.
        insert(&mut new, line);
    }
    lines.set(new);
}

/// A chat is new, or changed its title or its time. The list wakes only when its order changes.
pub(crate) fn change(lines: RwSignal<Vec<ChatLine>>, chat: Chat) {
    let mut new = lines.get_untracked();
    let order: Vec<_> = new.iter().map(|it| (it.id, it.place)).collect();
    let line = match new.iter().position(|it| it.id == chat.id) {
        Some(idx) => updated(new.remove(idx), chat),
        None => ChatLine::new(chat),
    };
    insert(&mut new, line);
    if new.iter().map(|it| (it.id, it.place)).eq(order) {
        lines.update_untracked(|lines| *lines = new);
    } else {
        lines.set(new);
    }
}

fn updated(mut line: ChatLine, chat: Chat) -> ChatLine {
    if *line.title.read_untracked() != chat.title {
        line.title.set(chat.title);
    }
    (line.changed, line.place) = (chat.changed, chat.place);
    line
}

/// Puts a line where it belongs: newest first.
fn insert(lines: &mut Vec<ChatLine>, line: ChatLine) {
    let idx = lines.partition_point(|it| (line.changed, line.id) < (it.changed, it.id));
    lines.insert(idx, line);
}
