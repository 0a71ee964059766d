//! A zip with files that can be read: what ChatGPT sends, and what llama-server's page saves when
//! it saves several chats.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::Reader;
use crate::{ReadError, limits};

/// Reads all JSON in it. A file that is something else does not matter, as long as there is one
/// that can be read: what a person once attached to a chat is in such a zip too.
pub(super) fn read(bytes: &[u8], reader: &mut Reader) -> Result<(), ReadError> {
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|err| ReadError::damaged(&err))?;
    let mut n_bytes = 0;
    let mut trouble = None;
    for at in 0..archive.len() {
        let member = archive.by_index(at).map_err(|err| ReadError::damaged(&err))?;
        let name = member.name().map_err(|err| ReadError::damaged(&err))?.into_owned();
        if !is_json(&name) {
            continue;
        }
        let mut bytes = Vec::new();
        member
            .take(limits::MEMBER + 1)
            .read_to_end(&mut bytes)
            .map_err(|err| ReadError::damaged(&err))?;
        n_bytes += bytes.len() as u64;
        if limits::MEMBER < bytes.len() as u64 || limits::MEMBERS < n_bytes {
            return Err(ReadError::TooLarge("what is in the zip is too long".into()));
        }
        match reader.read(&bytes) {
            Ok(()) | Err(ReadError::Unknown) => (),
            Err(ReadError::Damaged(why)) => {
                trouble.get_or_insert(ReadError::Damaged(format!("in {name}, {why}")));
            }
            Err(err) => return Err(err),
        }
    }
    match trouble {
        Some(err) if reader.chats.is_empty() => Err(err),
        _ => Ok(()),
    }
}

/// By its name; and not a note that macOS leaves beside a file.
fn is_json(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let ending = name.rsplit('.').next().unwrap_or_default();
    let is_json = ["json", "jsonl"].iter().any(|json| ending.eq_ignore_ascii_case(json));
    is_json && !name.starts_with("._")
}
