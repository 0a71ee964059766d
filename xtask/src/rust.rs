//! The parts of the Rust toolchain that a plain installation may lack.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::process;

/// Makes sure that Rust can compile the page.
pub(crate) fn ensure_wasm() -> Result<()> {
    let sysroot = sysroot()?;
    if sysroot.join("lib/rustlib/wasm32-unknown-unknown").exists() {
        return Ok(());
    }
    rustup(&["target", "add", "wasm32-unknown-unknown"])
}

/// Makes sure that Rust can format and lint.
pub(crate) fn ensure_lints() -> Result<()> {
    let programs = sysroot()?.join("bin");
    if programs.join("cargo-fmt").exists() && programs.join("cargo-clippy").exists() {
        return Ok(());
    }
    rustup(&["component", "add", "rustfmt", "clippy"])
}

fn sysroot() -> Result<PathBuf> {
    process::output(Command::new("rustc").args(["--print", "sysroot"])).map(PathBuf::from)
}

fn rustup(args: &[&str]) -> Result<()> {
    if process::find("rustup").is_none() {
        bail!(
            "this Rust was not installed by rustup, so it can't be given what is missing; with \
             rustup it would be: rustup {}",
            args.join(" ")
        );
    }
    process::run(Command::new("rustup").args(args))
}
