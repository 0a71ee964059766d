//! The list of chats: titles, folders, the archive, what was taken away.

use rusqlite::{Connection, params};
use wick_protocol::{Chat, ChatId, Folder, FolderId, Place, attached};

use super::DbError;
use super::db::{Db, at_once, now};
use super::rows::{CHATS, chat, one_chat};

/// Titles are the beginning of the first message, this long at most, in characters.
const TITLE_LENGTH: usize = 60;

impl Db {
    /// All chats that stay, newest first.
    pub fn chats(&self) -> Result<Vec<Chat>, DbError> {
        let query = format!("{CHATS} WHERE deleted IS NULL ORDER BY changed DESC, id DESC");
        let mut query = self.file().prepare_cached(&query)?;
        let chats = query.query_map([], chat)?.collect::<Result<_, _>>()?;
        Ok(chats)
    }

    /// One of them.
    pub fn chat(&self, id: ChatId) -> Result<Chat, DbError> {
        one_chat(self.of(id.0), id)
    }

    /// Gives a chat another title.
    pub fn rename(&mut self, chat: ChatId, title: &str) -> Result<Chat, DbError> {
        let name = "UPDATE chat SET title = ?2, named = 1 WHERE id = ?1";
        self.of(chat.0).execute(name, params![chat.0, title])?;
        self.chat(chat)
    }

    /// Whether nobody has named the chat: its title is how it begins.
    pub fn is_unnamed(&self, chat: ChatId) -> Result<bool, DbError> {
        let query = "SELECT NOT named FROM chat WHERE id = ? AND deleted IS NULL";
        Ok(self.of(chat.0).query_row(query, [chat.0], |row| row.get(0))?)
    }

    /// Puts a chat elsewhere in the list.
    pub fn arrange(&mut self, chat: ChatId, place: Place) -> Result<Chat, DbError> {
        let Place { is_pinned, is_archived, folder } = place;
        self.of(chat.0).execute(
            "UPDATE chat SET pinned = ?2, archived = ?3,
                 folder = (SELECT id FROM folder WHERE id = ?4)
             WHERE id = ?1",
            params![chat.0, is_pinned, is_archived, folder.map(|it| it.0)],
        )?;
        self.chat(chat)
    }

    /// All folders, by name.
    pub fn folders(&self) -> Result<Vec<Folder>, DbError> {
        let query = "SELECT id, name FROM folder ORDER BY name COLLATE NOCASE, id";
        let mut query = self.file().prepare_cached(query)?;
        let folder = query
            .query_map([], |row| Ok(Folder { id: FolderId(row.get(0)?), name: row.get(1)? }))?;
        Ok(folder.collect::<Result<_, _>>()?)
    }

    /// Makes a folder, or gives one another name, and puts a chat into it. Gives the chat.
    pub fn name_folder(
        &mut self,
        folder: Option<FolderId>,
        name: &str,
        chat: Option<ChatId>,
    ) -> Result<Option<Chat>, DbError> {
        at_once(self.file(), |db| {
            let folder = match folder {
                None => {
                    db.execute("INSERT INTO folder (name) VALUES (?)", [name])?;
                    db.last_insert_rowid()
                }
                Some(FolderId(id)) => {
                    let name = params![id, name];
                    if db.execute("UPDATE folder SET name = ?2 WHERE id = ?1", name)? == 0 {
                        return Err(DbError::Gone);
                    }
                    id
                }
            };
            let Some(chat) = chat else { return Ok(None) };
            db.execute("UPDATE chat SET folder = ?2 WHERE id = ?1", params![chat.0, folder])?;
            one_chat(db, chat).map(Some)
        })
    }

    /// Takes a folder away and gives the chats that were in it.
    pub fn delete_folder(&mut self, folder: FolderId) -> Result<Vec<Chat>, DbError> {
        at_once(self.file(), |db| {
            let query = format!("{CHATS} WHERE folder = ? AND deleted IS NULL");
            let mut chats: Vec<Chat> =
                db.prepare(&query)?.query_map([folder.0], chat)?.collect::<Result<_, _>>()?;
            db.execute("DELETE FROM folder WHERE id = ?", [folder.0])?;
            for chat in &mut chats {
                chat.place.folder = None;
            }
            Ok(chats)
        })
    }

    /// Takes a chat away, so that it can be restored.
    pub fn delete(&mut self, chat: ChatId) -> Result<(), DbError> {
        let delete = "UPDATE chat SET deleted = ?2 WHERE id = ?1";
        self.of(chat.0).execute(delete, params![chat.0, now()])?;
        Ok(())
    }

    /// Brings a chat back that was taken away.
    pub fn restore(&mut self, chat: ChatId) -> Result<Chat, DbError> {
        self.of(chat.0).execute("UPDATE chat SET deleted = NULL WHERE id = ?", [chat.0])?;
        self.chat(chat)
    }

    /// Removes a chat for good, at once.
    pub fn drop_chat(&mut self, chat: ChatId) -> Result<(), DbError> {
        self.of(chat.0).execute("DELETE FROM chat WHERE id = ?", [chat.0])?;
        Ok(())
    }

    /// Removes for good what was taken away before this time, and tells which chats that were.
    pub fn purge(&mut self, before: i64) -> Result<Vec<ChatId>, DbError> {
        let mut chats = Vec::new();
        for db in self.all() {
            db.execute("DELETE FROM message WHERE deleted < ?", [before])?;
            let mut purge = db.prepare("DELETE FROM chat WHERE deleted < ? RETURNING id")?;
            let gone = purge.query_map([before], |row| row.get(0).map(ChatId))?;
            chats.extend(gone.collect::<Result<Vec<_>, _>>()?);
        }
        Ok(chats)
    }
}

/// Begins a chat with this message.
pub(super) fn begin(db: &Connection, text: &str, now: i64) -> Result<ChatId, DbError> {
    db.execute(
        "INSERT INTO chat (title, created, changed, named) VALUES (?1, ?2, ?2, 0)",
        params![title(text), now],
    )?;
    Ok(ChatId(db.last_insert_rowid()))
}

/// Begins a chat that is called like another one, has its instructions and stands beside it.
pub(super) fn copy(db: &Connection, chat: ChatId, now: i64) -> Result<ChatId, DbError> {
    db.execute(
        "INSERT INTO chat (title, created, changed, folder, named, instructions)
         SELECT title, ?2, ?2, folder, named, instructions FROM chat WHERE id = ?1",
        params![chat.0, now],
    )?;
    Ok(ChatId(db.last_insert_rowid()))
}

/// Something was said in the chat.
pub(super) fn touch(db: &Connection, chat: ChatId, now: i64) -> Result<(), DbError> {
    let touch = "UPDATE chat SET changed = ?2, archived = 0 WHERE id = ?1 AND deleted IS NULL";
    match db.execute(touch, params![chat.0, now])? {
        0 => Err(DbError::Gone),
        _ => Ok(()),
    }
}

/// The first line of a message, cut at a word; where only files were sent, the name of the first one.
fn title(text: &str) -> String {
    let (said, attached) = attached::split(text);
    let first = attached::files(attached).first().map(|file| file.name);
    let text = first.filter(|_| said.trim().is_empty()).unwrap_or(said);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("New chat");
    if line.chars().count() <= TITLE_LENGTH {
        return line.to_owned();
    }
    let cut: String = line.chars().take(TITLE_LENGTH - 1).collect();
    let at_word = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words.trim_end());
    format!("{at_word}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_the_beginning_of_the_message() {
        assert_eq!(title("\n  Hi there \nsecond line"), "Hi there");
        let long = "word ".repeat(40);
        let title = title(&long);
        assert!(title.chars().count() <= TITLE_LENGTH && title.ends_with("word…"), "{title}");
        assert_eq!(super::title("   "), "New chat");
        let file = attached::File { name: "notes.md", kind: attached::Kind::Text, text: "# Notes" };
        let file = attached::written(file);
        assert_eq!(super::title(&attached::joined("Sum it up", &file)), "Sum it up");
        assert_eq!(super::title(&file), "notes.md");
    }
}
