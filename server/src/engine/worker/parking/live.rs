//! Whose tokens are in no file yet, on the disk: when the engine ends without a word, the next one
//! knows whose were lost.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::PathBuf;

use crate::engine::frame::Owner;

/// More is not read of a file that somebody else may have written.
const MOST_BYTES: u64 = 64 << 10;

/// Owners, one a line.
#[derive(Default)]
pub struct Live {
    /// Where; none when nothing is to be parked.
    file: Option<PathBuf>,
    owners: BTreeSet<Owner>,
    /// Whose tokens an engine before this one had.
    lost: BTreeSet<Owner>,
}

impl Live {
    /// Reads whose tokens were lost.
    pub fn open(file: PathBuf) -> Self {
        let mut text = String::new();
        // Mostly there is none.
        let _ = File::open(&file).and_then(|it| it.take(MOST_BYTES).read_to_string(&mut text));
        let lost = text.lines().filter_map(|line| line.parse().ok().map(Owner)).collect();
        Self { file: Some(file), owners: BTreeSet::new(), lost }
    }

    /// This owner has tokens that are in no file.
    pub fn add(&mut self, owner: Owner) {
        if self.owners.insert(owner) {
            self.write();
        }
    }

    /// They are in one now.
    pub fn remove(&mut self, owner: Owner) {
        if self.owners.remove(&owner) {
            self.write();
        }
    }

    /// Nobody has any more.
    pub fn clear(&mut self) {
        if !self.owners.is_empty() {
            self.owners.clear();
            self.write();
        }
    }

    /// Whether this owner's tokens were lost; it is said once.
    pub fn take_lost(&mut self, owner: Owner) -> bool {
        let is_lost = self.lost.remove(&owner);
        if is_lost {
            self.write();
        }
        is_lost
    }

    fn write(&self) {
        let Some(file) = &self.file else { return };
        // A sentence is all that depends on it.
        let all = self.owners.union(&self.lost);
        let lines: String = all.map(|owner| format!("{}\n", owner.0)).collect();
        let _ = if lines.is_empty() {
            fs::remove_file(file)
        } else {
            let folder = file.parent().map_or(Ok(()), fs::create_dir_all);
            folder.and_then(|()| fs::write(file, lines))
        };
    }
}
