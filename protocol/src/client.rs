//! What a page asks for.

use serde::{Deserialize, Serialize};

use crate::{
    AskingId, ChatId, DeviceId, FolderId, KeyId, MessageId, ModelId, Place, Reached, Sampling,
    Scope, Seen,
};

/// What a page asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientMessage {
    /// The first message on a connection: where the page stands. Answered with
    /// [`crate::ServerMessage::Resumed`] and what the page missed, or with [`crate::ServerMessage::Welcome`] and
    /// [`crate::ServerMessage::Thread`].
    Hello {
        /// What it has seen; `None` when it is new.
        seen: Option<Seen>,
        /// The chat that it shows.
        chat: Option<ChatId>,
        /// How far it is in the last message of that chat; `None` when it has none.
        reached: Option<Reached>,
    },
    /// Show this chat and what happens in it, or none. Answered with [`crate::ServerMessage::Thread`].
    Open {
        /// The chat, or `None` for a new one that has nothing in it yet.
        chat: Option<ChatId>,
        /// A message that has to be among those that are shown: the chat is walked to it.
        message: Option<MessageId>,
    },
    /// A person sends a message. Answered with [`crate::ServerMessage::Accepted`] or
    /// [`crate::ServerMessage::Refused`] with the same key. While an answer is written in the chat, the
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
    /// Write one more version of this answer beside it, in another way. What is chosen stays as it
    /// is, and what is being written goes on.
    Compare {
        /// The answer, which stays.
        message: MessageId,
        /// The model that writes it.
        model: ModelId,
        /// How its tokens are chosen.
        sampling: Sampling,
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
    /// [`crate::ServerMessage::Began`].
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
    /// Answered with [`crate::ServerMessage::Prompt`].
    ShowPrompt {
        /// Of this chat, or of a new one.
        chat: Option<ChatId>,
        /// The instructions of a new chat, as in [`ClientMessage::Say`].
        instructions: Option<String>,
        /// What is written and not sent.
        text: String,
    },
    /// Show all versions of a message. Answered with [`crate::ServerMessage::Versions`].
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
    /// Look for words in all chats. Answered with [`crate::ServerMessage::Found`].
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
    /// Say who may use Wick. Answered with [`crate::ServerMessage::AccessChanged`].
    ShowAccess,
    /// Give a browser another name.
    RenameDevice {
        /// Which.
        device: DeviceId,
        /// Its new name, not empty.
        name: String,
    },
    /// Sign a browser out. Its connections end.
    RevokeDevice {
        /// Which.
        device: DeviceId,
    },
    /// Make a key for a program. Answered with [`crate::ServerMessage::KeyMade`].
    MakeKey {
        /// What a person calls it, not empty.
        name: String,
        /// What it is for.
        scope: Scope,
        /// The models that it is for; none = all.
        models: Vec<ModelId>,
    },
    /// Let nobody in with this key any more. What is answered to it ends.
    RevokeKey {
        /// Which.
        key: KeyId,
    },
    /// Be there for phones at this address, and make a code that lets one in. Answered with
    /// [`crate::ServerMessage::Invited`].
    Invite {
        /// Of this computer, in one of its networks; empty = where it is open already, or likeliest.
        address: String,
        /// Whether nobody else in that network can read along.
        is_encrypted: bool,
    },
    /// Be there for phones no more. Those that are connected are cut off.
    CloseLan,
    /// Let a phone in that waits, or send it away.
    Answer {
        /// Which.
        asking: AskingId,
        /// Whether it is let in.
        is_allowed: bool,
    },
    /// Whether programs on this computer may use the models without a key.
    SetKeyless {
        /// Whether they may.
        is_keyless: bool,
    },
    /// Park what the engine knows and give all its memory back now. Refused while an answer is
    /// written.
    Rest,
}
