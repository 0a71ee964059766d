//! The server, before anybody said anything.

use std::time::Duration;

use super::process::{Resident, ticks};
use super::support::Wick;
use super::table::row;

/// How long it is watched.
const WATCHED: Duration = Duration::from_secs(10);

/// Prints the rows. One page is open.
pub fn measure(wick: &Wick) {
    let before = ticks(wick.id());
    std::thread::sleep(WATCHED);
    let used = ticks(wick.id()) - before;
    let resident = format!("{:.1} MB", Resident::of(wick.id()).total() / 1e6);
    row("server alone with one page open, resident", &resident, "≤ 25 MB");
    // A tick is a hundredth of a second.
    let percent = used as f64 / WATCHED.as_secs_f64();
    row("server alone, processor over 10 s", &format!("{percent:.1} %"), "0.0 %");
}
