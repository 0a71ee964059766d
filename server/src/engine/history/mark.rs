//! Something that happened to a model.

use std::time::Instant;

use wick_words::Picture;

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

/// What happens to a model.
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

impl What {
    /// In a few words.
    pub fn says(self, words: &Picture) -> String {
        let with = |text: &str, n: u32| text.replace("{n}", &words.grouped(n.into()));
        match self {
            Self::Loaded => words.loaded.clone(),
            Self::ContextBorn(cells) => with(&words.context_born, cells),
            Self::ContextGrown(cells) => with(&words.context_grown, cells),
            Self::Parked(1) => words.one_parked.clone(),
            Self::Parked(n) => with(&words.parked, n),
            Self::ContextFreed => words.context_freed.clone(),
            Self::Ended(End::Rested) => words.ended.clone(),
            Self::Ended(End::MadeRoom) => words.made_room.clone(),
            Self::Ended(End::Changed) => words.file_changed.clone(),
            Self::Ended(End::Failed) => words.failed.clone(),
            Self::Ended(End::Crashed) => words.crashed.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_is_said_in_a_few_words() {
        let words = wick_words::picture("en");
        let check = |what: What, says: &str| assert_eq!(what.says(words), says);
        check(What::ContextBorn(2_048), "context 2,048");
        check(What::ContextGrown(131_072), "grown to 131,072");
        check(What::Parked(1), "1 chat parked");
        check(What::Parked(2), "2 chats parked");
        check(What::Ended(End::Rested), "ended at rest");
    }
}
