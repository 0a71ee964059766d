//! A file becomes chats: what it is is known by what is in it, never by its name.

mod chatgpt;
mod draft;
mod fields;
mod llama_server;
mod lm_studio;
mod open_webui;
mod piece;
mod text;
mod tree;
mod zip;

use crate::{Archive, Chat, ReadError, limits, own};
use piece::{Piece, Pieces};

impl Archive {
    /// Reads our own JSON, and what ChatGPT, Open WebUI, LM Studio and llama-server export: JSON,
    /// JSON lines, or a zip with such files in it.
    pub fn read(bytes: &[u8]) -> Result<Archive, ReadError> {
        let mut reader = Reader::default();
        match bytes {
            [b'P', b'K', 3 | 5, ..] => zip::read(bytes, &mut reader)?,
            _ => reader.read(bytes)?,
        }
        reader.finish()
    }
}

/// What was read so far, of one file or of all in a zip.
#[derive(Default)]
struct Reader {
    chats: Vec<Chat>,
    /// Something was of a known kind, whether or not anything was said in it.
    is_known: bool,
}

impl Reader {
    /// Reads one file that is not a zip.
    fn read(&mut self, bytes: &[u8]) -> Result<(), ReadError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii();
        if !matches!(bytes.first(), Some(b'{' | b'[')) {
            return Err(ReadError::Unknown);
        }
        let mut session = None;
        for pieces in serde_json::Deserializer::from_slice(bytes).into_iter() {
            let Pieces(pieces) = pieces.map_err(|err| ReadError::damaged(&err))?;
            for piece in pieces {
                self.take(piece, &mut session)?;
            }
        }
        self.end(session)
    }

    fn take(
        &mut self,
        piece: Piece,
        session: &mut Option<llama_server::Session>,
    ) -> Result<(), ReadError> {
        self.is_known |= !matches!(piece, Piece::Unknown);
        match piece {
            Piece::Unknown => (),
            Piece::Own(file) => self.chats.append(&mut own::read(file)?),
            Piece::Chat(chat) => self.chats.extend((*chat)?),
            Piece::Session(next) => {
                let before = session.replace(next);
                self.end(before)?;
            }
            Piece::SessionMessage(message) => {
                if let Some(session) = session {
                    session.add(&message)?;
                }
            }
        }
        limits::check(self.chats.len(), limits::CHATS, "chats")
    }

    /// A session has no end of its own: another one begins, or the file ends.
    fn end(&mut self, session: Option<llama_server::Session>) -> Result<(), ReadError> {
        if let Some(session) = session {
            self.chats.extend(session.chat()?);
        }
        Ok(())
    }

    fn finish(self) -> Result<Archive, ReadError> {
        match (self.chats.is_empty(), self.is_known) {
            (false, _) => Ok(Archive { chats: self.chats }),
            (true, true) => Err(ReadError::Empty),
            (true, false) => Err(ReadError::Unknown),
        }
    }
}
