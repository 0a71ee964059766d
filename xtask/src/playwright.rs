//! Playwright, from npm, which drives the browsers that the system brings.

use std::fs;
use std::process::Command;
use std::time::SystemTime;

use anyhow::Result;

use crate::{node, places, process};

/// Makes sure that Playwright is installed as the lock file says.
pub(crate) fn ensure() -> Result<()> {
    node::ensure()?;
    let changed = |file: &str| -> Option<SystemTime> {
        fs::metadata(places::end2end().join(file)).ok()?.modified().ok()
    };
    if changed("package-lock.json") <= changed("node_modules/.package-lock.json") {
        return Ok(());
    }
    let mut npm = node::npm();
    npm.args(["ci", "--no-audit", "--no-fund"]).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    process::run(&mut npm)
}

/// Playwright's runner, with what the tests need to know.
pub(crate) fn playwright<const N: usize>(args: [&str; N]) -> Command {
    script("node_modules/.bin/playwright", args)
}

/// A script of the page tests' folder, with what it needs to know.
pub(crate) fn script<const N: usize>(file: &str, args: [&str; N]) -> Command {
    let mut command = node::node();
    command.arg(file).args(args);
    command.env("WICK_BIN", places::wick()).env("WICK_TEST_MODELS", places::test_models());
    command
}
