//! Parked tokens: what a sequence holds, in a file, until somebody goes on with it.
//!
//! A file is written whole and then renamed. It says which model it belongs to and carries a
//! checksum; what does not fit or is damaged is removed and never trusted. All files together
//! have a limit, and the ones that were used longest ago give way.
//!
//! Where an answer waits for its cells, a state is set aside in memory and written when nothing is
//! computed.

mod file;
mod live;

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use self::file::Head;
use self::live::Live;
use super::fingerprint::Fingerprint;
use super::llama::Token;
use super::matching::Common;
use crate::engine::cells::CellKind;
use crate::engine::frame::Owner;

/// The ending of a file.
const ENDING: &str = "parked";

/// The file, beside those of a model, that says whose tokens are in none of them yet.
const LIVE: &str = "live";

/// Bytes that are set aside in memory at the most, until they are written.
const MOST_ASIDE: usize = 256 << 20;

/// Fewer tokens are read again faster than a file is opened.
const FEWEST: usize = 16;

/// What is parked for one model.
pub struct Parking {
    /// Of all models; none when nothing is to be parked.
    root: Option<PathBuf>,
    /// Bytes that all files may have together.
    limit: u64,
    /// What cells may hold, and the fingerprint of the model with such cells.
    kinds: Vec<(CellKind, Fingerprint)>,
    /// What they hold now: only what was parked from such cells can be gone on from.
    kind: CellKind,
    entries: Vec<Entry>,
    gave_way: HashSet<Owner>,
    live: Live,
}

struct Entry {
    place: Place,
    kind: CellKind,
    owner: Owner,
    tokens: Vec<Token>,
}

/// Where a state is.
enum Place {
    File(PathBuf),
    /// In memory, and not written yet.
    Aside(Vec<u8>),
}

/// What was parked can't be used.
#[derive(Debug, PartialEq, Eq)]
pub struct Damaged;

impl Parking {
    /// Parks nothing.
    pub fn none() -> Self {
        Self {
            root: None,
            limit: 0,
            kinds: Vec::new(),
            kind: CellKind::F16,
            entries: Vec::new(),
            gave_way: HashSet::new(),
            live: Live::default(),
        }
    }

    /// Looks what is parked under `root` for this model, from cells of any of these kinds. All
    /// files there may have `limit` bytes together.
    pub fn open(root: PathBuf, limit: u64, kinds: Vec<(CellKind, Fingerprint)>) -> Self {
        let root = (0 < limit).then_some(root);
        let kind = kinds.first().map_or(CellKind::F16, |&(kind, _)| kind);
        let mut parking = Self { root, limit, kinds: kinds.clone(), kind, ..Self::none() };
        if let (Some(root), Some((_, fingerprint))) = (&parking.root, kinds.first()) {
            parking.live = Live::open(root.join(fingerprint.name()).join(LIVE));
        }
        for (kind, fingerprint) in kinds {
            let folder = parking.root.as_ref().map(|root| root.join(fingerprint.name()));
            for (path, ..) in folder.map(|it| files_in(&it)).unwrap_or_default() {
                match file::head(&path, &fingerprint) {
                    Ok(Head { owner, tokens }) => {
                        let place = Place::File(path);
                        parking.entries.push(Entry { place, kind, owner, tokens });
                    }
                    Err(_) => remove(&path),
                }
            }
        }
        parking
    }

    /// Cells hold this from now on.
    pub fn use_kind(&mut self, kind: CellKind) {
        self.kind = kind;
    }

    /// The kind of cells from which most of a prompt was parked, and how much.
    pub fn best_kind(
        &self,
        mut common: impl FnMut(&[Token]) -> Common,
    ) -> Option<(CellKind, usize)> {
        let entries = self.entries.iter().map(|it| (it.kind, common(&it.tokens).prompt));
        entries.max_by_key(|&(_, n)| n).filter(|&(_, n)| 0 < n)
    }

    /// Which parked tokens a prompt has most in common with, and how much.
    pub fn best(&self, mut common: impl FnMut(&[Token]) -> Common) -> Option<(usize, Common)> {
        let usable = self.entries.iter().enumerate().filter(|(_, entry)| entry.kind == self.kind);
        let entries = usable.map(|(idx, entry)| (idx, common(&entry.tokens)));
        entries.max_by_key(|(_, common)| common.prompt)
    }

    /// The tokens of an entry.
    pub fn tokens(&self, idx: usize) -> &[Token] {
        &self.entries[idx].tokens
    }

    /// The state of an entry, checked. What is damaged is removed.
    pub fn load(&mut self, idx: usize) -> Result<Vec<u8>, Damaged> {
        let entry = &self.entries[idx];
        let path = match &entry.place {
            Place::Aside(state) => return Ok(state.clone()),
            Place::File(path) => path,
        };
        let fingerprint = self.fingerprint(entry.kind);
        if let Some(fingerprint) = fingerprint
            && let Ok(state) = file::state(path, &fingerprint, &entry.tokens)
        {
            // Used now: others give way first.
            let _ = fs::File::open(path).and_then(|it| it.set_modified(SystemTime::now()));
            return Ok(state);
        }
        log_line(&format!("{} was damaged and is removed", path.display()));
        remove(path);
        self.entries.swap_remove(idx);
        Err(Damaged)
    }

    /// Parks tokens with the state that belongs to them. What was parked of their beginning is
    /// not needed any more. False when there is no room or they are too few.
    pub fn save(&mut self, owner: Owner, tokens: &[Token], state: &[u8]) -> bool {
        self.save_from(self.kind, owner, tokens, state)
    }

    /// Like [`Parking::save`], but in memory where there is room for it: [`Parking::write_one`]
    /// writes it. What is found not to fit on the disk then has given way.
    pub fn set_aside(&mut self, owner: Owner, tokens: &[Token], state: Vec<u8>) -> bool {
        if self.root.is_none() || tokens.len() < FEWEST {
            return false;
        }
        let aside = |entry: &Entry| match &entry.place {
            Place::Aside(state) => state.len(),
            Place::File(_) => 0,
        };
        let n_aside: usize = self.entries.iter().map(aside).sum();
        let is_known = |entry: &Entry| entry.kind == self.kind && entry.tokens == tokens;
        if MOST_ASIDE < n_aside + state.len() || self.entries.iter().any(is_known) {
            return self.save(owner, tokens, &state);
        }
        let (place, tokens) = (Place::Aside(state), tokens.to_vec());
        self.entries.push(Entry { place, kind: self.kind, owner, tokens });
        true
    }

    /// Writes one of the states that were set aside. False when there is none.
    pub fn write_one(&mut self) -> bool {
        let is_aside = |entry: &Entry| matches!(entry.place, Place::Aside(_));
        let Some(idx) = self.entries.iter().position(is_aside) else { return false };
        let Entry { place, kind, owner, tokens } = self.entries.swap_remove(idx);
        if let Place::Aside(state) = place
            && !self.save_from(kind, owner, &tokens, &state)
        {
            self.gave_way.insert(owner);
        }
        true
    }

    fn save_from(&mut self, kind: CellKind, owner: Owner, tokens: &[Token], state: &[u8]) -> bool {
        let Some(fingerprint) = self.fingerprint(kind).filter(|_| FEWEST <= tokens.len()) else {
            return false;
        };
        let Some(folder) = self.root.as_ref().map(|root| root.join(fingerprint.name())) else {
            return false;
        };
        if self.entries.iter().any(|entry| entry.kind == kind && entry.tokens == tokens) {
            return true;
        }
        if !self.make_room(file::size(tokens, state)) {
            self.gave_way.insert(owner);
            return false;
        }
        let written = fs::create_dir_all(&folder)
            .and_then(|()| file::write(&folder, &fingerprint, owner, tokens, state));
        match written {
            Ok(path) => {
                self.remove_where(|entry| tokens.starts_with(&entry.tokens));
                self.gave_way.remove(&owner);
                self.live.remove(owner);
                let place = Place::File(path);
                self.entries.push(Entry { place, kind, owner, tokens: tokens.to_vec() });
                true
            }
            Err(err) => {
                log_line(&format!("Tokens could not be parked in {}: {err}", folder.display()));
                false
            }
        }
    }

    /// Whether something is parked for this owner.
    pub fn knows(&self, owner: Owner) -> bool {
        self.entries.iter().any(|entry| entry.owner == owner)
    }

    /// Whether what was parked for this owner had to make room.
    pub fn gave_way(&self, owner: Owner) -> bool {
        self.gave_way.contains(&owner)
    }

    /// This owner has tokens that are not parked.
    pub fn is_live(&mut self, owner: Owner) {
        self.live.add(owner);
    }

    /// All that is to be parked is.
    pub fn is_done(&mut self) {
        self.live.clear();
    }

    /// Whether an engine ended before it could park what this owner had. It is said once.
    pub fn take_lost(&mut self, owner: Owner) -> bool {
        self.live.take_lost(owner)
    }

    /// Removes what is parked for this owner.
    pub fn forget(&mut self, owner: Owner) {
        self.remove_where(|entry| entry.owner == owner);
        self.gave_way.remove(&owner);
        self.live.remove(owner);
        self.live.take_lost(owner);
    }

    fn fingerprint(&self, kind: CellKind) -> Option<Fingerprint> {
        self.kinds.iter().find(|it| it.0 == kind).map(|it| it.1)
    }

    fn remove_where(&mut self, is_gone: impl Fn(&Entry) -> bool) {
        for entry in self.entries.extract_if(.., |entry| is_gone(entry)) {
            if let Place::File(path) = entry.place {
                remove(&path);
            }
        }
    }

    /// Removes the files of any model that were used longest ago, until `bytes` more fit.
    fn make_room(&mut self, bytes: u64) -> bool {
        let Some(root) = self.root.as_ref().filter(|_| bytes <= self.limit) else { return false };
        let folders = fs::read_dir(root).into_iter().flatten().flatten();
        let mut files: Vec<_> = folders.flat_map(|folder| files_in(&folder.path())).collect();
        files.sort_by_key(|&(_, used, _)| used);
        let mut held: u64 = files.iter().map(|(.., bytes)| bytes).sum();
        for (path, _, size) in files {
            if held + bytes <= self.limit {
                break;
            }
            remove(&path);
            held -= size;
            let is_there = |it: &mut Entry| matches!(&it.place, Place::File(at) if *at == path);
            for entry in self.entries.extract_if(.., is_there) {
                self.gave_way.insert(entry.owner);
            }
        }
        true
    }
}

/// Removes what is parked, for any model, for owners that are not kept.
pub fn keep_only(root: &Path, is_kept: impl Fn(Owner) -> bool) {
    for folder in fs::read_dir(root).into_iter().flatten().flatten() {
        for (path, ..) in files_in(&folder.path()) {
            if !file::owner_in_name(&path).is_some_and(&is_kept) {
                remove(&path);
            }
        }
    }
}

/// The files of a folder: where, when used last, how many bytes.
fn files_in(folder: &Path) -> Vec<(PathBuf, SystemTime, u64)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.path().extension().is_some_and(|it| it == ENDING))
        .filter_map(|entry| {
            let facts = entry.metadata().ok()?;
            Some((entry.path(), facts.modified().ok()?, facts.len()))
        })
        .collect()
}

fn remove(path: &Path) {
    // It may be gone already.
    let _ = fs::remove_file(path);
}

/// What the engine process prints goes to the server's log.
fn log_line(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{line}");
}

#[cfg(test)]
mod tests;
