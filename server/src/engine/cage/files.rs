//! Which files an engine process can open: Landlock, by what is beneath a path.
//!
//! Newer kernels keep more from it: TCP since version 4 of Landlock, signals and abstract sockets
//! since 6. It is all asked for, and `calls` stops the same without it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreated, RulesetCreatedAttr, RulesetStatus, Scope, make_bitflags,
};

/// What the engine looks at of the system: its own memory and time, and how much there is; how many
/// processors it may use; and where C++ gets its first random number. What is not there is left out.
const SYSTEM: [&str; 7] = [
    "/proc/self",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/cpuinfo",
    "/sys/fs/cgroup",
    "/sys/devices/system/cpu",
    "/dev/urandom",
];

/// What it does in the folder for parked sessions: each model has a folder there, in which files are
/// written, renamed, read and removed.
const PARKING: BitFlags<AccessFs> = make_bitflags!(AccessFs::{
    ReadFile | ReadDir | WriteFile | Truncate | MakeReg | MakeDir | RemoveFile
});

/// Puts the lock on.
pub(super) fn close(models: &[PathBuf], parked: Option<&Path>) -> Result<()> {
    let mut rules = Ruleset::default()
        .handle_access(AccessFs::from_all(ABI::V5))?
        .handle_access(AccessNet::from_all(ABI::V4))?
        .scope(Scope::from_all(ABI::V6))?
        .create()?;
    for path in SYSTEM {
        if let Ok(place) = PathFd::new(path) {
            rules = allow(rules, &place, readable(Path::new(path)))?;
            // The kernel forgets what nobody holds of /proc, and makes another one that the rule
            // does not know. The process holds it to its end.
            std::mem::forget(place);
        }
    }
    for model in models {
        // Without the file the load says what is wrong.
        if let Ok(place) = PathFd::new(model) {
            rules = allow(rules, &place, readable(model))?;
        }
    }
    // A folder that can't be made, as on a full disk, is parked in by nobody.
    if let Some(parked) = parked
        && fs::create_dir_all(parked).is_ok()
        && let Ok(place) = PathFd::new(parked)
    {
        rules = allow(rules, &place, PARKING)?;
    }
    match rules.restrict_self()?.ruleset {
        RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced => Ok(()),
        RulesetStatus::NotEnforced => bail!("this kernel has no Landlock"),
    }
}

fn allow(
    rules: RulesetCreated,
    place: &PathFd,
    access: BitFlags<AccessFs>,
) -> Result<RulesetCreated> {
    Ok(rules.add_rule(PathBeneath::new(place, access))?)
}

fn readable(path: &Path) -> BitFlags<AccessFs> {
    if path.is_dir() { AccessFs::ReadFile | AccessFs::ReadDir } else { AccessFs::ReadFile.into() }
}
