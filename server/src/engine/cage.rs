//! The cage of an engine process: what it can't do any more when it begins to read a model.
//!
//! A file can be made to break llama.cpp. Whoever takes the process over in that way finds two locks
//! that it put on itself and can't take off: `files` says which files can be opened (Landlock),
//! `calls` which system calls there are (seccomp). Where the system has one of them, that one holds;
//! where it has none, the engine answers all the same, and says so. `trial` tries what must fail.

#[cfg(target_os = "linux")]
mod calls;
#[cfg(target_os = "linux")]
mod files;
#[cfg(target_os = "linux")]
pub mod trial;

use std::fmt::{self, Display, Formatter};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// What of the cage holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cage {
    /// No other file can be opened, made, changed or executed.
    pub files: bool,
    /// Nothing can be connected, executed, traced or signalled.
    pub calls: bool,
}

impl Cage {
    /// Closes it around this thread and those that it starts: it comes before the second one. From
    /// then on the process can read these model files, and do as it likes with what is in the folder
    /// for parked sessions, which is made where it is missing.
    pub fn close(models: &[PathBuf], parked: Option<&Path>) -> Cage {
        #[cfg(target_os = "linux")]
        {
            // The second lock leaves no call for the first one.
            let files = held(files::close(models, parked));
            Cage { files, calls: held(calls::close()) }
        }
        #[cfg(not(target_os = "linux"))]
        {
            let _ = (models, parked);
            Cage::default()
        }
    }

    /// Whether all of it holds.
    pub fn is_closed(self) -> bool {
        self.files && self.calls
    }
}

/// What the engine can't do, in a sentence that begins with its name.
impl Display for Cage {
    fn fmt(&self, to: &mut Formatter<'_>) -> fmt::Result {
        to.write_str(match (self.files, self.calls) {
            (true, true) => {
                "the engine is caged: it can't open files but its model and what is parked, connect, \
                 start programs or look into others"
            }
            (false, true) => {
                "the engine is half caged: it can't connect, start programs or look into others. This \
                 system has no Landlock, so files that you can open are not kept from it"
            }
            (true, false) => {
                "the engine is half caged: it can't open files but its model and what is parked. This \
                 system lets no seccomp filter in, so the network and other programs are not kept \
                 from it"
            }
            (false, false) => {
                "the engine is not caged: this system has neither Landlock nor seccomp filters, so the \
                 engine can do what you can"
            }
        })
    }
}

/// Whether a lock is on. Why it is not goes to the log.
#[cfg(target_os = "linux")]
fn held(result: anyhow::Result<()>) -> bool {
    use std::io::Write;
    match result {
        Ok(()) => true,
        Err(err) => {
            let _ = writeln!(std::io::stderr(), "a lock of the cage does not hold: {err:#}");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_hold_is_said() {
        let says = |files, calls| Cage { files, calls }.to_string();
        assert!(says(true, true).starts_with("the engine is caged: "));
        assert!(says(false, true).contains("no Landlock"));
        assert!(says(true, false).contains("no seccomp"));
        assert!(says(false, false).starts_with("the engine is not caged"));
    }
}
