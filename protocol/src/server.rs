//! What the server tells a page.

use serde::{Deserialize, Serialize};

use crate::{
    AnswerState, Chat, ChatId, Engine, Folder, Fork, Hit, Message, MessageId, Models, Preset,
    Queued, Sampling, Seen, Starter,
};

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
    /// Who may use Wick, asked for or changed.
    AccessChanged {
        /// [`crate::Access`] as JSON, which a page reads when it shows it: not before its first answer.
        access: String,
    },
    /// A key was made.
    KeyMade {
        /// All of it, which is never told again.
        key: String,
    },
    /// Phones are let in with this, one of them, within five minutes.
    Invited {
        /// The address with the code, for a phone's camera.
        address: String,
        /// The same as a picture, in SVG.
        picture: String,
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
