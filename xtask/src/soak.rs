//! `cargo xtask soak`: chats under everything that can break, as a Markdown table.

use std::io::{Write, stdout};

use anyhow::Result;

use crate::steps::Steps;
use crate::{bench, machine, models, test};

/// Prints the table on stdout; everything else goes to stderr.
pub(crate) fn run() -> Result<()> {
    let mut steps = Steps::new(4);
    steps.run("tools", test::tools)?;
    steps.run("build", test::build)?;
    steps.run("models", models::ensure)?;
    writeln!(stdout(), "\nMeasured on {}.\n", machine::describe()?)?;
    steps.run("cuts, kills and many chats", || bench::measure("soak"))
}
