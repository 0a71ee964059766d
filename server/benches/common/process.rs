//! What processes take, as `/proc` says.

use std::fs;

/// Bytes of a process that are in memory.
#[derive(Clone, Copy, Default)]
pub struct Resident {
    /// Its own.
    pub anonymous: f64,
    /// Of files.
    pub file: f64,
}

impl Resident {
    /// Of this process.
    pub fn of(process: u32) -> Resident {
        let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
        let bytes = |name| kilobytes(&status, name) * 1024.0;
        Resident { anonymous: bytes("RssAnon:"), file: bytes("RssFile:") + bytes("RssShmem:") }
    }

    /// All of them.
    pub fn total(self) -> f64 {
        self.anonymous + self.file
    }
}

/// Bytes that the system could give to whoever asks: `MemAvailable`, and what was freed and each
/// processor still keeps at hand, which Linux does not count and gives back within seconds.
pub fn available() -> f64 {
    let counted = kilobytes(&fs::read_to_string("/proc/meminfo").unwrap(), "MemAvailable:");
    let zones = fs::read_to_string("/proc/zoneinfo").unwrap();
    let at_hand = zones.lines().filter_map(|line| line.trim().strip_prefix("count:"));
    let pages: f64 = at_hand.map(|count| count.trim().parse::<f64>().unwrap()).sum();
    let smaps = fs::read_to_string("/proc/self/smaps").unwrap();
    (counted + pages * kilobytes(&smaps, "KernelPageSize:")) * 1024.0
}

/// Time of processors that a process took, in hundredths of a second.
pub fn ticks(process: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

fn kilobytes(text: &str, name: &str) -> f64 {
    let value = text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    value.trim().trim_end_matches(" kB").parse().unwrap()
}
