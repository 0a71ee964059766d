//! Chats as they leave and enter Wick.
//!
//! # Layout
//!
//! - `chat`: an [`Archive`] of chats, each one a tree of messages.
//! - `format`: what an archive can be written as.
//! - `own`: our own JSON, which `FORMAT.md` documents.
//! - `write`: one file for each of them.
//! - `read`: one file for each program whose chats can be read, and what is common to them.
//!
//! There is no input or output here: bytes come in, text goes out.

mod chat;
mod date;
mod error;
mod format;
mod limits;
mod own;
mod read;
mod write;

#[cfg(test)]
mod tests;

pub use chat::{Archive, Author, Chat, Message};
pub use error::ReadError;
pub use format::{Format, UnknownFormat};
