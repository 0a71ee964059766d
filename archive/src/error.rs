//! Why a file could not be read.

use std::fmt::Display;

/// Why a file gave no chats. The messages are sentences for people.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It is something else.
    #[error(
        "There are no chats that Wick can read in this file. It reads its own JSON, and what \
         ChatGPT, Open WebUI, LM Studio and llama-server export, as JSON or as a zip"
    )]
    Unknown,
    /// It is cut off, or was changed.
    #[error("The file is damaged or not whole: {0}. Export it again, and try that one")]
    Damaged(String),
    /// Written by a newer Wick.
    #[error(
        "The file was written by a newer version of Wick: its format is {version}, and this \
         version reads up to {known}"
    )]
    TooNew {
        /// The version of its format.
        version: u64,
        /// The newest version that can be read.
        known: u64,
    },
    /// It is of a known kind, and nothing was said in it.
    #[error("There is no message in this file")]
    Empty,
    /// There is more in it than is read.
    #[error("The file holds more than can be read at once: {0}. Import it in parts")]
    TooLarge(String),
}

impl ReadError {
    pub(crate) fn damaged(why: &impl Display) -> ReadError {
        ReadError::Damaged(why.to_string())
    }
}
