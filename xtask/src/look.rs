//! `cargo xtask look`: screenshots of the page in its main states, to be looked at.

use anyhow::Result;

use crate::playwright::playwright;
use crate::steps::Steps;
use crate::{models, places, process, test};

/// Takes them from the real executable with the real model.
pub(crate) fn run() -> Result<()> {
    let mut steps = Steps::new(4);
    steps.run("tools", test::tools)?;
    steps.run("build", test::build)?;
    steps.run("models", models::ensure)?;
    steps.run("screenshots", || {
        let mut look = playwright(["test", "--config", "look.config.ts"]);
        process::run(look.env("WICK_LOOK", places::target().join("look")))
    })?;
    eprintln!("They are in {}", places::target().join("look").display());
    Ok(())
}
