//! Why the database did not do something.

use rusqlite::ErrorCode;

/// Why the database did not do something. The messages are sentences for people.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// There is no room, on the disk or of what chats may take of it.
    #[error(
        "The disk is full, or chats take all that --chats gives them, so nothing can be saved. Make \
         room: Wick goes on by itself"
    )]
    Full,
    /// Nothing may be written.
    #[error(
        "The file of the chats can only be read, so nothing can be saved. Make it writable: Wick \
         goes on by itself"
    )]
    ReadOnly,
    /// The chat or message does not exist (any more).
    #[error("It is not there any more")]
    Gone,
    /// Written by a newer Wick.
    #[error(
        "The chats were written by a newer version of Wick. Use that one, or another --data-dir"
    )]
    TooNew,
    /// Wick is ending.
    #[error("Wick is being closed")]
    Closed,
    /// Anything else.
    #[error("The chats can't be saved or read: {0}")]
    Other(String),
}

impl From<rusqlite::Error> for DbError {
    fn from(err: rusqlite::Error) -> Self {
        if matches!(err, rusqlite::Error::QueryReturnedNoRows) {
            return Self::Gone;
        }
        match err.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ReadOnly) => Self::ReadOnly,
            _ => Self::Other(err.to_string()),
        }
    }
}
