//! How much memory there is, as the system and the control group see it.
//!
//! ggml is no help here: it reports all memory of the machine as free.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Bytes that a new allocation could have: what the system calls available, or what the control
/// group still allows, whichever is less. `None` where neither can be read.
pub fn available() -> Option<u64> {
    let system =
        fs::read_to_string("/proc/meminfo").ok().and_then(|it| kilobytes(&it, "MemAvailable:"));
    match (system, group_left()) {
        (Some(system), Some(group)) => Some(system.min(group)),
        (system, group) => system.or(group),
    }
}

/// Bytes of a process that are in memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resident {
    /// Its own.
    pub anonymous: u64,
    /// Of files, such as a mapped model: the system takes them back when it needs room.
    pub file: u64,
}

impl Resident {
    /// All of them.
    pub fn total(self) -> u64 {
        self.anonymous + self.file
    }
}

/// What of a process is in memory; `None` when there is no such process.
pub fn resident(process: u32) -> Option<Resident> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let file = kilobytes(&status, "RssFile:")? + kilobytes(&status, "RssShmem:").unwrap_or(0);
    Some(Resident { anonymous: kilobytes(&status, "RssAnon:")?, file })
}

/// As a person reads an amount of memory: "940 MB", "21.3 GB".
pub fn readable(bytes: u64) -> String {
    match bytes {
        0..10_000_000_000 => format!("{} MB", (bytes + 500_000) / 1_000_000),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

/// The value of a line such as `MemAvailable:   24000 kB`, in bytes.
fn kilobytes(text: &str, name: &str) -> Option<u64> {
    let value = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: u64 = value.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// What the tightest control group (version 2) above this process still allows, in bytes.
fn group_left() -> Option<u64> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    let own = groups.lines().find_map(|line| line.strip_prefix("0::/"))?;
    let root = Path::new("/sys/fs/cgroup");
    let own: PathBuf = root.join(own);
    own.ancestors().take_while(|group| group.starts_with(root)).filter_map(left_in).min()
}

fn left_in(group: &Path) -> Option<u64> {
    let number = |name: &str| -> Option<u64> {
        fs::read_to_string(group.join(name)).ok()?.trim().parse().ok()
    };
    // "max" is no number: no limit.
    let most = number("memory.max")?;
    let used = number("memory.current")?;
    // Files that were read lately count as used but give way.
    let stat = fs::read_to_string(group.join("memory.stat")).unwrap_or_default();
    let gives_way = stat
        .lines()
        .find_map(|line| line.strip_prefix("inactive_file "))
        .and_then(|bytes| bytes.parse().ok())
        .unwrap_or(0);
    Some(most.saturating_sub(used.saturating_sub(gives_way)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_system_is_read_in_bytes() {
        let text = "MemTotal:       100 kB\nMemAvailable:   24000 kB\n";
        assert_eq!(kilobytes(text, "MemAvailable:"), Some(24_000 * 1024));
        assert_eq!(kilobytes(text, "SwapFree:"), None);
    }

    #[test]
    fn amounts_are_readable() {
        assert_eq!(readable(940_000_000), "940 MB");
        assert_eq!(readable(21_340_000_000), "21.3 GB");
    }

    #[test]
    fn this_process_is_in_memory() {
        let resident = resident(std::process::id()).expect("it runs");
        assert!(100_000 < resident.total(), "{resident:?}");
        assert_eq!(super::resident(u32::MAX), None);
    }
}
