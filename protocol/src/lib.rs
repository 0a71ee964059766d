//! What travels between the page and the server: one tagged enum each way, as JSON.
//!
//! A message is an object with one key, which says what it is: `{"stop":{"message":7}}`. (A `type`
//! field inside would look the same to a reader and cost the page 25 kB of decoder.)
//!
//! Plain data, no input or output. Reading order: [`ClientMessage`] and [`ServerMessage`]
//! first, then the things that they carry.

pub mod attached;
mod chat;
mod engine;
mod model;
mod preset;
mod sampling;
pub mod thought;

use serde::{Deserialize, Serialize};

pub use chat::{
    AnswerState, Author, Chat, ChatId, Finish, Folder, FolderId, Fork, Hit, Kept, Message,
    MessageId, Offer, Place, Queued, Reached, Stats, WhyRead,
};
pub use engine::{Engine, Memory, Receipt, Running, Stage, Step};
pub use model::{Fit, Model, ModelId, Models, Starter, Template, Verdict};
pub use preset::Preset;
pub use sampling::{How, Sampling, SamplingError};

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

/// The longest name of a chat, a folder or a preset, in bytes of UTF-8.
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

/// What a page asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientMessage {
    /// The first message on a connection: where the page stands. Answered with
    /// [`ServerMessage::Resumed`] and what the page missed, or with [`ServerMessage::Welcome`] and
    /// [`ServerMessage::Thread`].
    Hello {
        /// What it has seen; `None` when it is new.
        seen: Option<Seen>,
        /// The chat that it shows.
        chat: Option<ChatId>,
        /// How far it is in the last message of that chat; `None` when it has none.
        reached: Option<Reached>,
    },
    /// Show this chat and what happens in it, or none. Answered with [`ServerMessage::Thread`].
    Open {
        /// The chat, or `None` for a new one that has nothing in it yet.
        chat: Option<ChatId>,
        /// A message that has to be among those that are shown: the chat is walked to it.
        message: Option<MessageId>,
    },
    /// A person sends a message. Answered with [`ServerMessage::Accepted`] or
    /// [`ServerMessage::Refused`] with the same key. While an answer is written in the chat, the
    /// message waits for its end.
    Say {
        /// Made by the page, once for each message: a message that is sent again after a
        /// reconnect is the same message.
        key: String,
        /// Where; `None` begins a chat.
        chat: Option<ChatId>,
        /// What.
        text: String,
        /// Whether the chat that it begins is temporary.
        is_temporary: bool,
        /// The instructions of the chat that it begins; `None` = those that new chats begin with.
        #[serde(default)]
        instructions: Option<String>,
    },
    /// Change a message that waits, or take it back.
    ChangeQueued {
        /// Where it waits.
        chat: ChatId,
        /// Which.
        key: String,
        /// What it says from now on; `None` takes it back.
        text: Option<String>,
    },
    /// Say the first message that waits now.
    SendQueued {
        /// Where it waits.
        chat: ChatId,
    },
    /// Keep what is written and not sent.
    Draft {
        /// For which chat; `None` for a new one.
        chat: Option<ChatId>,
        /// All of it.
        text: String,
    },
    /// Stop writing this answer and keep what is there.
    Stop {
        /// The answer.
        message: MessageId,
    },
    /// End the thought of this answer, so that what the model has to say comes next.
    AnswerNow {
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
    /// Write other versions of this answer, with the model and the sampling that are chosen now.
    Again {
        /// The answer, which stays.
        message: MessageId,
        /// How many at once, from 1 to [`MOST_VERSIONS`].
        times: u32,
    },
    /// Make another version of this message. One of a person is answered.
    Edit {
        /// Made by the page, as that of [`ClientMessage::Say`].
        key: String,
        /// The message, which stays.
        message: MessageId,
        /// What the new version says.
        text: String,
    },
    /// Show this version of a message and what followed it last.
    Walk {
        /// The version.
        message: MessageId,
    },
    /// Take a message away with all that follows it. It can be restored for a minute.
    DeleteMessage {
        /// The message.
        message: MessageId,
    },
    /// Bring back a message that was taken away, with what followed it.
    RestoreMessage {
        /// The message.
        message: MessageId,
    },
    /// Begin another chat with what was said up to this message. Answered with
    /// [`ServerMessage::Began`].
    Fork {
        /// The last message that the new chat has.
        message: MessageId,
    },
    /// Tell the model this before everything that is said in a chat, from its next answer on.
    SetInstructions {
        /// The chat.
        chat: ChatId,
        /// All of them; empty for none.
        text: String,
    },
    /// Show what the model would get to read for the next answer. Nothing is loaded for it.
    /// Answered with [`ServerMessage::Prompt`].
    ShowPrompt {
        /// Of this chat, or of a new one.
        chat: Option<ChatId>,
        /// The instructions of a new chat, as in [`ClientMessage::Say`].
        instructions: Option<String>,
        /// What is written and not sent.
        text: String,
    },
    /// Show all versions of a message. Answered with [`ServerMessage::Versions`].
    ShowVersions {
        /// One of them.
        message: MessageId,
    },
    /// Keep these instructions, with the sampling and the model that are chosen now. A preset with
    /// this name is replaced.
    SavePreset {
        /// What it is called, not empty.
        name: String,
        /// Its instructions.
        instructions: String,
    },
    /// Choose the sampling and the model of a preset, and its instructions for a chat.
    ChoosePreset {
        /// Which.
        name: String,
        /// The chat; `None` where it has not begun, and brings its instructions itself.
        chat: Option<ChatId>,
    },
    /// Give a preset another name.
    RenamePreset {
        /// Which.
        name: String,
        /// Its new name, not empty.
        to: String,
    },
    /// Remove a preset. What was chosen with it stays.
    DeletePreset {
        /// Which.
        name: String,
    },
    /// Begin new chats with the instructions of this preset.
    DefaultPreset {
        /// Which; `None` for none.
        name: Option<String>,
    },
    /// Give a chat another title.
    Rename {
        /// The chat.
        chat: ChatId,
        /// Its new title, not empty.
        title: String,
    },
    /// Put a chat elsewhere in the list.
    Arrange {
        /// The chat.
        chat: ChatId,
        /// Where it is from now on.
        place: Place,
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
    /// Make a folder, or give one another name.
    NameFolder {
        /// Which; `None` makes one.
        folder: Option<FolderId>,
        /// Its name, not empty.
        name: String,
        /// A chat that goes into it.
        chat: Option<ChatId>,
    },
    /// Take a folder away; its chats stay.
    DeleteFolder {
        /// Which.
        folder: FolderId,
    },
    /// Look for words in all chats. Answered with [`ServerMessage::Found`].
    Search {
        /// The words, of which the last may be the beginning of one.
        text: String,
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
    /// The first message on a connection of a page that is new or was away for too long, and again
    /// after a page fell behind: all there is.
    Welcome {
        /// Of the server. A page of another version reloads itself.
        version: String,
        /// From where on news are counted.
        seen: Seen,
        /// Newest first.
        chats: Vec<Chat>,
        /// By name.
        folders: Vec<Folder>,
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
        /// By name.
        presets: Vec<Preset>,
    },
    /// The first message on a connection of a page that comes back: it hears what it missed, and
    /// nothing twice.
    Resumed {
        /// What the engine is doing.
        engine: Engine,
    },
    /// Something that every page hears, numbered without a gap.
    News {
        /// Its number.
        number: u64,
        /// What happened.
        what: Box<ServerMessage>,
    },
    /// A chat is new, or something about it changed. It belongs at the top when its time is the
    /// newest.
    ChatChanged {
        /// The chat as it is now.
        chat: Chat,
    },
    /// A chat was taken away.
    ChatGone {
        /// Which.
        chat: ChatId,
    },
    /// A folder is new, has another name, or was taken away.
    FoldersChanged {
        /// All of them, by name.
        folders: Vec<Folder>,
    },
    /// The messages of the chat that this page opened, oldest first: those of the path that was
    /// walked last.
    Thread {
        /// Which; `None` when the chat that was asked for does not exist.
        chat: Option<ChatId>,
        /// What was said in it.
        messages: Vec<Message>,
        /// Where there are other versions.
        forks: Vec<Fork>,
        /// What waits to be said in it.
        queue: Vec<Queued>,
        /// What was written for it and not sent.
        draft: String,
        /// What the model is told before everything that is said in it; of a new chat, what it
        /// would be told.
        instructions: String,
    },
    /// The open chat goes on in another way from here.
    ThreadChanged {
        /// Which chat.
        chat: ChatId,
        /// The last message that stays as it is; `None` when none does.
        after: Option<MessageId>,
        /// All that follows it now.
        messages: Vec<Message>,
        /// Where there are other versions of these.
        forks: Vec<Fork>,
    },
    /// Other messages wait in the open chat.
    QueueChanged {
        /// Which chat.
        chat: ChatId,
        /// All of them, the next one first.
        queue: Vec<Queued>,
    },
    /// Somebody writes, on another page, what this chat's composer shows.
    DraftChanged {
        /// For which chat; `None` for a new one.
        chat: Option<ChatId>,
        /// All of it.
        text: String,
    },
    /// The open chat has other instructions.
    InstructionsChanged {
        /// Which chat; `None` for a new one.
        chat: Option<ChatId>,
        /// All of them.
        text: String,
    },
    /// A preset is new, changed, or was removed.
    PresetsChanged {
        /// All of them, by name.
        presets: Vec<Preset>,
    },
    /// What the model would get to read.
    Prompt {
        /// All of it, special tokens as they are written; empty where there is none.
        text: String,
        /// What a person has to know about it, in sentences.
        says: String,
    },
    /// All versions of a message, oldest first, those that are being written as far as they are.
    Versions {
        /// At least one.
        messages: Vec<Message>,
    },
    /// Anything but the text of a message of the open chat changed. The text given here replaces
    /// what the page has.
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
    /// What was found, the newest first.
    Found {
        /// What was looked for.
        text: String,
        /// Where it is.
        hits: Vec<Hit>,
    },
    /// A chat that this page asked for is there, and is to be shown.
    Began {
        /// Which.
        chat: ChatId,
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
    /// A message was saved; the answer follows, or it waits.
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
