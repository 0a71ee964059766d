//! The page as wasm: a cargo inside cargo, then two libraries: one splits off what a first answer
//! does not need, wasm-bindgen binds the rest to the browser.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support::Options;

use crate::{Result, variable};
use wick_slim::Slim;

const TARGET: &str = "wasm32-unknown-unknown";

/// Builds the page of the workspace at `root`.
pub(crate) fn build(root: &Path) -> Result<Slim> {
    check_target()?;
    let (first, more) = split(&compile(root)?)?;
    bind(&first, &more)
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

/// The module with which the page starts, and the one that comes later.
fn split(wasm: &Path) -> Result<(PathBuf, Vec<u8>)> {
    let folder = Path::new(&variable("OUT_DIR")?).join("split");
    let first = folder.join("first.wasm");
    let wasm = fs::read(wasm)?;
    let mut options = Options::new(&wasm);
    (options.output_dir, options.main_out_path) = (&folder, &first);
    options.link_name = wick_slim::LINK;
    let split = wasm_split_cli_support::transform(options).map_err(|err| format!("{err:?}"))?;
    match &split.split_modules[..] {
        [more] => Ok((first, fs::read(more)?)),
        others => Err(format!("the page was split into {} modules", others.len() + 1).into()),
    }
}

fn bind(first: &Path, more: &[u8]) -> Result<Slim> {
    let mut output = Bindgen::new()
        .input_path(first)
        .web(true)?
        .keep_lld_exports(true)
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
    Ok(wick_slim::slim(output.wasm_mut(), &js, more)?)
}
