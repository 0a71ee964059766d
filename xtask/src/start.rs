//! `cargo xtask start`: from a clone to a page in the browser.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::cargo::{self, cargo};
use crate::steps::Steps;
use crate::{places, process, rust, tools};

/// Install what is missing, build Wick, fetch a model if there is none, and start.
#[derive(clap::Args)]
pub(crate) struct Start {
    /// What `wick serve` takes, such as `--port 9000`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTIONS")]
    options: Vec<String>,
}

impl Start {
    /// Does not return when all goes well: this process becomes `wick`.
    pub(crate) fn run(&self) -> Result<()> {
        let mut steps = Steps::new(4);
        steps.run("tools", || {
            tools::ensure(&tools::TO_BUILD)?;
            rust::ensure_wasm()
        })?;
        steps.run("build (llama.cpp takes most of the first one)", || {
            cargo::run(&mut cargo(["build", "--release", "--locked", "-p", "wick"]))
        })?;
        steps.run("a model", || self.ensure_model())?;
        steps.run("start", || {
            let mut wick = Command::new(places::wick());
            wick.arg("serve").args(&self.options);
            eprintln!("$ {}", process::line(&wick));
            Err(wick.exec()).context("could not run wick")
        })
    }

    fn ensure_model(&self) -> Result<()> {
        let data = match self.values("--data-dir", "WICK_DATA_DIR").pop() {
            Some(dir) => dir.into(),
            None => places::default_data()?,
        };
        let folders = self.values("--models", "WICK_MODELS");
        let mut folders: Vec<_> = folders.iter().flat_map(env::split_paths).collect();
        folders.push(data.join("models"));
        if let Some(model) = folders.iter().find_map(|dir| model_in(dir)) {
            eprintln!("{} is here", model.display());
            return Ok(());
        }
        tools::ensure(&[&tools::PIP])?;
        let mut starter = Command::new(places::wick());
        process::run(starter.arg("starter").arg("--data-dir").arg(data))
    }

    /// What an option was given, on the command line or else in the environment.
    fn values(&self, option: &str, variable: &str) -> Vec<OsString> {
        let mut values = Vec::new();
        let mut words = self.options.iter();
        while let Some(word) = words.next() {
            if word == option {
                values.extend(words.next().map(OsString::from));
            } else if let Some((name, value)) = word.split_once('=')
                && name == option
            {
                values.push(value.into());
            }
        }
        if values.is_empty() {
            values.extend(env::var_os(variable));
        }
        values
    }
}

/// A model file in a folder, whichever comes first.
fn model_in(dir: &Path) -> Option<PathBuf> {
    let files = fs::read_dir(dir).ok()?.flatten().map(|entry| entry.path());
    let is_model = |file: &PathBuf| file.extension() == Some(OsStr::new("gguf"));
    files.filter(is_model).find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(options: &[&str], values: &[&str]) {
        let start = Start { options: options.iter().map(ToString::to_string).collect() };
        assert_eq!(start.values("--models", "NO_SUCH_VARIABLE"), values);
    }

    #[test]
    fn options_are_read_as_wick_reads_them() {
        check(&[], &[]);
        check(&["--models", "a", "--port", "1", "--models=b"], &["a", "b"]);
        check(&["--port", "1", "--models"], &[]);
    }
}
