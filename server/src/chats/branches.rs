//! The tree of a chat in the database: what is shown of it, walked, taken away, copied.

use rusqlite::{Connection, params};
use wick_protocol::{Chat, ChatId, Fork, Message, MessageId};

use super::DbError;
use super::db::{Db, now};
use super::list;
use super::rows::{MESSAGES, message, one_chat, one_message, parent};
use super::tree::{Node, Tree};

/// What is shown of a chat.
#[derive(Debug, Default, PartialEq)]
pub struct Thread {
    /// Oldest first.
    pub messages: Vec<Message>,
    /// Where there are other versions.
    pub forks: Vec<Fork>,
}

impl Thread {
    /// What follows this message; all of it when that is none of it.
    pub fn after(mut self, message: Option<MessageId>) -> (Option<MessageId>, Thread) {
        let idx = self.messages.iter().position(|it| Some(it.id) == message);
        let Some(idx) = idx else { return (None, self) };
        self.messages.drain(..=idx);
        let stays = |it: &Fork| self.messages.iter().any(|message| message.id == it.message);
        self.forks.retain(stays);
        (message, self)
    }
}

impl Db {
    /// What is shown of a chat.
    pub fn thread(&self, chat: ChatId) -> Result<Thread, DbError> {
        let db = self.of(chat.0);
        one_chat(db, chat)?;
        let tree = tree(db, chat)?;
        let path = tree.path();
        Ok(Thread { messages: messages(db, &path)?, forks: tree.forks(&path) })
    }

    /// All versions of a message, oldest first.
    pub fn versions(&self, of: MessageId) -> Result<Vec<Message>, DbError> {
        let db = self.of(of.0);
        let (chat, parent) = (one_message(db, of)?.chat, parent(db, of)?);
        let query =
            format!("{MESSAGES} WHERE chat = ? AND parent IS ? AND deleted IS NULL ORDER BY id");
        let mut all = db.prepare(&query)?;
        let all = all.query_map(params![chat.0, parent.map(|it| it.0)], message)?;
        Ok(all.collect::<Result<_, _>>()?)
    }

    /// Shows this message and what followed it last. Gives its chat.
    pub fn walk(&mut self, message: MessageId) -> Result<ChatId, DbError> {
        self.safely(message.0, |db| {
            let chat = one_message(db, message)?.chat;
            walk(db, chat, message)?;
            Ok(chat)
        })
    }

    /// Takes a message away with all that follows it, so that it can be restored.
    pub fn delete_message(&mut self, message: MessageId) -> Result<Vec<MessageId>, DbError> {
        let now = now();
        self.safely(message.0, |db| {
            let chat = one_message(db, message)?.chat;
            let gone = tree(db, chat)?.under(message);
            db.execute(
                "UPDATE message SET deleted = ? WHERE id IN (SELECT value FROM json_each(?))",
                params![now, list_of(&gone)],
            )?;
            Ok(gone)
        })
    }

    /// Brings back a message that was taken away, with what followed it, and shows it.
    pub fn restore_message(&mut self, message: MessageId) -> Result<ChatId, DbError> {
        self.safely(message.0, |db| {
            let chat = one_message(db, message)?.chat;
            let when: Option<i64> =
                db.query_row("SELECT deleted FROM message WHERE id = ?", [message.0], |row| {
                    row.get(0)
                })?;
            let restored = db.execute(
                "UPDATE message SET deleted = NULL WHERE chat = ? AND deleted = ?",
                params![chat.0, when],
            )?;
            if 0 < restored {
                walk(db, chat, message)?;
            }
            Ok(chat)
        })
    }

    /// Begins another chat with what was said up to this message.
    pub fn fork(&mut self, message: MessageId) -> Result<Chat, DbError> {
        let now = now();
        self.safely(message.0, |db| {
            let chat = one_message(db, message)?.chat;
            let said = said_before(db, chat, message)?;
            let fork = list::copy(db, chat, now)?;
            let mut parent = None;
            for (message, walked) in said.into_iter().zip(1..) {
                db.execute(
                    "INSERT INTO message (chat, parent, author, model, text, state, stats, sent, walked)
                     SELECT ?2, ?3, author, model, ?4, state, stats, sent, ?5 FROM message WHERE id = ?1",
                    params![message.id.0, fork.0, parent, message.text, walked],
                )?;
                parent = Some(db.last_insert_rowid());
            }
            one_chat(db, fork)
        })
    }
}

/// The tree of a chat.
pub(super) fn tree(db: &Connection, chat: ChatId) -> Result<Tree, DbError> {
    let mut query = db.prepare_cached(
        "SELECT id, parent, walked FROM message WHERE chat = ? AND deleted IS NULL ORDER BY id",
    )?;
    let nodes = query.query_map([chat.0], |row| {
        let parent = row.get::<_, Option<i64>>(1)?.map(MessageId);
        Ok(Node { id: MessageId(row.get(0)?), parent, walked: row.get(2)? })
    })?;
    Ok(Tree::new(nodes.collect::<Result<Vec<_>, _>>()?))
}

/// Shows this message, and so all that leads to it.
pub(super) fn walk(db: &Connection, chat: ChatId, message: MessageId) -> Result<(), DbError> {
    let path = tree(db, chat)?.path_to(message);
    db.execute(
        "UPDATE message SET walked = (SELECT max(walked) + 1 FROM message WHERE chat = ?1)
         WHERE id IN (SELECT value FROM json_each(?2))",
        params![chat.0, list_of(&path)],
    )?;
    Ok(())
}

/// What leads to a message, oldest first, itself included.
pub(super) fn said_before(
    db: &Connection,
    chat: ChatId,
    message: MessageId,
) -> Result<Vec<Message>, DbError> {
    messages(db, &tree(db, chat)?.path_to(message))
}

fn messages(db: &Connection, ids: &[MessageId]) -> Result<Vec<Message>, DbError> {
    let query = format!("{MESSAGES} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id");
    let mut query = db.prepare_cached(&query)?;
    Ok(query.query_map([list_of(ids)], message)?.collect::<Result<_, _>>()?)
}

/// Ids as SQLite takes a list of them.
fn list_of(ids: &[MessageId]) -> String {
    super::rows::json(&ids)
}
