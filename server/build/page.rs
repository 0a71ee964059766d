//! The page as wasm: a cargo inside cargo, then wasm-bindgen as a library.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use wasm_bindgen_cli_support::Bindgen;

use crate::{Result, variable};

const TARGET: &str = "wasm32-unknown-unknown";

/// The page as the browser runs it.
pub(crate) struct Page {
    /// The module.
    pub(crate) wasm: Vec<u8>,
    /// What loads the module and lends it the browser's functions.
    pub(crate) js: String,
}

/// Builds the page of the workspace at `root`.
pub(crate) fn build(root: &Path) -> Result<Page> {
    check_target()?;
    bind(&compile(root)?)
}

/// Says what is missing in one sentence, where rustc would say it in pages.
fn check_target() -> Result<()> {
    let rustc = Command::new(variable("RUSTC")?)
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()?;
    let library = String::from_utf8(rustc.stdout)?;
    if rustc.status.success() && Path::new(library.trim()).exists() {
        return Ok(());
    }
    Err(format!("Rust cannot build for the browser yet; run `rustup target add {TARGET}`").into())
}

/// Compiles in a target folder of its own: the outer cargo holds the lock of the usual one.
fn compile(root: &Path) -> Result<PathBuf> {
    let target_dir = root.join("target/page");
    let mut cargo = Command::new(variable("CARGO")?);
    cargo
        .current_dir(root)
        .args(["build", "--package", "wick-app", "--profile", "page", "--target", TARGET])
        .arg("--target-dir")
        .arg(&target_dir);
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(is_about_the_outer_build) {
            cargo.env_remove(name);
        }
    }
    if !cargo.status()?.success() {
        return Err("the compiler's message is above".into());
    }
    Ok(target_dir.join(TARGET).join("page/wick-app.wasm"))
}

/// Whether a variable tells about building the server, natively, with its flags and perhaps
/// under clippy. What concerns every cargo (jobserver, home, network, colour) stays.
fn is_about_the_outer_build(name: &str) -> bool {
    const NAMES: [&str; 18] = [
        "CARGO_ENCODED_RUSTFLAGS",
        "CARGO_BUILD_RUSTFLAGS",
        "CARGO_BUILD_TARGET",
        "CARGO_PRIMARY_PACKAGE",
        "CARGO_TARGET_DIR",
        "CLIPPY_ARGS",
        "CLIPPY_CONF_DIR",
        "DEBUG",
        "HOST",
        "NUM_JOBS",
        "OPT_LEVEL",
        "OUT_DIR",
        "PROFILE",
        "RUSTC_LINKER",
        "RUSTC_WORKSPACE_WRAPPER",
        "RUSTDOCFLAGS",
        "RUSTFLAGS",
        "TARGET",
    ];
    const BEGINNINGS: [&str; 5] =
        ["CARGO_CFG_", "CARGO_FEATURE_", "CARGO_MANIFEST_", "CARGO_PKG_", "DEP_"];
    NAMES.contains(&name) || BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
}

fn bind(wasm: &Path) -> Result<Page> {
    let mut output = Bindgen::new()
        .input_path(wasm)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()?;
    let snippets = output.snippets().iter().filter(|(_, list)| !list.is_empty()).map(|it| it.0);
    let brought: Vec<_> = snippets.chain(output.local_modules().keys()).collect();
    if !brought.is_empty() {
        return Err(format!("the site lacks the JavaScript that crates bring: {brought:?}").into());
    }
    let js = output.js().to_owned();
    let (wasm, js) = wick_slim::slim(output.wasm_mut(), &js)?;
    Ok(Page { wasm, js })
}
