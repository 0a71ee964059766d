//! Where things are: in the repository, in cargo's target folder, in a person's home.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the repository")
}

/// The page tests.
pub(crate) fn end2end() -> PathBuf {
    root().join("end2end")
}

/// Where cargo builds, as an absolute path: every command below runs in the repository,
/// whichever folder this one was typed in.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR")
        .and_then(|dir| std::path::absolute(dir).ok())
        .unwrap_or_else(|| root().join("target"))
}

/// The executable that people run.
pub(crate) fn wick() -> PathBuf {
    target().join("release/wick")
}

/// A data folder of the tests' own, kept between runs because of the models in it.
pub(crate) fn test_data() -> PathBuf {
    target().join("tests")
}

/// The models that the tests use.
pub(crate) fn test_models() -> PathBuf {
    test_data().join("models")
}

/// The data folder that `wick` uses when nobody names another one.
pub(crate) fn default_data() -> Result<PathBuf> {
    let shared = env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|dir| dir.is_absolute());
    let shared = match shared {
        Some(dir) => dir,
        None => env::home_dir()
            .context("there is no home folder; say where Wick may keep things with --data-dir")?
            .join(".local/share"),
    };
    Ok(shared.join("wick"))
}
