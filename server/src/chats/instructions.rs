//! What the model is told before everything that is said in a chat.

use rusqlite::{Connection, OptionalExtension, params};
use wick_protocol::ChatId;

use super::{Db, DbError};

impl Db {
    /// The instructions of a chat; of a new one, those of the preset that new chats begin with.
    pub fn instructions(&self, chat: Option<ChatId>) -> Result<String, DbError> {
        match chat {
            Some(chat) => instructions(self.of(chat.0), chat),
            None => {
                let query = "SELECT instructions FROM preset WHERE is_default";
                let of_default = self.file().query_row(query, [], |row| row.get(0)).optional()?;
                Ok(of_default.unwrap_or_default())
            }
        }
    }

    /// Gives a chat other instructions. On the disk when this returns.
    pub fn set_instructions(&mut self, chat: ChatId, text: &str) -> Result<(), DbError> {
        self.safely(chat.0, |db| set_instructions(db, chat, text))
    }
}

pub(super) fn instructions(db: &Connection, chat: ChatId) -> Result<String, DbError> {
    let query = "SELECT instructions FROM chat WHERE id = ? AND deleted IS NULL";
    Ok(db.query_row(query, [chat.0], |row| row.get(0))?)
}

pub(super) fn set_instructions(db: &Connection, chat: ChatId, text: &str) -> Result<(), DbError> {
    let set = "UPDATE chat SET instructions = ?2 WHERE id = ?1 AND deleted IS NULL";
    if db.execute(set, params![chat.0, text])? == 0 { Err(DbError::Gone) } else { Ok(()) }
}
