//! What is written but not sent: one text for each chat, and the files that are attached to it. The
//! server keeps the text too, and shows it on other pages; the files are on this page only.

use leptos::prelude::*;
use wick_protocol::{ChatId, attached};

/// The text in the composer and those of the other chats.
#[derive(Clone, Copy)]
pub(crate) struct Drafts {
    /// What is in the composer.
    pub(crate) text: RwSignal<String>,
    /// What is attached to it, as it will stand in the message.
    pub(crate) attached: RwSignal<String>,
    /// Whether a file is being read that will be attached to it.
    pub(crate) is_reading: RwSignal<bool>,
    /// What the server has of the text, as far as this page knows.
    kept: StoredValue<String>,
    others: StoredValue<Vec<Other>>,
}

/// What was written for a chat that is not open.
struct Other {
    chat: Option<ChatId>,
    text: String,
    attached: String,
    kept: String,
}

impl Drafts {
    pub(super) fn new() -> Self {
        let empty = || RwSignal::new(String::new());
        Self {
            text: empty(),
            attached: empty(),
            is_reading: RwSignal::new(false),
            kept: StoredValue::new(String::new()),
            others: StoredValue::new(Vec::new()),
        }
    }

    /// Puts the text aside and takes up the other chat's.
    pub(super) fn go(self, from: Option<ChatId>, to: Option<ChatId>) {
        if from == to {
            return;
        }
        self.others.update_value(|others| {
            let (text, attached) = (self.text.get_untracked(), self.attached.get_untracked());
            others.push(Other { chat: from, text, attached, kept: self.kept.get_value() });
            let other = others.iter().position(|it| it.chat == to);
            let other = other.map_or_else(|| Other::new(to), |idx| others.swap_remove(idx));
            self.kept.set_value(other.kept);
            self.attached.set(other.attached);
            self.text.set(other.text);
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

    /// All of it, as one text.
    pub(crate) fn whole(self) -> String {
        self.attached.with_untracked(|it| attached::joined(&self.text.read_untracked(), it))
    }

    /// How long it is at most, in bytes.
    pub(crate) fn length(self) -> usize {
        let text = self.text.with(|text| sent(text));
        match self.attached.with(|attached| sent(attached)) {
            0 => text,
            attached => text + 2 + attached,
        }
    }

    /// Takes the message out of the composer.
    pub(crate) fn take(self) -> String {
        self.text.update(|text| *text = text.trim().to_owned());
        let message = self.whole();
        self.attached.set(String::new());
        self.text.set(String::new());
        message
    }

    /// Gives a message back, in front of what was written since.
    pub(crate) fn give_back(self, message: &str) {
        let (said, files) = attached::split(message);
        self.attached.update(|it| *it = attached::joined(files, it));
        self.text.update(|text| *text = attached::joined(said, text));
    }

    /// Gives a message back to a chat that is not open.
    pub(super) fn give_back_to(self, chat: Option<ChatId>, message: &str) {
        let (said, files) = attached::split(message);
        self.with_other(chat, |other| {
            other.attached = attached::joined(files, &other.attached);
            other.text = attached::joined(said, &other.text);
        });
    }

    /// Attaches a file behind the others.
    pub(crate) fn attach(self, file: &str) {
        self.attached.update(|it| *it = attached::with_file(it, file));
    }

    /// The same for a chat that is not open.
    pub(crate) fn attach_to(self, chat: Option<ChatId>, file: &str) {
        self.with_other(chat, |it| it.attached = attached::with_file(&it.attached, file));
    }

    fn with_other(self, chat: Option<ChatId>, change: impl FnOnce(&mut Other)) {
        self.others.update_value(|others| {
            let idx = others.iter().position(|it| it.chat == chat).unwrap_or_else(|| {
                others.push(Other::new(chat));
                others.len() - 1
            });
            change(&mut others[idx]);
        });
    }
}

impl Other {
    fn new(chat: Option<ChatId>) -> Self {
        Self { chat, text: String::new(), attached: String::new(), kept: String::new() }
    }
}

/// Bytes of a text: its own, or half of what travels, where much of it has to be escaped.
fn sent(text: &str) -> usize {
    let escaped = |byte| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' => 2,
        0..b' ' => 6,
        _ => 1,
    };
    // Around it comes a little more.
    text.len().max(128 + text.bytes().map(escaped).sum::<usize>() / 2)
}
