//! Something that happened to a model.

use std::fmt::{self, Display, Formatter};
use std::time::Instant;

use wick_protocol::grouped;

/// What happened to which model, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When.
    pub at: Instant,
    /// The model's name, as people know it.
    pub model: String,
    /// What.
    pub what: What,
}

/// What happens to a model. Shown as a few words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Its weights are there.
    Loaded,
    /// It has a context of so many cells.
    ContextBorn(u32),
    /// Its context has so many cells now.
    ContextGrown(u32),
    /// So many chats went to the disk.
    Parked(u32),
    /// Its context is gone, with all that was in it parked.
    ContextFreed,
    /// Its process has ended.
    Ended(End),
}

/// Why a process has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Nobody used it, or a person wanted it.
    Rested,
    /// Another model needed its memory.
    MadeRoom,
    /// Its file was changed.
    Changed,
    /// The model could not be loaded, or the process said nothing any more.
    Failed,
    /// By itself.
    Crashed,
}

impl Display for What {
    fn fmt(&self, to: &mut Formatter) -> fmt::Result {
        match *self {
            Self::Loaded => write!(to, "loaded"),
            Self::ContextBorn(cells) => write!(to, "context {}", grouped(cells.into())),
            Self::ContextGrown(cells) => write!(to, "grown to {}", grouped(cells.into())),
            Self::Parked(1) => write!(to, "1 chat parked"),
            Self::Parked(n) => write!(to, "{} chats parked", grouped(n.into())),
            Self::ContextFreed => write!(to, "context freed"),
            Self::Ended(End::Rested) => write!(to, "ended at rest"),
            Self::Ended(End::MadeRoom) => write!(to, "ended to make room"),
            Self::Ended(End::Changed) => write!(to, "ended, file changed"),
            Self::Ended(End::Failed) => write!(to, "failed"),
            Self::Ended(End::Crashed) => write!(to, "crashed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_is_said_in_a_few_words() {
        let check = |what: What, says: &str| assert_eq!(what.to_string(), says);
        check(What::ContextBorn(2_048), "context 2,048");
        check(What::ContextGrown(131_072), "grown to 131,072");
        check(What::Parked(1), "1 chat parked");
        check(What::Parked(2), "2 chats parked");
        check(What::Ended(End::Rested), "ended at rest");
    }
}
