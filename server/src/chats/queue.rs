//! What waits: messages until an answer has ended, and drafts until they are sent.

use rusqlite::{OptionalExtension, params};
use wick_protocol::{ChatId, Queued};

use super::rows::{chat_of_key, one_chat};
use super::talk::{NewTurn, Spot};
use super::{Db, DbError};

/// Messages that may wait in one chat.
const MOST_QUEUED: usize = 32;

impl Db {
    /// Keeps a message until its turn; false when too many wait already. The same message twice
    /// is one message.
    pub fn queue(&mut self, key: &str, chat: ChatId, text: &str) -> Result<bool, DbError> {
        let n_waiting = self.queued(chat)?.len();
        self.safely(chat.0, |db| {
            if chat_of_key(db, key)?.is_some() {
                return Ok(true);
            }
            one_chat(db, chat)?;
            if MOST_QUEUED <= n_waiting {
                return Ok(false);
            }
            let queue = "INSERT INTO queued (key, chat, text) VALUES (?, ?, ?)";
            db.execute(queue, params![key, chat.0, text])?;
            Ok(true)
        })
    }

    /// What waits in a chat, the next one first.
    pub fn queued(&self, chat: ChatId) -> Result<Vec<Queued>, DbError> {
        let query = "SELECT key, text FROM queued WHERE chat = ? ORDER BY rowid";
        let mut query = self.of(chat.0).prepare_cached(query)?;
        let queued =
            query.query_map([chat.0], |row| Ok(Queued { key: row.get(0)?, text: row.get(1)? }))?;
        Ok(queued.collect::<Result<_, _>>()?)
    }

    /// Changes a message that waits; `None` takes it back.
    pub fn change_queued(
        &mut self,
        chat: ChatId,
        key: &str,
        text: Option<&str>,
    ) -> Result<(), DbError> {
        let db = self.of(chat.0);
        let changed = match text {
            Some(text) => db.execute(
                "UPDATE queued SET text = ?3 WHERE chat = ?1 AND key = ?2",
                params![chat.0, key, text],
            )?,
            None => {
                db.execute("DELETE FROM queued WHERE chat = ? AND key = ?", params![chat.0, key])?
            }
        };
        if changed == 0 { Err(DbError::Gone) } else { Ok(()) }
    }

    /// Says the message that waits first, where one does.
    pub fn say_queued(
        &mut self,
        chat: ChatId,
        model: &str,
    ) -> Result<Option<Box<NewTurn>>, DbError> {
        let Some(Queued { key, text }) = self.queued(chat)?.into_iter().next() else {
            return Ok(None);
        };
        self.say_new(&key, Spot::End(chat), &text, model).map(Some)
    }

    /// What was written for a chat, or for a new one, and not sent.
    pub fn draft(&self, chat: Option<ChatId>) -> Result<String, DbError> {
        let id = chat.map_or(0, |it| it.0);
        let query = "SELECT text FROM draft WHERE chat = ?";
        let draft = self.of(id).query_row(query, [id], |row| row.get(0)).optional()?;
        Ok(draft.unwrap_or_default())
    }

    /// Keeps it. Of a chat that does not exist nothing is kept.
    pub fn set_draft(&mut self, chat: Option<ChatId>, text: &str) -> Result<(), DbError> {
        let id = chat.map_or(0, |it| it.0);
        let db = self.of(id);
        if let Some(chat) = chat {
            one_chat(db, chat)?;
        }
        if text.is_empty() {
            db.execute("DELETE FROM draft WHERE chat = ?", [id])?;
        } else {
            let draft = "INSERT OR REPLACE INTO draft (chat, text) VALUES (?, ?)";
            db.prepare_cached(draft)?.execute(params![id, text])?;
        }
        Ok(())
    }
}
