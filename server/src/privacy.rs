//! What Wick keeps is the person's own: the data folder can be looked into by nobody else, and its
//! files can be read by nobody else.
//!
//! What is made is made so (`umask` in `main`). What was there before, or was copied from somewhere,
//! is made so at each start.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, DirEntry, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::settings::{links_folder, models_folder, parking_folder, tls_folder};

/// Rights of nobody but the owner.
const FOLDER: u32 = 0o700;
const FILE: u32 = 0o600;

/// Something that others may look into or read.
#[derive(Debug, PartialEq, Eq)]
pub struct Shared {
    /// Where it is.
    pub path: PathBuf,
    /// Its rights, as `chmod` writes them.
    pub mode: u32,
    /// What they are to be.
    wanted: u32,
}

impl Shared {
    /// Takes the rights of others away.
    pub fn keep(&self) -> io::Result<()> {
        fs::set_permissions(&self.path, Permissions::from_mode(self.wanted))
    }
}

/// Makes a folder that nobody else can look into, where there is none.
pub fn make_folder(folder: &Path) -> Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(FOLDER)
        .create(folder)
        .with_context(|| format!("The folder {} can't be made", folder.display()))
}

/// Makes a data folder where there is none, and keeps what is in it from others. What can't be kept
/// is no reason not to start.
pub fn keep(data_dir: &Path) -> Result<()> {
    make_folder(data_dir)?;
    make_folder(&models_folder(data_dir))?;
    // The folder comes first: from then on nobody else can put anything in place of what follows.
    for it in shared(data_dir) {
        if let Err(err) = it.keep() {
            tracing::warn!("{} can't be kept from others: {err}", it.path.display());
        }
    }
    Ok(())
}

/// What of a data folder others may look into or read, the folder first.
pub fn shared(data_dir: &Path) -> Vec<Shared> {
    // Where it is kept in another place, that is what counts.
    let whole = fs::canonicalize(data_dir).unwrap_or_else(|_| data_dir.to_owned());
    let data_dir = whole.as_path();
    let mut found = Vec::new();
    let entries = entries(data_dir);
    if is_of_wick(data_dir, &entries) {
        found.extend(look(data_dir, FOLDER));
    }
    found.extend(look(&models_folder(data_dir), FOLDER));
    for entry in entries.iter().filter(|it| is_file_of_wick(&it.file_name())) {
        found.extend(look(&entry.path(), FILE));
    }
    let links = links_folder(data_dir);
    found.extend(look(&links, FOLDER));
    for file in self::entries(&links) {
        found.extend(look(&file.path(), FILE));
    }
    let tls = tls_folder(data_dir);
    found.extend(look(&tls, FOLDER));
    for file in self::entries(&tls) {
        found.extend(look(&file.path(), FILE));
    }
    let parked = parking_folder(data_dir);
    found.extend(look(&parked, FOLDER));
    for folder in self::entries(&parked) {
        found.extend(look(&folder.path(), FOLDER));
        for file in self::entries(&folder.path()) {
            found.extend(look(&file.path(), FILE));
        }
    }
    found
}

/// Whether a folder is only for Wick: a person's own, such as the home folder, keeps its rights.
fn is_of_wick(folder: &Path, entries: &[DirEntry]) -> bool {
    let known = |name: &OsStr| {
        name == "models"
            || name == "parked"
            || name == "sign-in"
            || name == "tls"
            || is_file_of_wick(name)
    };
    folder.file_name() == Some(OsStr::new("wick"))
        || entries.iter().all(|entry| known(&entry.file_name()))
}

/// The database, what belongs to it, copies of older versions, the settings and the lock.
fn is_file_of_wick(name: &OsStr) -> bool {
    name.to_string_lossy().starts_with("wick.")
}

/// Links are left alone: what they lead to may be anybody's.
fn look(path: &Path, wanted: u32) -> Option<Shared> {
    let facts = fs::symlink_metadata(path).ok()?;
    let is_such = if wanted == FOLDER { facts.is_dir() } else { facts.is_file() };
    let mode = facts.permissions().mode() & 0o7777;
    (is_such && mode & 0o077 != 0).then(|| Shared { path: path.to_owned(), mode, wanted })
}

fn entries(folder: &Path) -> Vec<DirEntry> {
    // A link is not followed to another folder.
    let is_folder = fs::symlink_metadata(folder).is_ok_and(|it| it.is_dir());
    let found = is_folder.then(|| fs::read_dir(folder).ok()).flatten();
    found.into_iter().flatten().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("it is there").permissions().mode() & 0o777
    }

    fn open(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).expect("it is ours");
    }

    #[test]
    fn what_others_could_read_is_kept_from_them_and_models_are_left_alone() {
        let folder = tempfile::tempdir().expect("there is a folder for these");
        let at = |name: &str| folder.path().join(name);
        for name in ["models", "parked", "parked/a"] {
            fs::create_dir(at(name)).expect("it is new");
            open(&at(name), 0o755);
        }
        let files = ["wick.db", "wick.db-wal", "wick.version-1.db", "parked/a/1.parked"];
        for name in files.iter().chain(&["models/m.gguf"]) {
            fs::write(at(name), "x").expect("it is small");
            open(&at(name), 0o644);
        }
        std::os::unix::fs::symlink(at("models/m.gguf"), at("wick.link")).expect("it is new");
        open(folder.path(), 0o755);
        assert_eq!(shared(folder.path()).len(), 4 + files.len());
        keep(folder.path()).expect("it is ours");
        assert_eq!(shared(folder.path()), []);
        assert_eq!(mode(folder.path()), 0o700);
        assert!(files.iter().all(|name| mode(&at(name)) == 0o600));
        assert_eq!(mode(&at("models/m.gguf")), 0o644);
    }

    #[test]
    fn a_folder_that_holds_other_things_keeps_its_rights() {
        let folder = tempfile::tempdir().expect("there is a folder for these");
        fs::write(folder.path().join("letter.txt"), "x").expect("it is small");
        fs::write(folder.path().join("wick.db"), "x").expect("it is small");
        open(&folder.path().join("wick.db"), 0o644);
        open(folder.path(), 0o755);
        keep(folder.path()).expect("it is ours");
        assert_eq!(mode(folder.path()), 0o755);
        assert_eq!(mode(&folder.path().join("wick.db")), 0o600);
    }
}
