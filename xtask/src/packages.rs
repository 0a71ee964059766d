//! The system's package manager, used where it may be, else one exact line to type.

use std::fs;
use std::io::{IsTerminal, stdin};
use std::os::unix::fs::MetadataExt;
use std::process::Command;

use anyhow::{Result, bail};

use crate::process;

/// What one thing is called in each package manager.
pub(crate) struct Packages {
    /// Debian, Ubuntu.
    pub(crate) apt: &'static str,
    /// Fedora.
    pub(crate) dnf: &'static str,
    /// Arch.
    pub(crate) pacman: &'static str,
    /// `openSUSE`.
    pub(crate) zypper: &'static str,
}

impl Packages {
    /// Called the same everywhere.
    pub(crate) const fn all(name: &'static str) -> Self {
        Self { apt: name, dnf: name, pacman: name, zypper: name }
    }
}

struct Manager {
    command: &'static str,
    /// Makes the manager's list of packages a fresh one, where `install` does not.
    refresh: Option<&'static str>,
    install: &'static [&'static str],
    name: fn(&Packages) -> &'static str,
}

const MANAGERS: [Manager; 4] = [
    Manager {
        command: "apt-get",
        refresh: Some("update"),
        install: &["install", "--yes", "--no-install-recommends"],
        name: |packages| packages.apt,
    },
    Manager {
        command: "dnf",
        refresh: None,
        install: &["install", "--assumeyes"],
        name: |packages| packages.dnf,
    },
    Manager {
        command: "pacman",
        refresh: None,
        install: &["--sync", "--refresh", "--needed", "--noconfirm"],
        name: |packages| packages.pacman,
    },
    Manager {
        command: "zypper",
        refresh: None,
        install: &["--non-interactive", "install"],
        name: |packages| packages.zypper,
    },
];

/// Installs packages, or fails with the line that does it.
pub(crate) fn install(packages: &[&Packages]) -> Result<()> {
    let Some(manager) = MANAGERS.iter().find(|it| process::find(it.command).is_some()) else {
        let names: Vec<_> = packages.iter().map(|it| it.apt).collect();
        bail!(
            "none of apt-get, dnf, pacman and zypper is here; install what Debian calls {} \
             in this system's way, then run this again",
            names.join(", ")
        );
    };
    let mut names: Vec<_> = packages.iter().map(|it| (manager.name)(it)).collect();
    names.dedup();
    let typed = format!("{} {} {}", manager.command, manager.install.join(" "), names.join(" "));
    let Some(mut prefix) = rights() else {
        bail!("installing needs a password; type this, then run this again:\n\n    sudo {typed}\n");
    };
    prefix.extend(["env", "DEBIAN_FRONTEND=noninteractive", manager.command]);
    if let Some(refresh) = manager.refresh {
        // One source of packages that can't be reached need not be the one that matters.
        let _ = process::run(Command::new(prefix[0]).args(&prefix[1..]).arg(refresh));
    }
    process::run(Command::new(prefix[0]).args(&prefix[1..]).args(manager.install).args(&names))
}

/// What goes before a command that changes the system; `None` when this person can't.
fn rights() -> Option<Vec<&'static str>> {
    let is_root = fs::metadata("/proc/self").is_ok_and(|it| it.uid() == 0);
    if is_root {
        return Some(Vec::new());
    }
    process::find("sudo")?;
    let may_ask = stdin().is_terminal();
    let asks_nothing =
        || process::succeeds(Command::new("sudo").args(["--non-interactive", "true"]));
    (may_ask || asks_nothing()).then(|| vec!["sudo"])
}
