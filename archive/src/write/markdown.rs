//! Chats as Markdown: what is shown of each, with the texts as they are. A text that has headings of
//! its own keeps them.

use std::fmt::Write;

use super::{INSTRUCTIONS, in_one_line, name};
use crate::{Archive, Chat, date};

pub(super) fn write(archive: &Archive) -> String {
    archive.chats.iter().map(chat).collect::<Vec<_>>().join("\n")
}

fn chat(chat: &Chat) -> String {
    let mut out = format!("# {}\n", in_one_line(&chat.title));
    if chat.created != 0 {
        let _ = write!(out, "\n{}\n", date::written(chat.created));
    }
    if !chat.instructions.is_empty() {
        let _ = write!(out, "\n## {INSTRUCTIONS}\n\n{}\n", chat.instructions.trim_end());
    }
    for message in chat.shown() {
        let _ = write!(out, "\n## {}\n\n{}\n", name(&message.author), message.text.trim_end());
    }
    out
}
