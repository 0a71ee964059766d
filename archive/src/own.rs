//! Our own JSON, as `FORMAT.md` documents it: everything that a chat is, with all versions.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Archive, Author, Chat, ReadError, limits};

/// Changes only when a file could not be read by the Wick before.
pub(crate) const VERSION: u64 = 1;

/// The field that tells such a file from others, with the version.
pub(crate) const MARK: &str = "wick_archive";

#[derive(Serialize)]
struct Written<'a> {
    wick_archive: u64,
    chats: &'a [Chat],
}

#[derive(Deserialize)]
struct Read {
    chats: Vec<Chat>,
}

/// Everything, as JSON.
pub(crate) fn write(archive: &Archive) -> String {
    let written = Written { wick_archive: VERSION, chats: &archive.chats };
    serde_json::to_string_pretty(&written).expect("texts and numbers can be written as JSON")
}

/// What [`write`] wrote.
pub(crate) fn read(file: Value) -> Result<Vec<Chat>, ReadError> {
    let version = file[MARK].as_u64().ok_or_else(|| ReadError::damaged(&"it has no version"))?;
    if VERSION < version {
        return Err(ReadError::TooNew { version, known: VERSION });
    }
    let n_chats = file["chats"].as_array().map_or(0, Vec::len);
    limits::check(n_chats, limits::CHATS, "chats")?;
    let Read { mut chats } =
        serde_json::from_value(file).map_err(|err| ReadError::damaged(&err))?;
    chats.iter_mut().try_for_each(check)?;
    Ok(chats)
}

/// A chat has to be a tree, and not to be endless.
fn check(chat: &mut Chat) -> Result<(), ReadError> {
    limits::check(chat.messages.len(), limits::MESSAGES, "messages in one chat")?;
    limits::cut_name(&mut chat.title);
    chat.folder.as_mut().map(limits::cut_name);
    limits::cut_instructions(&mut chat.instructions);
    for (at, message) in chat.messages.iter_mut().enumerate() {
        if message.parent.is_some_and(|parent| at <= parent) {
            return Err(ReadError::damaged(&"a message stands before the one that it answers"));
        }
        limits::cut_text(&mut message.text);
        if let Author::Model { name, .. } = &mut message.author {
            limits::cut_name(name);
        }
    }
    Ok(())
}
