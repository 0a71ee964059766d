//! What travels between the page and the server: one tagged enum each way, as JSON.
//!
//! A message is an object with one key, which says what it is: `{"stop":{"message":7}}`. (A `type`
//! field inside would look the same to a reader and cost the page 25 kB of decoder.)
//!
//! Plain data, no input or output. Reading order: [`ClientMessage`] and [`ServerMessage`]
//! first, then the things that they carry.

mod chat;
mod engine;
mod model;
mod sampling;

use serde::{Deserialize, Serialize};

pub use chat::{
    AnswerState, Author, Chat, ChatId, Finish, Kept, Message, MessageId, Offer, Stats, WhyRead,
};
pub use engine::{Engine, Memory, Receipt, Running, Stage, Step};
pub use model::{Fit, Model, ModelId, Models, Starter, Template, Verdict};
pub use sampling::{Sampling, SamplingError};

/// The longest message that a person can send, in bytes of UTF-8.
pub const LONGEST_MESSAGE: usize = 512 * 1024;

/// What getting the starter model downloads, in bytes.
pub const STARTER_DOWNLOAD: u64 = 92_871_040;

/// What a page asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientMessage {
    /// Show this chat and what happens in it, or none. Answered with [`ServerMessage::Thread`].
    Open {
        /// The chat, or `None` for a new one that has nothing in it yet.
        chat: Option<ChatId>,
    },
    /// A person sends a message. Answered with [`ServerMessage::Accepted`] or
    /// [`ServerMessage::Refused`] with the same key.
    Say {
        /// Made by the page, once for each message: a message that is sent again after a
        /// reconnect is the same message.
        key: String,
        /// Where; `None` begins a chat.
        chat: Option<ChatId>,
        /// What.
        text: String,
    },
    /// Stop writing this answer and keep what is there.
    Stop {
        /// The answer.
        message: MessageId,
    },
    /// Go on with an answer that ended early.
    Continue {
        /// The answer.
        message: MessageId,
    },
    /// Go on with an answer that did not begin because the model seems to need more memory than
    /// there is, and load the model all the same, this once.
    LoadAnyway {
        /// The answer, which has [`Offer::LoadAnyway`].
        message: MessageId,
    },
    /// Give a chat another title.
    Rename {
        /// The chat.
        chat: ChatId,
        /// Its new title, not empty.
        title: String,
    },
    /// Take a chat away. It can be restored for a minute.
    Delete {
        /// The chat.
        chat: ChatId,
    },
    /// Bring back a chat that was taken away.
    Restore {
        /// The chat.
        chat: ChatId,
    },
    /// Answer with this model from now on. Nothing is loaded before the next message.
    ChooseModel {
        /// The model.
        model: ModelId,
    },
    /// Choose the next token like this from now on.
    SetSampling {
        /// All of it; what a person left alone included.
        sampling: Sampling,
    },
    /// Look into the model folders again.
    LookForModels,
    /// Fetch the starter model.
    GetStarter,
    /// Park what the engine knows and give all its memory back now. Refused while an answer is
    /// written.
    Rest,
}

/// What the server tells a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerMessage {
    /// The first message on a connection, and again after a page fell behind: all there is.
    Welcome {
        /// Of the server. A page of another version reloads itself.
        version: String,
        /// Newest first.
        chats: Vec<Chat>,
        /// What the model folders hold.
        models: Models,
        /// How the next token is chosen.
        sampling: Sampling,
        /// What the engine is doing.
        engine: Engine,
        /// How far the starter model is.
        starter: Starter,
        /// Why the chats can't be saved, when they can't.
        storage: Option<String>,
    },
    /// A chat is new, or changed its title or its time. It belongs at the top when its time is
    /// the newest.
    ChatChanged {
        /// The chat as it is now.
        chat: Chat,
    },
    /// A chat was taken away.
    ChatGone {
        /// Which.
        chat: ChatId,
    },
    /// The messages of the chat that this page opened, oldest first.
    Thread {
        /// Which; `None` when the chat that was asked for does not exist.
        chat: Option<ChatId>,
        /// What was said in it.
        messages: Vec<Message>,
    },
    /// A message of the open chat is new, or anything but its text changed. When the page has
    /// it already, the text given here replaces what the page has.
    MessageChanged {
        /// The message as it is now.
        message: Message,
    },
    /// An answer of the open chat grew.
    Delta {
        /// The answer.
        message: MessageId,
        /// Where the text begins, in bytes of the answer's UTF-8.
        at: usize,
        /// What was added there.
        text: String,
    },
    /// An answer of the open chat is in another state; its text is untouched.
    StateChanged {
        /// The answer.
        message: MessageId,
        /// What is being done for it.
        state: AnswerState,
    },
    /// The models, the chosen one or the folders changed.
    ModelsChanged {
        /// As they are now.
        models: Models,
    },
    /// The engine does something else, or holds another amount of memory.
    EngineChanged {
        /// As it is now.
        engine: Engine,
    },
    /// Somebody changed how the next token is chosen.
    SamplingChanged {
        /// As it is now.
        sampling: Sampling,
    },
    /// The starter model is further on.
    StarterChanged {
        /// As it is now.
        starter: Starter,
    },
    /// The chats can't be saved, or can be saved again.
    StorageChanged {
        /// Why they can't, in a sentence for people.
        storage: Option<String>,
    },
    /// A message was saved; the answer follows.
    Accepted {
        /// The key that came with it.
        key: String,
        /// The chat it went to.
        chat: ChatId,
    },
    /// Something that was asked for was not done.
    Refused {
        /// The key of the message that was not taken, if it was one.
        key: Option<String>,
        /// Why, in a sentence for people.
        reason: String,
    },
}

#[cfg(test)]
mod tests;
