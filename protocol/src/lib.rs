//! What travels between the page and the server: one tagged enum each way, as JSON.
//!
//! A message is an object with one key, which says what it is: `{"stop":{"message":7}}`. (A `type`
//! field inside would look the same to a reader and cost the page 25 kB of decoder.)
//!
//! Plain data, no input or output. Reading order: [`ClientMessage`] and [`ServerMessage`]
//! first, then the things that they carry.

mod access;
pub mod attached;
mod chat;
mod client;
mod engine;
mod model;
mod numbers;
mod own;
mod preset;
mod sampling;
mod server;
pub mod thought;

use serde::{Deserialize, Serialize};

pub use access::{
    Access, ApiKey, Asking, AskingId, Device, DeviceId, Firewall, KeyId, LanDoor, Network, Scope,
};
pub use chat::{
    AnswerState, Author, Chat, ChatId, Finish, Folder, FolderId, Fork, Hit, Kept, Message,
    MessageId, Offer, Place, Queued, Reached, Stats, WhyRead,
};
pub use client::ClientMessage;
pub use engine::{Engine, Memory, Receipt, Running, Stage, Step};
pub use model::{Fit, Model, ModelId, Models, Starter, Template, Verdict};
pub use numbers::grouped;
pub use own::Own;
pub use preset::Preset;
pub use sampling::{How, Sampling, SamplingError};
pub use server::ServerMessage;

/// The longest message that a person can send, in bytes of UTF-8.
pub const LONGEST_MESSAGE: usize = 512 * 1024;

/// The largest file that is read to be attached, in bytes.
pub const LARGEST_FILE: usize = 32 << 20;

/// The longest message of a page to the server as it travels, in bytes: one of a person, with every
/// second character escaped.
pub const LONGEST_FRAME: usize = 2 * LONGEST_MESSAGE;

/// What getting the starter model downloads, in bytes.
pub const STARTER_DOWNLOAD: u64 = 92_871_040;

/// The longest draft that is kept, in bytes of UTF-8.
pub const LONGEST_DRAFT: usize = LONGEST_MESSAGE;

/// The longest instructions of a chat, in bytes of UTF-8.
pub const LONGEST_INSTRUCTIONS: usize = 32 * 1024;

/// The most versions of an answer that are written at once.
pub const MOST_VERSIONS: u32 = 4;

/// The most presets.
pub const MOST_PRESETS: usize = 32;

/// The most browsers that are signed in, and the most keys of programs.
pub const MOST_DEVICES: usize = 64;

/// The longest name of a chat, a folder, a preset, a browser or a key, in bytes of UTF-8.
pub const LONGEST_NAME: usize = 400;

/// The longest text that can be looked for, in bytes of UTF-8.
pub const LONGEST_SEARCH: usize = 400;

/// Where a page stands in what the server tells everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Which run of the server.
    pub generation: u64,
    /// The number of the last news that came.
    pub number: u64,
}

#[cfg(test)]
mod tests;
