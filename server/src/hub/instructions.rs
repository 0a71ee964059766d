//! The hub's part about instructions: what the model is told before everything that is said in a
//! chat.

use wick_protocol::{ChatId, LONGEST_INSTRUCTIONS};

use super::news::News;
use super::{Hub, Refusal};

/// Instructions that a chat can have; of nothing but blanks nothing is left.
pub(super) struct Instructions(pub(super) String);

impl Instructions {
    pub(super) fn new(text: String) -> Result<Instructions, Refusal> {
        if LONGEST_INSTRUCTIONS < text.len() {
            return Err(Refusal(format!(
                "The instructions have {} bytes and up to {LONGEST_INSTRUCTIONS} can be kept. \
                 Shorten them",
                text.len()
            )));
        }
        Ok(Instructions(if text.trim().is_empty() { String::new() } else { text }))
    }
}

impl Hub {
    /// Tells the model this before everything that is said in a chat, from its next answer on.
    pub async fn set_instructions(&self, chat: ChatId, text: String) -> Result<(), Refusal> {
        let Instructions(text) = Instructions::new(text)?;
        self.save(move |db| db.set_instructions(chat, &text)).await?;
        self.news(News::Instructions(Some(chat)));
        Ok(())
    }

    /// The instructions of a chat; of a new one, those that it would begin with.
    pub async fn instructions(&self, chat: Option<ChatId>) -> String {
        self.0.store.with(move |db| db.instructions(chat)).await.unwrap_or_default()
    }
}
