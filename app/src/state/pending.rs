//! Messages that were sent and are not in the thread yet.
//!
//! A message stays here until the server has said that it is saved *and* it is on the screen,
//! so it neither vanishes for a moment nor stands there twice. What is not confirmed when the
//! connection breaks is sent again with the same key: to the server it is the same message.

use wick_protocol::{ChatId, ClientMessage};

/// A message on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pending {
    /// Made once for each message.
    pub(crate) key: String,
    /// Where it is said; `None` begins a chat.
    pub(crate) chat: Option<ChatId>,
    /// What is said.
    pub(crate) text: String,
    /// Whether the server has saved it.
    pub(crate) is_saved: bool,
    /// Whether it is in the thread already.
    pub(crate) is_seen: bool,
}

impl Pending {
    pub(super) fn new(key: String, chat: Option<ChatId>, text: String) -> Self {
        Self { key, chat, text, is_saved: false, is_seen: false }
    }

    pub(super) fn is_done(&self) -> bool {
        self.is_saved && self.is_seen
    }

    /// What the server has to hear.
    pub(crate) fn message(&self) -> ClientMessage {
        ClientMessage::Say { key: self.key.clone(), chat: self.chat, text: self.text.clone() }
    }
}
