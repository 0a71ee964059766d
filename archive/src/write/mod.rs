//! Chats become a file.

mod html;
mod markdown;

use crate::{Archive, Author, Format, own};

impl Archive {
    /// All chats in one file. JSON has everything in it; Markdown has what is shown of each chat;
    /// HTML has what is shown, and the other versions folded below it.
    pub fn write(&self, format: Format) -> String {
        match format {
            Format::Markdown => markdown::write(self),
            Format::Json => own::write(self),
            Format::Html => html::write(self),
        }
    }
}

/// What stands above the instructions of a chat.
const INSTRUCTIONS: &str = "Instructions";

/// What the author of a message is called.
fn name(author: &Author) -> String {
    match author {
        Author::Person => "You".to_owned(),
        Author::Model { name, .. } => in_one_line(name),
    }
}

/// A title or a name can have been given with line breaks in it.
fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
