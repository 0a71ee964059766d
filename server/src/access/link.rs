//! Links that sign a browser in: once, and within five minutes.
//!
//! A link is good as long as a file by the hash of its code is in a folder that only its owner can look
//! into. So any Wick of that person can make one for the Wick that runs, and whoever takes the file away
//! has used the link up. The file is a page that leads to Wick with the code: a browser is started with
//! the file's name, which tells other users of the computer nothing. The code itself stands behind the `#`
//! of the address, which browsers don't send.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};

use super::token::{code, digits, hash};
use crate::privacy::make_folder;
use crate::settings::links_folder;

/// How long a link is good.
const GOOD_FOR: Duration = Duration::from_mins(5);

/// The folder of links.
pub struct Links(PathBuf);

/// A link that signs a browser in.
pub struct Link {
    /// Where it leads.
    pub address: String,
    /// A page that leads there.
    pub file: PathBuf,
}

impl Links {
    /// Those of a data folder.
    pub fn of(data_dir: &Path) -> Links {
        Links(links_folder(data_dir))
    }

    /// Makes a link to the Wick at this address. Those that are too old go.
    pub fn make(&self, wick: &str) -> Result<Link> {
        make_folder(&self.0)?;
        for entry in fs::read_dir(&self.0).into_iter().flatten().flatten() {
            if !is_good(&entry.path()) {
                // Nothing depends on it.
                let _ = fs::remove_file(entry.path());
            }
        }
        let code = code().context("The system gave no random numbers")?;
        let (address, file) = (format!("{wick}/#key={code}"), self.file(&code));
        let page = format!(
            "<!doctype html><meta charset=\"utf-8\"><title>Wick</title>\n\
             <meta http-equiv=\"refresh\" content=\"0; url={address}\">\n\
             <a href=\"{address}\">Wick</a>\n"
        );
        let written = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&file)
            .and_then(|mut it| it.write_all(page.as_bytes()));
        written.with_context(|| format!("{} can't be written", file.display()))?;
        Ok(Link { address, file })
    }

    /// Uses up the link with this code; whether it was good.
    pub fn take(&self, code: &str) -> bool {
        let file = self.file(code);
        let was_good = is_good(&file);
        // Of two who come at once, one takes it away.
        fs::remove_file(file).is_ok() && was_good
    }

    fn file(&self, code: &str) -> PathBuf {
        self.0.join(format!("{}.html", digits(&hash(code))))
    }
}

/// Whether it is there and young enough. A file from the future is not.
fn is_good(file: &Path) -> bool {
    let made = fs::metadata(file).and_then(|it| it.modified());
    made.is_ok_and(|made| SystemTime::now().duration_since(made).is_ok_and(|age| age <= GOOD_FOR))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    const WICK: &str = "http://localhost:8080";

    fn code(link: &Link) -> &str {
        link.address.strip_prefix("http://localhost:8080/#key=").expect("it leads to Wick")
    }

    #[test]
    fn a_link_is_good_once() {
        let folder = tempfile::tempdir().expect("there is a folder for these");
        let links = Links::of(folder.path());
        let (one, other) = (links.make(WICK).expect("there is room"), links.make(WICK));
        let other = other.expect("there is room");
        assert_ne!(code(&one), code(&other));
        assert_eq!(code(&one).len(), 32);
        assert!(links.take(code(&one)));
        assert!(!links.take(code(&one)));
        assert!(links.take(code(&other)));
        for wrong in ["", "../wick.db", "0", "/etc/passwd"] {
            assert!(!links.take(wrong), "{wrong}");
        }
    }

    #[test]
    fn only_its_owner_reads_it_and_its_name_does_not_say_the_code() {
        let folder = tempfile::tempdir().expect("there is a folder for these");
        let link = Links::of(folder.path()).make(WICK).expect("there is room");
        let mode =
            |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!(mode(&link.file), 0o600);
        assert_eq!(mode(&links_folder(folder.path())), 0o700);
        assert!(!link.file.to_string_lossy().contains(code(&link)));
        assert!(fs::read_to_string(&link.file).expect("it is text").contains(&link.address));
    }

    #[test]
    fn a_link_that_is_too_old_is_not_good_and_goes() {
        let folder = tempfile::tempdir().expect("there is a folder for these");
        let links = Links::of(folder.path());
        let (old, older) = (links.make(WICK).expect("there is room"), links.make(WICK));
        let older = older.expect("there is room");
        for link in [&old, &older] {
            let file = fs::File::options().write(true).open(&link.file).expect("it is ours");
            let then = SystemTime::now() - GOOD_FOR - Duration::from_secs(1);
            file.set_modified(then).expect("it is ours");
        }
        assert!(!links.take(code(&old)));
        links.make(WICK).expect("there is room");
        assert!(!older.file.exists());
    }
}
