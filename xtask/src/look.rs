//! `cargo xtask look`: the page in its main states, as screenshots to be looked at, and held against
//! pictures of its screens that were looked at before.

use anyhow::Result;
use clap::Args;

use crate::playwright::playwright;
use crate::steps::Steps;
use crate::{models, places, process, test};

/// Take screenshots of the page in its main states, into target/look.
#[derive(Args)]
pub(crate) struct Look {
    /// Hold the screens against those in end2end/visual/baselines instead.
    #[arg(long)]
    compare: bool,
    /// Keep the screens as they are now in end2end/visual/baselines, to be looked at and committed.
    #[arg(long, conflicts_with = "compare")]
    keep: bool,
}

impl Look {
    /// Takes them from the real executable with the real model.
    pub(crate) fn run(&self) -> Result<()> {
        let mut steps = Steps::new(4);
        steps.run("tools", test::tools)?;
        steps.run("build", test::build)?;
        steps.run("models", models::ensure)?;
        steps.run("screenshots", || self.take())
    }

    fn take(&self) -> Result<()> {
        let mut look = match (self.compare, self.keep) {
            (true, _) => playwright(["test", "--config", "visual.config.ts"]),
            (_, true) => {
                playwright(["test", "--config", "visual.config.ts", "--update-snapshots", "all"])
            }
            (false, false) => playwright(["test", "--config", "look.config.ts"]),
        };
        process::run(look.env("WICK_LOOK", places::target().join("look")))?;
        let folder = if self.compare || self.keep {
            places::root().join("end2end/visual/baselines")
        } else {
            places::target().join("look")
        };
        eprintln!("They are in {}", folder.display());
        Ok(())
    }
}
