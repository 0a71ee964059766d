//! Rows of the database as the rest of Wick knows them.

use rusqlite::{Connection, OptionalExtension, Row};
use serde::{Serialize, de::DeserializeOwned};
use wick_protocol::{AnswerState, Author, Chat, ChatId, FolderId, Message, MessageId, Place};

use super::DbError;

/// The state that an answer has in the file until it has ended.
pub(super) const BEGUN: AnswerState = AnswerState::Waiting { ahead: 0 };

/// A message's columns; the text of an answer that is being written is in pieces.
pub(super) const MESSAGES: &str = "SELECT id, chat, author, model, state, stats, text || coalesce(
    (SELECT group_concat(text, '' ORDER BY at) FROM piece WHERE piece.message = message.id), '')
    FROM message";

/// A chat's columns.
pub(super) const CHATS: &str = "SELECT id, title, changed, pinned, archived, folder FROM chat";

pub(super) fn one_message(db: &Connection, id: MessageId) -> Result<Message, DbError> {
    Ok(db.query_row(&format!("{MESSAGES} WHERE id = ?"), [id.0], message)?)
}

pub(super) fn one_chat(db: &Connection, id: ChatId) -> Result<Chat, DbError> {
    Ok(db.query_row(&format!("{CHATS} WHERE id = ? AND deleted IS NULL"), [id.0], chat)?)
}

/// What a message follows; `None` for the first ones of a chat.
pub(super) fn parent(db: &Connection, id: MessageId) -> Result<Option<MessageId>, DbError> {
    let query = "SELECT parent FROM message WHERE id = ? AND deleted IS NULL";
    let parent: Option<i64> = db.query_row(query, [id.0], |row| row.get(0))?;
    Ok(parent.map(MessageId))
}

/// The chat that a message with this key was said in.
pub(super) fn chat_of_key(db: &Connection, key: &str) -> Result<Option<ChatId>, DbError> {
    let query =
        "SELECT chat FROM message WHERE key = ?1 UNION SELECT chat FROM queued WHERE key = ?1";
    let chat = db.query_row(query, [key], |row| row.get(0)).optional()?;
    Ok(chat.map(ChatId))
}

pub(super) fn chat(row: &Row) -> rusqlite::Result<Chat> {
    Ok(Chat {
        id: ChatId(row.get(0)?),
        title: row.get(1)?,
        changed: row.get(2)?,
        place: Place {
            is_pinned: row.get(3)?,
            is_archived: row.get(4)?,
            folder: row.get::<_, Option<i64>>(5)?.map(FolderId),
        },
    })
}

pub(super) fn message(row: &Row) -> rusqlite::Result<Message> {
    let author = match row.get_ref(2)?.as_str()? {
        "person" => Author::Person,
        _ => Author::Model {
            name: row.get::<_, Option<String>>(3)?.unwrap_or_default(),
            state: from_json(row.get(4)?).unwrap_or(AnswerState::Interrupted {
                reason: "How this answer ended was written by another version of Wick".into(),
                offer: None,
            }),
            stats: from_json(row.get(5)?),
        },
    };
    Ok(Message { id: MessageId(row.get(0)?), chat: ChatId(row.get(1)?), author, text: row.get(6)? })
}

pub(super) fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

pub(super) fn from_json<T: DeserializeOwned>(text: Option<String>) -> Option<T> {
    serde_json::from_str(&text?).ok()
}
