//! The database: every question and every change, each one a method.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, ErrorCode, OptionalExtension, Row, params};
use rusqlite_migration::{M, Migrations};
use serde::{Serialize, de::DeserializeOwned};
use wick_protocol::{AnswerState, Author, Chat, ChatId, Message, MessageId, Stats};

/// Titles are the beginning of the first message, this long at most, in characters.
const TITLE_LENGTH: usize = 60;

/// The state that an answer has in the file until it has ended.
const BEGUN: AnswerState = AnswerState::Waiting { ahead: 0 };

const MIGRATIONS: &[M<'static>] = &[M::up(include_str!("schema.sql"))];

/// An open database.
pub struct Db(Connection);

/// Why the database did not do something. The messages are sentences for people.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// There is no room.
    #[error("The disk is full, so nothing can be saved. Make room: Wick goes on by itself")]
    Full,
    /// The chat or message does not exist (any more).
    #[error("It is not there any more")]
    Gone,
    /// Written by a newer Wick.
    #[error(
        "The chats were written by a newer version of Wick. Use that one, or another --data-dir"
    )]
    TooNew,
    /// Wick is ending.
    #[error("Wick is being closed")]
    Closed,
    /// Anything else.
    #[error("The chats can't be saved or read: {0}")]
    Other(String),
}

/// What became of a message that a person sent.
#[derive(Debug, PartialEq)]
pub enum Said {
    /// It is saved, with an answer that has no text yet.
    New(Box<NewTurn>),
    /// The same message came before.
    Before(ChatId),
}

/// A person's message and the answer to it.
#[derive(Debug, PartialEq)]
pub struct NewTurn {
    /// The chat, which may be new.
    pub chat: Chat,
    /// The person's message.
    pub message: Message,
    /// The answer to write.
    pub answer: Message,
}

/// An answer that can be continued.
#[derive(Debug, PartialEq)]
pub struct Unfinished {
    /// The answer as it stands, marked as waiting.
    pub answer: Message,
    /// What was said before it, oldest first.
    pub before: Vec<Message>,
}

impl Db {
    /// Opens or makes the file, brings it to this version, and marks answers that were being
    /// written when Wick last ended.
    pub fn open(path: &Path) -> Result<Db, DbError> {
        Self::prepare(Connection::open(path)?)
    }

    fn prepare(mut connection: Connection) -> Result<Db, DbError> {
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.pragma_update(None, "cell_size_check", true)?;
        // A few MB are not worth keeping: the answers that are written are in memory anyway.
        connection.pragma_update(None, "cache_size", -1024)?;
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        Migrations::from_slice(MIGRATIONS).to_latest(&mut connection).map_err(|err| match err {
            rusqlite_migration::Error::MigrationDefinition(
                rusqlite_migration::MigrationDefinitionError::DatabaseTooFarAhead,
            ) => DbError::TooNew,
            err => DbError::Other(err.to_string()),
        })?;
        let mut db = Db(connection);
        db.purge(i64::MAX)?;
        db.interrupt_all()?;
        Ok(db)
    }

    /// All chats, newest first.
    pub fn chats(&self) -> Result<Vec<Chat>, DbError> {
        let mut query = self.0.prepare_cached(
            "SELECT id, title, changed FROM chat WHERE deleted IS NULL ORDER BY changed DESC, id DESC",
        )?;
        let chats = query.query_map([], chat)?.collect::<Result<_, _>>()?;
        Ok(chats)
    }

    /// The messages of a chat, oldest first.
    pub fn thread(&self, chat: ChatId) -> Result<Vec<Message>, DbError> {
        self.chat(chat)?;
        let mut query = self.0.prepare_cached(&format!("{MESSAGES} WHERE chat = ? ORDER BY id"))?;
        let messages = query.query_map([chat.0], message)?.collect::<Result<_, _>>()?;
        Ok(messages)
    }

    /// Saves a person's message and makes room for the answer. On the disk when this returns.
    pub fn say(
        &mut self,
        key: &str,
        chat: Option<ChatId>,
        text: &str,
        model: &str,
    ) -> Result<Said, DbError> {
        if let Some(before) = self.chat_of_key(key)? {
            return Ok(Said::Before(before));
        }
        let now = now();
        self.safely(|db| {
            let chat = match chat {
                Some(chat) => chat,
                None => {
                    db.execute(
                        "INSERT INTO chat (title, created, changed) VALUES (?1, ?2, ?2)",
                        params![title(text), now],
                    )?;
                    ChatId(db.last_insert_rowid())
                }
            };
            let changed = db.execute(
                "UPDATE chat SET changed = ?2 WHERE id = ?1 AND deleted IS NULL",
                params![chat.0, now],
            )?;
            if changed == 0 {
                return Err(DbError::Gone);
            }
            let parent: Option<i64> =
                db.query_row("SELECT max(id) FROM message WHERE chat = ?", [chat.0], |row| {
                    row.get(0)
                })?;
            db.execute(
                "INSERT INTO message (chat, parent, author, text, sent, key)
                 VALUES (?, ?, 'person', ?, ?, ?)",
                params![chat.0, parent, text, now, key],
            )?;
            let person = MessageId(db.last_insert_rowid());
            db.execute(
                "INSERT INTO message (chat, parent, author, model, text, state, sent)
                 VALUES (?, ?, 'model', ?, '', ?, ?)",
                params![chat.0, person.0, model, json(&BEGUN), now],
            )?;
            let answer = MessageId(db.last_insert_rowid());
            Ok(Said::New(Box::new(NewTurn {
                chat: one_chat(db, chat)?,
                message: one_message(db, person)?,
                answer: one_message(db, answer)?,
            })))
        })
    }

    /// Adds to an answer that is being written. `at` is where, in bytes.
    pub fn append(&mut self, answer: MessageId, at: usize, text: &str) -> Result<(), DbError> {
        self.0
            .prepare_cached("INSERT OR REPLACE INTO piece (message, at, text) VALUES (?, ?, ?)")?
            .execute(params![answer.0, at as i64, text])?;
        Ok(())
    }

    /// An answer ended: its text is whole. On the disk when this returns. The answer to a chat
    /// that is gone is let go.
    pub fn finish(
        &mut self,
        answer: MessageId,
        text: &str,
        state: &AnswerState,
        stats: Option<&Stats>,
    ) -> Result<(), DbError> {
        self.safely(|db| {
            db.execute("DELETE FROM piece WHERE message = ?", [answer.0])?;
            db.execute(
                "UPDATE message SET text = ?2, state = ?3, stats = ?4 WHERE id = ?1",
                params![answer.0, text, json(state), stats.map(json)],
            )?;
            Ok(())
        })
    }

    /// Marks an answer that ended early as being written again, by `model`.
    pub fn resume(&mut self, answer: MessageId, model: &str) -> Result<Unfinished, DbError> {
        let found = one_message(&self.0, answer)?;
        let thread = self.thread(found.chat)?;
        let before: Vec<Message> =
            thread.into_iter().take_while(|message| message.id != answer).collect();
        self.0.execute(
            "UPDATE message SET state = ?2, stats = NULL, model = ?3 WHERE id = ?1",
            params![answer.0, json(&BEGUN), model],
        )?;
        Ok(Unfinished { answer: one_message(&self.0, answer)?, before })
    }

    /// A message as it is saved.
    pub fn message(&self, id: MessageId) -> Result<Message, DbError> {
        one_message(&self.0, id)
    }

    /// Gives a chat another title.
    pub fn rename(&mut self, chat: ChatId, title: &str) -> Result<Chat, DbError> {
        self.0.execute("UPDATE chat SET title = ?2 WHERE id = ?1", params![chat.0, title])?;
        self.chat(chat)
    }

    /// Takes a chat away, so that it can be restored.
    pub fn delete(&mut self, chat: ChatId) -> Result<(), DbError> {
        self.0.execute("UPDATE chat SET deleted = ?2 WHERE id = ?1", params![chat.0, now()])?;
        Ok(())
    }

    /// Brings a chat back that was taken away.
    pub fn restore(&mut self, chat: ChatId) -> Result<Chat, DbError> {
        self.0.execute("UPDATE chat SET deleted = NULL WHERE id = ?", [chat.0])?;
        self.chat(chat)
    }

    /// Removes for good what was taken away before this time, and tells what that was.
    pub fn purge(&mut self, before: i64) -> Result<Vec<ChatId>, DbError> {
        let mut purge = self.0.prepare("DELETE FROM chat WHERE deleted < ? RETURNING id")?;
        let gone = purge.query_map([before], |row| row.get(0).map(ChatId))?;
        Ok(gone.collect::<Result<_, _>>()?)
    }

    /// What a person chose; `None` when nothing was, or in words of another version.
    pub fn setting<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, DbError> {
        let value: Option<String> = self
            .0
            .query_row("SELECT value FROM setting WHERE name = ?", [name], |row| row.get(0))
            .optional()?;
        Ok(value.and_then(|value| serde_json::from_str(&value).ok()))
    }

    /// Keeps what a person chose.
    pub fn set_setting<T: Serialize>(&mut self, name: &str, value: &T) -> Result<(), DbError> {
        self.0.execute(
            "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)",
            params![name, json(value)],
        )?;
        Ok(())
    }

    fn chat(&self, id: ChatId) -> Result<Chat, DbError> {
        one_chat(&self.0, id)
    }

    fn chat_of_key(&self, key: &str) -> Result<Option<ChatId>, DbError> {
        let chat = self
            .0
            .query_row("SELECT chat FROM message WHERE key = ?", [key], |row| row.get(0))
            .optional()?;
        Ok(chat.map(ChatId))
    }

    /// Answers that nobody writes any more keep their text and can be continued.
    fn interrupt_all(&mut self) -> Result<(), DbError> {
        let live: Vec<Message> = {
            let mut query = self.0.prepare(&format!("{MESSAGES} WHERE state = ?"))?;
            query.query_map([json(&BEGUN)], message)?.collect::<Result<_, _>>()?
        };
        let reason = "Wick ended while this answer was being written".to_owned();
        let state = AnswerState::Interrupted { reason, offer: None };
        for answer in live {
            self.finish(answer.id, &answer.text, &state, None)?;
        }
        Ok(())
    }

    /// Runs a transaction that is on the disk when this returns, power cut included.
    fn safely<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> Result<T, DbError>,
    ) -> Result<T, DbError> {
        self.0.pragma_update(None, "synchronous", "FULL")?;
        let transaction = self.0.transaction()?;
        let result = work(&transaction).and_then(|it| Ok(transaction.commit().map(|()| it)?));
        self.0.pragma_update(None, "synchronous", "NORMAL")?;
        result
    }
}

/// A message's columns; the text of an answer that is being written is in pieces.
const MESSAGES: &str = "SELECT id, chat, author, model, state, stats, text || coalesce(
    (SELECT group_concat(text, '' ORDER BY at) FROM piece WHERE piece.message = message.id), '')
    FROM message";

fn one_message(db: &Connection, id: MessageId) -> Result<Message, DbError> {
    Ok(db.query_row(&format!("{MESSAGES} WHERE id = ?"), [id.0], message)?)
}

fn one_chat(db: &Connection, id: ChatId) -> Result<Chat, DbError> {
    let query = "SELECT id, title, changed FROM chat WHERE id = ? AND deleted IS NULL";
    Ok(db.query_row(query, [id.0], chat)?)
}

fn chat(row: &Row) -> rusqlite::Result<Chat> {
    Ok(Chat { id: ChatId(row.get(0)?), title: row.get(1)?, changed: row.get(2)? })
}

fn message(row: &Row) -> rusqlite::Result<Message> {
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

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn from_json<T: DeserializeOwned>(text: Option<String>) -> Option<T> {
    serde_json::from_str(&text?).ok()
}

/// The first line of a message, cut at a word.
fn title(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("New chat");
    if line.chars().count() <= TITLE_LENGTH {
        return line.to_owned();
    }
    let cut: String = line.chars().take(TITLE_LENGTH - 1).collect();
    let at_word = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words.trim_end());
    format!("{at_word}…")
}

/// Milliseconds since 1970.
pub fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_millis() as i64)
}

impl From<rusqlite::Error> for DbError {
    fn from(err: rusqlite::Error) -> Self {
        match err {
            rusqlite::Error::QueryReturnedNoRows => Self::Gone,
            err if err.sqlite_error_code() == Some(ErrorCode::DiskFull) => Self::Full,
            err => Self::Other(err.to_string()),
        }
    }
}

#[cfg(test)]
#[path = "db_tests.rs"]
mod tests;
