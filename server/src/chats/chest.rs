//! Chats as they leave and enter Wick.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, params};
use wick_archive::{Author, Chat as Kept, Message as KeptMessage};
use wick_protocol::{AnswerState, Author as Speaker, Chat, ChatId, Folder, MessageId};

use super::branches::tree;
use super::db::{Db, now};
use super::instructions::set_instructions;
use super::rows::{MESSAGES, json, message, one_chat};
use super::{DbError, list};

impl Db {
    /// A chat with all its versions.
    pub fn pack(&self, chat: ChatId) -> Result<Kept, DbError> {
        let db = self.of(chat.0);
        let place = one_chat(db, chat)?.place;
        let folders = self.folders()?;
        let name = |folder: &Folder| Some(folder.id) == place.folder;
        let folder = folders.into_iter().find(name).map(|it| it.name);
        let query = "SELECT title, created, changed, instructions FROM chat WHERE id = ?";
        let (title, created, changed, instructions) = db.query_row(query, [chat.0], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
        Ok(Kept {
            title,
            created,
            changed,
            is_pinned: place.is_pinned,
            is_archived: place.is_archived,
            folder,
            instructions,
            messages: packed(db, chat)?,
        })
    }

    /// Puts a chat there, with all its versions.
    pub fn unpack(&mut self, kept: &Kept) -> Result<Chat, DbError> {
        let folder = match &kept.folder {
            None => None,
            Some(name) => match self.folders()?.into_iter().find(|it| it.name == *name) {
                Some(folder) => Some(folder.id.0),
                None => {
                    self.name_folder(None, name, None)?;
                    self.folders()?.into_iter().find(|it| it.name == *name).map(|it| it.id.0)
                }
            },
        };
        self.safely(0, |db| {
            let changed = if kept.changed == 0 { now() } else { kept.changed };
            let chat = list::begin(db, &kept.title, changed)?;
            db.execute(
                "UPDATE chat SET title = ?2, created = ?3, pinned = ?4, archived = ?5, folder = ?6,
                     named = 1
                 WHERE id = ?1",
                params![chat.0, kept.title, kept.created, kept.is_pinned, kept.is_archived, folder],
            )?;
            set_instructions(db, chat, &kept.instructions)?;
            let mut ids: Vec<i64> = Vec::with_capacity(kept.messages.len());
            for (message, walked) in kept.messages.iter().zip(1_i64..) {
                let parent = message.parent.and_then(|parent| ids.get(parent)).copied();
                ids.push(unpacked(db, chat, parent, message, walked)?);
            }
            one_chat(db, chat)
        })
    }
}

fn packed(db: &Connection, chat: ChatId) -> Result<Vec<KeptMessage>, DbError> {
    let shown: HashSet<MessageId> = tree(db, chat)?.path().into_iter().collect();
    let query = "SELECT id, parent, sent FROM message WHERE chat = ? AND deleted IS NULL";
    let mut query = db.prepare_cached(query)?;
    let facts = query.query_map([chat.0], |row| {
        Ok((row.get::<_, i64>(0)?, (row.get::<_, Option<i64>>(1)?, row.get::<_, i64>(2)?)))
    })?;
    let facts: HashMap<_, _> = facts.collect::<Result<_, _>>()?;
    let select = format!("{MESSAGES} WHERE chat = ? AND deleted IS NULL ORDER BY id");
    let mut select = db.prepare_cached(&select)?;
    let mut places = HashMap::new();
    let mut messages = Vec::new();
    for message in select.query_map([chat.0], message)? {
        let message = message?;
        let (parent, sent) = facts.get(&message.id.0).copied().unwrap_or_default();
        let author = match message.author {
            Speaker::Person => Author::Person,
            Speaker::Model { name, state, stats } => Author::Model { name, state, stats },
        };
        let parent = parent.and_then(|parent| places.get(&parent)).copied();
        places.insert(message.id.0, messages.len());
        let is_shown = shown.contains(&message.id);
        messages.push(KeptMessage { parent, author, text: message.text, sent, is_shown });
    }
    Ok(messages)
}

fn unpacked(
    db: &Connection,
    chat: ChatId,
    parent: Option<i64>,
    message: &KeptMessage,
    walked: i64,
) -> Result<i64, DbError> {
    let (author, model, state, stats) = match &message.author {
        Author::Person => ("person", None, None, None),
        Author::Model { name, state, stats } => {
            // Nobody writes it any more.
            let reason = "It was being written when the copy was made".to_owned();
            let ended = AnswerState::Interrupted { reason, offer: None };
            let state = if state.is_live() { &ended } else { state };
            ("model", Some(name), Some(json(state)), stats.as_ref().map(json))
        }
    };
    // What is shown was walked last.
    let walked = if message.is_shown { walked + (1 << 32) } else { walked };
    db.execute(
        "INSERT INTO message (chat, parent, author, model, text, state, stats, sent, walked)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        params![chat.0, parent, author, model, message.text, state, stats, message.sent, walked],
    )?;
    Ok(db.last_insert_rowid())
}
