//! An archive: chats, and nothing about where they are kept.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use wick_protocol::{AnswerState, Stats};

/// Chats as they leave and enter Wick.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Archive {
    /// In the order of the file.
    pub chats: Vec<Chat>,
}

/// A chat is a tree: every message but the first ones has a parent that stands before it in the
/// list. Messages with the same parent are versions of each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chat {
    /// What it is called.
    pub title: String,
    /// When it began, in milliseconds since 1970; 0 where a file does not say.
    #[serde(default)]
    pub created: i64,
    /// When something was last said in it, in milliseconds since 1970; 0 where a file does not say.
    #[serde(default)]
    pub changed: i64,
    /// Above all others.
    #[serde(default)]
    pub is_pinned: bool,
    /// Out of the way.
    #[serde(default)]
    pub is_archived: bool,
    /// The name of the folder that it is in.
    #[serde(default)]
    pub folder: Option<String>,
    /// What the model is told before everything that is said; empty for nothing.
    #[serde(default)]
    pub instructions: String,
    /// All versions of everything that was said.
    #[serde(default)]
    pub messages: Vec<Message>,
}

/// One message of a chat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// The message that it answers or follows, as an index into the chat's messages.
    #[serde(default)]
    pub parent: Option<usize>,
    /// Who said it.
    pub author: Author,
    /// What was said.
    pub text: String,
    /// When, in milliseconds since 1970; 0 where a file does not say.
    #[serde(default)]
    pub sent: i64,
    /// On the path that was walked last.
    #[serde(default)]
    pub is_shown: bool,
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
        /// How the answer ended; or what was being done for it when the chat was written down.
        state: AnswerState,
        /// What it took.
        #[serde(
            default,
            deserialize_with = "stats_if_known",
            skip_serializing_if = "Option::is_none"
        )]
        stats: Option<Stats>,
    },
}

impl Chat {
    /// The messages that are shown, first to last: at each place the version that was shown last,
    /// or the newest where none is marked.
    pub fn shown(&self) -> impl Iterator<Item = &Message> {
        let forks = self.forks();
        forks.path(forks.root).into_iter().map(|at| &self.messages[at])
    }

    /// What is shown after each message.
    pub(crate) fn forks(&self) -> Forks {
        let mut forks = Forks { root: None, shown: vec![None; self.messages.len()] };
        for (at, message) in self.messages.iter().enumerate() {
            let place = match message.parent {
                None => &mut forks.root,
                Some(parent) if parent < at => &mut forks.shown[parent],
                Some(_) => continue,
            };
            match place {
                Some(before) if self.messages[*before].is_shown && !message.is_shown => (),
                _ => *place = Some(at),
            }
        }
        forks
    }
}

/// Which version is shown at each place of a chat.
pub(crate) struct Forks {
    /// The first message.
    pub(crate) root: Option<usize>,
    /// After each message.
    shown: Vec<Option<usize>>,
}

impl Forks {
    /// A message and what is shown after it.
    pub(crate) fn path(&self, from: Option<usize>) -> Vec<usize> {
        std::iter::successors(from, |&at| self.shown[at]).collect()
    }
}

/// What an answer took is not worth losing it: numbers that can't be read are left out.
fn stats_if_known<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Stats>, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(from)?).ok())
}
