//! `cargo xtask soak`: chats under everything that can break, as a Markdown table.

use std::fs;
use std::io::{Write, stderr, stdout};

use anyhow::Result;

use crate::playwright::playwright;
use crate::steps::Steps;
use crate::{bench, cargo, machine, models, places, process, test};

/// Cuts in a browser.
const CUTS: &str = "1000";

/// Changed headers of a model.
const MUTATIONS: &str = "10000";

/// Prints the table on stdout; everything else goes to stderr.
pub(crate) fn run() -> Result<()> {
    let mut steps = Steps::new(6);
    steps.run("tools", test::tools)?;
    steps.run("build", test::build)?;
    steps.run("models", models::ensure)?;
    writeln!(stdout(), "\nMeasured on {}.\n", machine::describe()?)?;
    steps.run("cuts, kills and many chats", || bench::measure("soak"))?;
    steps.run("changed headers", changed_headers)?;
    steps.run("cuts in a browser", in_a_browser)
}

fn changed_headers() -> Result<()> {
    let table = places::target().join("tests/mutations.md");
    // It is added to.
    let _ = fs::remove_file(&table);
    let mut test = cargo::cargo(["test", "--locked", "--release", "-p", "wick", "--bin", "wick"]);
    test.args(["gguf::mutations"]).env("WICK_TEST_MODELS", places::test_models());
    test.env("WICK_MUTATIONS", MUTATIONS).env("WICK_MUTATIONS_TABLE", &table).stdout(stderr());
    process::run(&mut test)?;
    write!(stdout(), "{}", fs::read_to_string(&table)?)?;
    Ok(())
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
