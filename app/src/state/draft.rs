//! What is written but not sent: one text for each chat. The server keeps it too, and shows it on
//! other pages.

use leptos::prelude::*;
use wick_protocol::ChatId;

/// The text in the composer and those of the other chats.
#[derive(Clone, Copy)]
pub(crate) struct Drafts {
    /// What is in the composer.
    pub(crate) text: RwSignal<String>,
    /// What the server has of it, as far as this page knows.
    kept: StoredValue<String>,
    others: StoredValue<Vec<Other>>,
}

/// A chat that is not open, what was written for it, and what of that the server has.
type Other = (Option<ChatId>, String, String);

impl Drafts {
    pub(super) fn new() -> Self {
        let (text, kept) = (RwSignal::new(String::new()), StoredValue::new(String::new()));
        Self { text, kept, others: StoredValue::new(Vec::new()) }
    }

    /// Puts the text aside and takes up the other chat's.
    pub(super) fn go(self, from: Option<ChatId>, to: Option<ChatId>) {
        if from == to {
            return;
        }
        self.others.update_value(|others| {
            others.push((from, self.text.get_untracked(), self.kept.get_value()));
            let other = others.iter().position(|(chat, ..)| *chat == to);
            let (_, text, kept) = other.map(|idx| others.swap_remove(idx)).unwrap_or_default();
            self.kept.set_value(kept);
            self.text.set(text);
        });
    }

    /// The server has this. It is taken over unless something else was written meanwhile.
    pub(super) fn hear(self, draft: String) {
        let text = self.text.get_untracked();
        if text.is_empty() || text == self.kept.get_value() {
            self.text.set(draft.clone());
        }
        self.kept.set_value(draft);
    }

    /// The text became a message: the server lets go of it by itself.
    pub(super) fn sent(self) {
        self.kept.set_value(String::new());
    }

    /// What the server does not have yet; from here on it has.
    pub(crate) fn take_unkept(self) -> Option<String> {
        let text = self.text.get_untracked();
        let is_kept = self.kept.with_value(|kept| *kept == text);
        (!is_kept).then(|| {
            self.kept.set_value(text.clone());
            text
        })
    }

    /// Gives a text back, in front of what was written since.
    pub(super) fn give_back(self, text: &str) {
        self.text.update(|draft| *draft = joined(text, draft));
    }

    /// Gives a text back to a chat that is not open.
    pub(super) fn give_back_to(self, chat: Option<ChatId>, text: &str) {
        self.others.update_value(|others| match others.iter_mut().find(|it| it.0 == chat) {
            Some((_, draft, _)) => *draft = joined(text, draft),
            None => others.push((chat, text.to_owned(), String::new())),
        });
    }
}

fn joined(text: &str, draft: &str) -> String {
    if draft.is_empty() { text.to_owned() } else { format!("{text}\n\n{draft}") }
}
