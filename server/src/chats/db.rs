//! The database: opened, brought to this version, and asked through methods that stand in the files
//! beside this one.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, OptionalExtension, params};
use rusqlite_migration::{M, MigrationDefinitionError, Migrations};
use serde::{Serialize, de::DeserializeOwned};
use wick_protocol::{AnswerState, ChatId, Message, MessageId};

use super::DbError;
use super::rows::{BEGUN, MESSAGES, json, message};

const MIGRATIONS: &[M<'static>] = &[
    M::up(include_str!("schema_1.sql")),
    M::up(include_str!("schema_2.sql")),
    M::up(include_str!("schema_3.sql")),
    M::up(include_str!("schema_4.sql")),
    M::up(include_str!("schema_5.sql")),
];

/// Pages that SQLite counts to (<https://sqlite.org/limits.html>, 13).
const MOST_PAGES: i64 = 4_294_967_294;

/// An open database, and beside it one in memory for temporary chats, once there is any.
pub struct Db {
    file: Connection,
    memory: Option<Connection>,
}

impl Db {
    /// Opens or makes the file, brings it to this version, and marks answers that were being
    /// written when Wick last ended. A file of an older version is copied first. It grows to `most` bytes.
    pub fn open(path: &Path, most: u64) -> Result<Db, DbError> {
        let mut file = Connection::open(path)?;
        back_up(&file, path)?;
        prepare(&mut file)?;
        limit(&file, most)?;
        let mut db = Db { file, memory: None };
        let tidied = db.purge(i64::MAX).and_then(|_| db.interrupt_all());
        match tidied {
            // What is there can be read.
            Err(DbError::ReadOnly | DbError::Full) | Ok(()) => Ok(db),
            Err(err) => Err(err),
        }
    }

    #[cfg(test)]
    pub(super) fn empty() -> Db {
        let mut file = Connection::open_in_memory().expect("memory is there");
        prepare(&mut file).expect("it is new");
        Db { file, memory: None }
    }

    /// What a person chose; `None` when nothing was, or in words of another version.
    pub fn setting<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, DbError> {
        let value: Option<String> = self
            .file
            .query_row("SELECT value FROM setting WHERE name = ?", [name], |row| row.get(0))
            .optional()?;
        Ok(value.and_then(|value| serde_json::from_str(&value).ok()))
    }

    /// Keeps what a person chose.
    pub fn set_setting<T: Serialize>(&mut self, name: &str, value: &T) -> Result<(), DbError> {
        self.file.execute(
            "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)",
            params![name, json(value)],
        )?;
        Ok(())
    }

    /// Where chats and messages with such an id are.
    pub(super) fn of(&self, id: i64) -> &Connection {
        let memory = self.memory.as_ref().filter(|_| ChatId(id).is_temporary());
        memory.unwrap_or(&self.file)
    }

    /// Where chats are kept that stay.
    pub(super) fn file(&self) -> &Connection {
        &self.file
    }

    /// Where temporary chats are.
    pub(super) fn memory(&mut self) -> Result<&Connection, DbError> {
        if self.memory.is_none() {
            let mut memory = Connection::open_in_memory()?;
            prepare(&mut memory)?;
            for table in ["chat", "message"] {
                memory.execute(
                    "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)",
                    params![table, ChatId::FIRST_TEMPORARY],
                )?;
            }
            self.memory = Some(memory);
        }
        self.memory.as_ref().ok_or(DbError::Gone)
    }

    /// All that there are.
    pub(super) fn all(&self) -> impl Iterator<Item = &Connection> {
        std::iter::once(&self.file).chain(&self.memory)
    }

    /// Runs a transaction where `id` is, which is on the disk when this returns, power cut
    /// included.
    pub(super) fn safely<T>(
        &self,
        id: i64,
        work: impl FnOnce(&Connection) -> Result<T, DbError>,
    ) -> Result<T, DbError> {
        let db = self.of(id);
        db.pragma_update(None, "synchronous", "FULL")?;
        let result = at_once(db, work);
        db.pragma_update(None, "synchronous", "NORMAL")?;
        result
    }

    /// Answers that nobody writes any more keep their text and can be continued.
    fn interrupt_all(&mut self) -> Result<(), DbError> {
        let live: Vec<Message> = {
            let mut query = self.file.prepare(&format!("{MESSAGES} WHERE state = ?"))?;
            query.query_map([json(&BEGUN)], message)?.collect::<Result<_, _>>()?
        };
        let reason = "Wick ended while this answer was being written".to_owned();
        let state = AnswerState::Interrupted { reason, offer: None };
        for answer in live {
            self.finish(answer.id, &answer.text, &state, None)?;
        }
        Ok(())
    }

    /// A message as it is saved.
    pub fn message(&self, id: MessageId) -> Result<Message, DbError> {
        super::rows::one_message(self.of(id.0), id)
    }
}

/// Does all of it or nothing.
pub(super) fn at_once<T>(
    db: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, DbError>,
) -> Result<T, DbError> {
    let transaction = db.unchecked_transaction()?;
    let done = work(&transaction)?;
    transaction.commit()?;
    Ok(done)
}

/// Settings, then the migrations.
/// A file that is larger already stays as large as it is.
fn limit(db: &Connection, most: u64) -> Result<(), DbError> {
    let page: i64 = db.pragma_query_value(None, "page_size", |row| row.get(0))?;
    let most = i64::try_from(most).unwrap_or(i64::MAX) / page;
    // It answers with what holds from now on.
    db.pragma_update_and_check(None, "max_page_count", most.min(MOST_PAGES), |_| Ok(()))?;
    Ok(())
}

fn prepare(db: &mut Connection) -> Result<(), DbError> {
    match db.pragma_update(None, "journal_mode", "WAL").map_err(DbError::from) {
        Err(DbError::ReadOnly) | Ok(()) => (),
        Err(err) => return Err(err),
    }
    db.pragma_update(None, "synchronous", "NORMAL")?;
    db.pragma_update(None, "foreign_keys", true)?;
    db.pragma_update(None, "trusted_schema", false)?;
    db.pragma_update(None, "cell_size_check", true)?;
    // A few MB are not worth keeping: the answers that are written are in memory anyway.
    db.pragma_update(None, "cache_size", -1024)?;
    db.busy_timeout(Duration::from_secs(5))?;
    Migrations::from_slice(MIGRATIONS).to_latest(db).map_err(|err| match err {
        rusqlite_migration::Error::MigrationDefinition(
            MigrationDefinitionError::DatabaseTooFarAhead,
        ) => DbError::TooNew,
        err => DbError::Other(err.to_string()),
    })
}

/// Copies a file that is about to be brought to this version, beside it and whole.
fn back_up(db: &Connection, path: &Path) -> Result<(), DbError> {
    let version: u32 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version == 0 || MIGRATIONS.len() <= version as usize {
        return Ok(());
    }
    let copy = path.with_extension(format!("version-{version}.db"));
    let unfinished = copy.with_extension("part");
    let _ = fs::remove_file(&unfinished);
    db.execute("VACUUM INTO ?", [unfinished.to_string_lossy()])?;
    let failed = |err: std::io::Error| DbError::Other(format!("they could not be copied: {err}"));
    fs::File::open(&unfinished).and_then(|it| it.sync_all()).map_err(failed)?;
    fs::rename(&unfinished, &copy).map_err(failed)?;
    tracing::info!("the chats as they were are in {}", copy.display());
    Ok(())
}

/// Milliseconds since 1970.
pub fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_millis() as i64)
}

#[cfg(test)]
mod tests;
