//! What is written but not sent: one text for each chat, kept while another one is open.

use leptos::prelude::*;
use wick_protocol::ChatId;

/// The text in the composer and those of the other chats.
#[derive(Clone, Copy)]
pub(crate) struct Drafts {
    /// What is in the composer.
    pub(crate) text: RwSignal<String>,
    others: StoredValue<Vec<(Option<ChatId>, String)>>,
}

impl Drafts {
    pub(super) fn new() -> Self {
        Self { text: RwSignal::new(String::new()), others: StoredValue::new(Vec::new()) }
    }

    /// Puts the text aside and takes up the other chat's.
    pub(super) fn go(self, from: Option<ChatId>, to: Option<ChatId>) {
        if from == to {
            return;
        }
        self.others.update_value(|others| {
            others.push((from, self.text.get_untracked()));
            let kept = others.iter().position(|(chat, _)| *chat == to);
            self.text.set(kept.map(|idx| others.swap_remove(idx).1).unwrap_or_default());
        });
    }

    /// Gives a text back, in front of what was written since.
    pub(super) fn give_back(self, text: &str) {
        self.text.update(|draft| *draft = joined(text, draft));
    }

    /// Gives a text back to a chat that is not open.
    pub(super) fn give_back_to(self, chat: Option<ChatId>, text: &str) {
        self.others.update_value(|others| match others.iter_mut().find(|(it, _)| *it == chat) {
            Some((_, draft)) => *draft = joined(text, draft),
            None => others.push((chat, text.to_owned())),
        });
    }
}

fn joined(text: &str, draft: &str) -> String {
    if draft.is_empty() { text.to_owned() } else { format!("{text}\n\n{draft}") }
}
