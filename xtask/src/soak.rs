//! `cargo xtask soak`: chats under everything that can break, as a Markdown table.

use std::fs;
use std::io::{Write, stderr, stdout};

use anyhow::Result;

use crate::playwright::playwright;
use crate::steps::Steps;
use crate::{bench, machine, models, places, process, test};

/// Cuts in a browser.
const CUTS: &str = "1000";

/// Prints the table on stdout; everything else goes to stderr.
pub(crate) fn run() -> Result<()> {
    let mut steps = Steps::new(5);
    steps.run("tools", test::tools)?;
    steps.run("build", test::build)?;
    steps.run("models", models::ensure)?;
    writeln!(stdout(), "\nMeasured on {}.\n", machine::describe()?)?;
    steps.run("cuts, kills and many chats", || bench::measure("soak"))?;
    steps.run("cuts in a browser", in_a_browser)
}

fn in_a_browser() -> Result<()> {
    let table = places::target().join("tests/cuts.md");
    // It is added to.
    let _ = fs::remove_file(&table);
    let mut cuts = playwright(["test", "--project=desktop", "cuts"]);
    cuts.env("WICK_CUTS", CUTS).env("WICK_CUTS_TABLE", &table).stdout(stderr());
    process::run(&mut cuts)?;
    write!(stdout(), "{}", fs::read_to_string(&table)?)?;
    Ok(())
}
