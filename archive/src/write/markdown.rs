//! Chats as Markdown: what is shown of each, with the texts as they are. A text that has headings of
//! its own keeps them.

use std::fmt::Write;

use wick_protocol::attached::{self, Kind};

use super::{INSTRUCTIONS, in_one_line, name};
use crate::{Archive, Chat, Message, date};

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
        let _ = write!(out, "\n## {}\n\n{}\n", name(&message.author), text(message).trim_end());
    }
    out
}

/// What was said, with pictures as Markdown has them.
fn text(message: &Message) -> String {
    let (said, attached) = attached::split(&message.text);
    let mut parts = vec![said.to_owned()];
    for file in attached::files(attached) {
        parts.push(match file.kind {
            Kind::Picture(..) => {
                let name = file.name.replace(['[', ']', '\\'], " ");
                format!("![{name}](data:image/jpeg;base64,{})", file.text)
            }
            _ => attached::written(file),
        });
    }
    if parts.len() == 1 { message.text.clone() } else { parts.join("\n\n").trim_start().to_owned() }
}
