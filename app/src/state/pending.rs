//! Messages that were sent and are not in the thread yet.
//!
//! A message stays here until the server has said that it is saved *and* it is on the screen,
//! so it neither vanishes for a moment nor stands there twice. What is not confirmed when the
//! connection breaks is sent again with the same key: to the server it is the same message.

use wick_protocol::{ChatId, ClientMessage, MessageId};

/// A message on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pending {
    /// Made once for each message.
    pub(crate) key: String,
    /// Where it is said; `None` begins a chat.
    pub(crate) chat: Option<ChatId>,
    /// What is said.
    pub(crate) text: String,
    /// Where in it.
    pub(super) spot: Spot,
    /// Whether the server has saved it.
    pub(crate) is_saved: bool,
    /// Whether it is in the thread already.
    pub(crate) is_seen: bool,
}

/// Where a message goes, besides its chat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Spot {
    /// Whether the chat that it begins is temporary.
    pub(super) is_temporary: bool,
    /// The instructions of the chat that it begins; `None` = those that new chats begin with.
    pub(super) instructions: Option<String>,
    /// The message of which it is another version; else it stands at the end.
    pub(super) beside: Option<MessageId>,
}

impl Pending {
    pub(super) fn new(key: String, chat: Option<ChatId>, text: String, spot: Spot) -> Self {
        Self { key, chat, text, spot, is_saved: false, is_seen: false }
    }

    pub(super) fn is_done(&self) -> bool {
        self.is_saved && self.is_seen
    }

    /// What the server has to hear.
    pub(crate) fn message(&self) -> ClientMessage {
        let (key, chat, text) = (self.key.clone(), self.chat, self.text.clone());
        let Spot { is_temporary, instructions, beside } = self.spot.clone();
        match beside {
            Some(message) => ClientMessage::Edit { key, message, text },
            None => ClientMessage::Say { key, chat, text, is_temporary, instructions },
        }
    }
}
