//! What an archive can be written as.

use std::str::FromStr;

/// A kind of file that chats are written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For reading and for other programs: what is shown of each chat.
    Markdown,
    /// Everything, to be read again.
    Json,
    /// For reading in a browser, and for printing.
    Html,
}

/// A file ending that no format has. The message is a sentence for people.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("Chats can be saved as md, json or html, not as {0:?}")]
pub struct UnknownFormat(String);

impl Format {
    /// All of them.
    pub const ALL: [Format; 3] = [Format::Markdown, Format::Json, Format::Html];

    /// The ending of a file's name, without the dot.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Json => "json",
            Self::Html => "html",
        }
    }

    /// What a browser is told about the file.
    pub fn mime_type(self) -> &'static str {
        match self {
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Json => "application/json",
            Self::Html => "text/html; charset=utf-8",
        }
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(ending: &str) -> Result<Format, UnknownFormat> {
        let known = Format::ALL.into_iter().find(|format| format.ending() == ending);
        known.ok_or_else(|| UnknownFormat(ending.to_owned()))
    }
}
