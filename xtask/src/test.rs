//! `cargo xtask test`: everything that proves the project, stopping at the first failure.

use anyhow::Result;
use clap::ValueEnum;

use crate::cargo::{self, cargo};
use crate::playwright::{self, playwright};
use crate::steps::Steps;
use crate::{clients, models, places, process, rust, tools};

/// Prove the project: format, lints, unit, integration and page tests.
#[derive(clap::Args)]
pub(crate) struct Test {
    /// Only these steps, separated by commas.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "STEPS")]
    only: Vec<Step>,
}

/// The steps, in the order in which they run.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Step {
    /// Install what is missing.
    Tools,
    /// Check the format.
    Format,
    /// Lint everything but the page, and check the types of its tests.
    Lint,
    /// Lint the page and run its unit tests.
    Page,
    /// Build what people run.
    Build,
    /// Fetch the models that the tests use.
    Models,
    /// Run unit and integration tests.
    Cargo,
    /// Let programs of others talk to what people run.
    Clients,
    /// Run the page tests in Chromium and Firefox.
    Browsers,
    /// See whether the page works in `WebKit`.
    Webkit,
}

impl Test {
    /// Runs the steps.
    pub(crate) fn run(&self) -> Result<()> {
        let chosen = |step: &Step| self.only.is_empty() || self.only.contains(step);
        let chosen: Vec<_> = Step::value_variants().iter().copied().filter(chosen).collect();
        let mut steps = Steps::new(chosen.len());
        for step in chosen {
            steps.run(step.name(), || step.run())?;
        }
        steps.report();
        Ok(())
    }
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Tools => "tools",
            Self::Format => "format",
            Self::Lint => "lint",
            Self::Page => "lint and test the page",
            Self::Build => "build",
            Self::Models => "models",
            Self::Cargo => "cargo tests",
            Self::Clients => "programs of others",
            Self::Browsers => "browser tests",
            Self::Webkit => "WebKit",
        }
    }

    fn run(self) -> Result<()> {
        match self {
            Self::Tools => tools(),
            Self::Format => process::run(&mut cargo(["fmt", "--check"])),
            Self::Lint => lint(),
            Self::Page => page(),
            Self::Build => build(),
            Self::Models => models::ensure(),
            Self::Cargo => cargo_tests(),
            Self::Clients => clients::run(),
            Self::Browsers => browser_tests(),
            Self::Webkit => webkit_tests(),
        }
    }
}

/// Installs what building, testing and measuring need.
pub(crate) fn tools() -> Result<()> {
    tools::ensure(&[&tools::TO_BUILD[..], &tools::TO_TEST].concat())?;
    // Not every system has it.
    if let Err(err) = tools::ensure(&[&tools::HEADLESS]) {
        eprintln!("{err:#}. The browser tests take longer without it.");
    }
    if let Err(err) = tools::ensure(&[&tools::WEBKIT, &tools::SCREEN]) {
        eprintln!("{err:#}. The page is not tested in WebKit without it.");
    }
    rust::ensure_wasm()?;
    rust::ensure_lints()?;
    playwright::ensure()
}

/// Builds what people run.
pub(crate) fn build() -> Result<()> {
    cargo::run(&mut cargo(["build", "--release", "--locked", "-p", "wick"]))
}

/// In the release profile, because llama.cpp is compiled once in each profile.
fn lint() -> Result<()> {
    process::run(&mut playwright::script("node_modules/.bin/tsc", ["--noEmit"]))?;
    let mut clippy = cargo(["clippy", "--release", "--locked", "--all-targets"]);
    clippy.args(["-p", "wick", "-p", "wick-protocol", "-p", "wick-archive", "-p", "wick-words"]);
    clippy.args(["-p", "wick-kernels", "-p", "xtask"]);
    clippy.args(["--", "-D", "warnings"]);
    cargo::run(&mut clippy)
}

fn page() -> Result<()> {
    let mut clippy = cargo(["clippy", "--locked", "--all-targets", "-p", "wick-app"]);
    clippy.args(["--target", "wasm32-unknown-unknown", "--profile", "page"]);
    clippy.arg("--target-dir").arg(places::target().join("page"));
    cargo::run(clippy.args(["--", "-D", "warnings"]))?;
    // Apart from the server: together with it cargo would compile llama.cpp once more.
    let mut slim = cargo(["clippy", "--locked", "--all-targets", "-p", "wick-slim"]);
    cargo::run(slim.args(["--", "-D", "warnings"]))?;
    cargo::run(&mut cargo(["test", "--locked", "-p", "wick-app", "-p", "wick-slim"]))
}

fn cargo_tests() -> Result<()> {
    let mut tests = cargo(["test", "--release", "--locked"]);
    tests.args(["-p", "wick", "-p", "wick-protocol", "-p", "wick-archive", "-p", "wick-words"]);
    tests.args(["-p", "xtask"]);
    // Some tests wait for a clock.
    tests.env("RUST_TEST_THREADS", "4");
    cargo::run(tests.env("WICK_TEST_MODELS", places::test_models()))
}

fn browser_tests() -> Result<()> {
    process::run(&mut playwright(["test"]))
}

fn webkit_tests() -> Result<()> {
    if process::find("WebKitWebDriver").is_none() || process::find("Xvfb").is_none() {
        eprintln!("WebKit's driver or Xvfb is not here, so the page is not tested in WebKit.");
        return Ok(());
    }
    process::run(&mut playwright(["test", "--config", "webkit.config.ts"]))
}
