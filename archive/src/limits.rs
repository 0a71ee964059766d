//! How much of a file is read. Every one of these is far above what people have.

use std::fmt::Write;

use wick_protocol::LONGEST_INSTRUCTIONS;

use crate::ReadError;

/// Chats in one file, or in all files of a zip.
pub(crate) const CHATS: usize = 100_000;

/// Messages of one chat, and places of its tree that are none.
pub(crate) const MESSAGES: usize = 100_000;

/// Bytes of one message; what is beyond is left out, which the text says.
pub(crate) const TEXT: usize = 4 << 20;

/// Bytes of the sentence that says so.
const ROOM_FOR_NOTE: usize = 100;

/// Bytes of a title, of a model's name and of a folder's; what is beyond is left out.
pub(crate) const NAME: usize = 1000;

/// Bytes of one file in a zip, unpacked.
pub(crate) const MEMBER: u64 = 512 << 20;

/// Bytes of all files in a zip, unpacked.
pub(crate) const MEMBERS: u64 = 4 * MEMBER;

/// Refuses what is more than can be read.
pub(crate) fn check(count: usize, most: usize, what: &str) -> Result<(), ReadError> {
    if count <= most {
        return Ok(());
    }
    Err(ReadError::TooLarge(format!("there are {count} {what}, and {most} can be read")))
}

/// Leaves out what is beyond the longest text of a message.
pub(crate) fn cut_text(text: &mut String) {
    if TEXT < text.len() {
        let n_left_out = cut(text, TEXT - ROOM_FOR_NOTE);
        let _ = write!(text, "\n\n[{n_left_out} more bytes were left out]");
    }
}

/// Leaves out what is beyond the longest name.
pub(crate) fn cut_name(name: &mut String) {
    cut(name, NAME);
}

/// Leaves out what is beyond the longest instructions.
pub(crate) fn cut_instructions(text: &mut String) {
    cut(text, LONGEST_INSTRUCTIONS);
}

/// Shortens a text to so many bytes at most, and says how many that left out.
fn cut(text: &mut String, most: usize) -> usize {
    let n_bytes = text.len();
    text.truncate(text.floor_char_boundary(most));
    n_bytes - text.len()
}
