//! Models on the disk, and the one that a newcomer can fetch.

use serde::{Deserialize, Serialize};

use crate::Sampling;

/// Names a model of the catalogue. It is not a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ModelId(pub String);

/// What the model folders hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Models {
    /// Sorted by name.
    pub list: Vec<Model>,
    /// The one that answers; `None` when there is none to choose from.
    pub chosen: Option<ModelId>,
    /// Whether an answer stops when a chat is longer than there is room for; else the oldest
    /// messages leave it.
    pub stops_when_full: bool,
    /// Where was looked, as paths to show.
    pub folders: Vec<String>,
}

/// A model file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Names it.
    pub id: ModelId,
    /// The file's name without the quantisation.
    pub name: String,
    /// The file's name.
    pub file: String,
    /// Size on the disk.
    pub bytes: u64,
    /// Such as "Q4_K_M".
    pub quantisation: String,
    /// Such as "135M", when the header says it.
    pub parameters: Option<String>,
    /// Tokens that it was trained to look back on.
    pub context: u32,
    /// Tokens that a chat can have: those, unless it was set; 0 when it is not known.
    pub room: u32,
    /// How messages are laid out for it.
    pub template: Template,
    /// How tokens are chosen where nothing else is set: as its file recommends, and for the rest as
    /// usual.
    pub usual: Sampling,
    /// Why it can't be used, in a sentence for people.
    pub trouble: Option<String>,
    /// The memory that it needs; `None` when that is not known.
    pub fit: Option<Fit>,
    /// Whether it sees pictures.
    pub sees: bool,
}

impl Models {
    /// How tokens are chosen where nothing else is set, by the model that answers.
    pub fn usual(&self) -> Sampling {
        let chosen = self.list.iter().find(|it| Some(&it.id) == self.chosen.as_ref());
        chosen.map(|it| it.usual.clone()).unwrap_or_default()
    }
}

/// The memory that a model needs to begin, and what there was when somebody looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fit {
    /// Bytes for the weights and for the first answers, by estimate.
    pub need: u64,
    /// Bytes that it can have, those included that the engine would give back for it.
    pub free: u64,
}

/// What comes of a [`Fit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// There is room to spare.
    Fits,
    /// It may fit, and leaves little to others.
    Tight,
    /// It needs more than there is.
    WontFit,
}

impl Fit {
    /// More than so much of what is free is tight, in per cent: chats grow.
    const ROOMY: u64 = 85;

    /// Whether there is enough.
    pub fn verdict(self) -> Verdict {
        if self.free < self.need {
            Verdict::WontFit
        } else if self.free / 100 * Self::ROOMY < self.need {
            Verdict::Tight
        } else {
            Verdict::Fits
        }
    }
}

/// How messages are laid out for a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Template {
    /// As the file says.
    InFile,
    /// As `ChatML`, because the file does not say.
    ChatMl,
}

/// How far the starter model is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Starter {
    /// Not asked for.
    Idle,
    /// On its way.
    Fetching {
        /// Bytes that are here.
        done: u64,
        /// Bytes in all.
        total: u64,
    },
    /// It did not work.
    Failed {
        /// What went wrong and what to do, in a sentence for people.
        reason: String,
    },
}
