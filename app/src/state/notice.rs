//! What a person should hear of and may act on, for a while.

use leptos::prelude::*;
use wick_protocol::{ChatId, MessageId};

/// One piece of news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// A sentence.
    Said(String),
    /// A chat was taken away, and can be brought back.
    Deleted {
        /// Which.
        chat: ChatId,
        /// What it was called.
        title: String,
        /// Whether it was on the screen.
        was_open: bool,
    },
    /// A long answer is done, and next time the system could say so.
    MayTell,
    /// A message was taken away with what follows it, and can be brought back.
    MessageDeleted(MessageId),
}

/// The news on the screen, oldest first, each with a number that names it.
#[derive(Clone, Copy)]
pub(crate) struct News {
    list: RwSignal<Vec<(usize, Notice)>>,
    n_told: StoredValue<usize>,
}

impl News {
    pub(super) fn new() -> Self {
        Self { list: RwSignal::new(Vec::new()), n_told: StoredValue::new(0) }
    }

    /// What is on the screen.
    pub(crate) fn list(self) -> ReadSignal<Vec<(usize, Notice)>> {
        self.list.read_only()
    }

    /// Says something. What is said already is not said twice.
    pub(crate) fn tell(self, notice: Notice) {
        if self.list.with_untracked(|list| list.iter().any(|(_, it)| *it == notice)) {
            return;
        }
        let number = self.n_told.get_value();
        self.n_told.set_value(number + 1);
        self.list.update(|list| list.push((number, notice)));
    }

    /// Takes one away.
    pub(crate) fn drop(self, number: usize) {
        self.list.update(|list| list.retain(|(it, _)| *it != number));
    }
}
