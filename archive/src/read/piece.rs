//! A file in pieces: each one is turned into a chat before the next is read, so that a large
//! export is never in memory as JSON.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::{chatgpt, llama_server, lm_studio, open_webui};
use crate::{Chat, ReadError, own};

/// What one object of a file is.
pub(super) enum Piece {
    /// A file of ours, whole.
    Own(Value),
    /// A chat; nothing if nothing was said in it.
    Chat(Box<Result<Option<Chat>, ReadError>>),
    /// The first line of a chat whose messages follow.
    Session(llama_server::Session),
    /// A line after it.
    SessionMessage(Value),
    /// Anything else.
    Unknown,
}

impl Piece {
    fn of(value: Value) -> Piece {
        let has = |name| value.get(name).is_some();
        let kind = value.get("type").and_then(Value::as_str);
        let chat = if has(own::MARK) {
            return Piece::Own(value);
        } else if has("mapping") {
            chatgpt::read(&value)
        } else if open_webui::is_chat(&value) {
            open_webui::read(&value)
        } else if lm_studio::is_chat(&value) {
            lm_studio::read(&value)
        } else if kind == Some("session") {
            return Piece::Session(llama_server::Session::begin(value));
        } else if kind == Some("message") && has("message") {
            return Piece::SessionMessage(value);
        } else if llama_server::is_chat(&value) {
            llama_server::read(&value)
        } else {
            return Piece::Unknown;
        };
        Piece::Chat(Box::new(chat))
    }
}

/// A line of a file, or all of it: an object, or the objects of an array.
pub(super) struct Pieces(pub(super) Vec<Piece>);

impl<'de> Deserialize<'de> for Pieces {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Pieces, D::Error> {
        from.deserialize_any(Lines)
    }
}

struct Lines;

impl<'de> Visitor<'de> for Lines {
    type Value = Pieces;

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("an object or an array")
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Pieces, A::Error> {
        let value = Value::deserialize(MapAccessDeserializer::new(object))?;
        Ok(Pieces(vec![Piece::of(value)]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Pieces, A::Error> {
        let mut pieces = Vec::new();
        while pieces.len() <= crate::limits::CHATS {
            match array.next_element()? {
                Some(value) => pieces.push(Piece::of(value)),
                None => return Ok(Pieces(pieces)),
            }
        }
        // There is one more than is taken by whoever takes the pieces.
        while array.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Pieces(pieces))
    }
}
