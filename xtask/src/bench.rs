//! `cargo xtask bench`: sizes, times and speed, as Markdown tables with the machine named.

use std::io::{Write, stdout};

use anyhow::Result;

use crate::cargo::{self, cargo};
use crate::steps::Steps;
use crate::{machine, models, places, playwright, process, test};

/// Prints the tables on stdout; everything else goes to stderr.
pub(crate) fn run() -> Result<()> {
    let mut steps = Steps::new(9);
    steps.run("tools", test::tools)?;
    steps.run("build", test::build)?;
    steps.run("models", models::ensure)?;
    writeln!(stdout(), "\nMeasured on {}.\n", machine::describe()?)?;
    steps.run("server and engine", || measure("stack"))?;
    writeln!(stdout())?;
    steps.run("chats", || measure("sessions"))?;
    writeln!(stdout())?;
    steps.run("a large model", || measure("large"))?;
    writeln!(stdout())?;
    steps.run("page", || page("bench.mjs"))?;
    writeln!(stdout())?;
    steps.run("page, slowed down", || page("streaming.mjs"))?;
    writeln!(stdout())?;
    steps.run("Lighthouse", || page("lighthouse.mjs"))
}

/// Runs one of the benches of the page.
fn page(script: &str) -> Result<()> {
    process::run(&mut playwright::script(script, []))
}

/// Runs one of the benches of the server.
pub(crate) fn measure(what: &str) -> Result<()> {
    let mut bench = cargo(["bench", "--locked", "--profile", "release", "-p", "wick"]);
    bench.args(["--bench", what]);
    bench.env("WICK_TEST_MODELS", places::test_models()).env("WICK_BIN", places::wick());
    cargo::run(&mut bench)
}
