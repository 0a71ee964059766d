//! Chats, messages, and what an answer goes through.

use serde::{Deserialize, Serialize};

use crate::How;

/// Names a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChatId(pub i64);

/// Names a message, in all chats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MessageId(pub i64);

/// Names a folder of chats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FolderId(pub i64);

/// A folder of chats.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folder {
    /// Names it.
    pub id: FolderId,
    /// What a person calls it.
    pub name: String,
}

/// A line in the list of chats.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chat {
    /// Names it.
    pub id: ChatId,
    /// The beginning of its first message, until the model or a person names it.
    pub title: String,
    /// When something was last said in it, in milliseconds since 1970.
    pub changed: i64,
    /// Where a person put it.
    pub place: Place,
}

/// Where a chat is in the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Above all others.
    pub is_pinned: bool,
    /// Out of the way.
    pub is_archived: bool,
    /// In a folder.
    pub folder: Option<FolderId>,
}

impl ChatId {
    /// Chats with ids from here on are temporary: never written anywhere, in no list, and gone when
    /// no page shows them any more. So are messages.
    pub const FIRST_TEMPORARY: i64 = 1 << 40;

    /// Whether it is such a chat.
    pub fn is_temporary(self) -> bool {
        Self::FIRST_TEMPORARY <= self.0
    }
}

/// A message that can be shown in other versions: the messages that stand at the same place of the
/// tree, it among them, oldest first. There are two at least.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fork {
    /// The message that is shown.
    pub message: MessageId,
    /// All of them.
    pub versions: Vec<MessageId>,
}

/// A message that waits until the answer before it has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queued {
    /// The key that came with it.
    pub key: String,
    /// What will be said.
    pub text: String,
}

/// How far a page is in the last message that it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// The message.
    pub message: MessageId,
    /// Bytes of its UTF-8 that the page has.
    pub at: usize,
}

/// A chat in which something was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// The chat.
    pub chat: ChatId,
    /// What it is called.
    pub title: String,
    /// The message; `None` where the title is what was found.
    pub message: Option<MessageId>,
    /// The words around what was found: in turn text that is not a match and text that is.
    pub excerpt: Vec<String>,
}

/// One message of a chat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Names it.
    pub id: MessageId,
    /// Where it was said.
    pub chat: ChatId,
    /// Who said it.
    pub author: Author,
    /// What was said; of an answer that is being written, what there is.
    pub text: String,
}

/// Who said a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// The person.
    Person,
    /// A model.
    Model {
        /// Its name.
        name: String,
        /// What is being done for the answer, or how it ended.
        state: AnswerState,
        /// What it took, once it has ended.
        stats: Option<Stats>,
    },
}

/// What an answer goes through, in this order. It can end at any point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerState {
    /// Other answers come first.
    Waiting {
        /// How many.
        ahead: usize,
    },
    /// The model is read from the disk.
    Loading {
        /// 0 to 100.
        percent: u8,
    },
    /// The model reads what was said.
    Reading {
        /// Tokens that it has read.
        done: usize,
        /// Tokens that it has to read.
        total: usize,
    },
    /// A picture is looked at.
    Looking {
        /// Which one, from 1 on.
        picture: usize,
        /// Of how many.
        of: usize,
    },
    /// Text arrives.
    Writing,
    /// It ended as it should.
    Finished {
        /// For what reason.
        why: Finish,
    },
    /// It ended because something went wrong; it can be continued.
    Interrupted {
        /// What went wrong and what to do, in a sentence for people.
        reason: String,
        /// What can be done besides trying it again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        offer: Option<Offer>,
    },
}

/// What can be done about an answer that was interrupted, besides trying it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Offer {
    /// The model was not loaded because it seems to need more memory than there is. Whether
    /// that is so can be tried: [`ClientMessage::LoadAnyway`](crate::ClientMessage::LoadAnyway).
    LoadAnyway,
}

impl AnswerState {
    /// Whether more is to come.
    pub fn is_live(&self) -> bool {
        match self {
            Self::Waiting { .. }
            | Self::Loading { .. }
            | Self::Reading { .. }
            | Self::Looking { .. }
            | Self::Writing => true,
            Self::Finished { .. } | Self::Interrupted { .. } => false,
        }
    }
}

/// Why an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// The model said that it is done.
    EndOfTurn,
    /// The text reached one of the stop strings, which is not part of it.
    StopString,
    /// As many tokens as were allowed.
    Length,
    /// The model's context is full.
    ContextFull,
    /// A person stopped it.
    Stopped,
    /// A person wrote it, in place of what a model wrote.
    Edited,
}

impl Finish {
    /// Whether the model would have written more.
    pub fn is_early(self) -> bool {
        match self {
            Self::EndOfTurn | Self::StopString | Self::Edited => false,
            Self::Length | Self::ContextFull | Self::Stopped => true,
        }
    }

    /// Whether a model can go on with it.
    pub fn can_go_on(self) -> bool {
        self.is_early() || self == Self::Edited
    }
}

/// What an answer took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stats {
    /// Tokens that were written.
    pub n_tokens: usize,
    /// Tokens written in a second, from the first one on; 0 when fewer than two were written.
    pub tokens_per_second: f32,
    /// From the message's arrival to the first token, loading included, in milliseconds.
    pub first_token_ms: u32,
    /// Prompt tokens that the model had to read.
    pub n_read: usize,
    /// How long it read, in milliseconds.
    #[serde(default)]
    pub read_ms: u32,
    /// Prompt tokens that it did not have to read.
    #[serde(default)]
    pub kept: Kept,
    /// Why tokens were read that had been read before, when there were any.
    #[serde(default)]
    pub why_read: Option<WhyRead>,
    /// The oldest messages of the chat that the model was not shown, because they did not fit
    /// into its context with the rest.
    #[serde(default)]
    pub n_left_out: usize,
    /// How long it thought before it said something, in milliseconds; 0 when it did not.
    #[serde(default)]
    pub thought_ms: u32,
    /// What the engine held when it ended, in resident bytes; 0 when that is not known.
    #[serde(default)]
    pub memory: u64,
    /// How its tokens were chosen; answers of older versions do not know it.
    #[serde(default)]
    pub how: Option<How>,
}

/// Where prompt tokens came from that were not read, in tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// They were in the context, from this chat's last answer.
    pub live: usize,
    /// They were in the context and are shared with another chat or another branch.
    pub shared: usize,
    /// They were parked on the disk.
    pub parked: usize,
}

impl Kept {
    /// All of them.
    pub fn all(self) -> usize {
        self.live + self.shared + self.parked
    }
}

/// Why tokens were read that had been read before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyRead {
    /// This model had not read this chat, or is of another version.
    NotSeen,
    /// What was parked was damaged.
    Damaged,
    /// What was parked gave way to others, because the room for it is limited.
    GaveWay,
    /// The engine had ended before it was parked.
    Lost,
    /// This kind of model can't go back in what it read.
    CannotGoBack,
    /// The oldest messages left the prompt.
    LeftOut,
    /// The context changed between 16 and 8 bits, as memory was short or is not any more.
    OtherKind,
    /// It is a temporary chat, of which nothing is written to the disk.
    Temporary,
}
