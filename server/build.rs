//! Makes the site that the executable carries: builds the page for the browser, joins the
//! styles, names every file by its content and compresses it. The result is `$OUT_DIR/site`.
//!
//! Reading order: `page` (the wasm and its JavaScript, which the crate `slim` makes smaller),
//! `site` (names, HTML, compression).

#[path = "build/page.rs"]
mod page;
#[path = "build/site.rs"]
mod site;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What the site is made of. The output is not among it, or every build would be a new one.
const SOURCES: [&str; 8] =
    [".cargo", "app", "protocol", "words", "assets", "style", "Cargo.toml", "Cargo.lock"];

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            eprintln!("The page could not be built: {err}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let here = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let root = here.parent().ok_or("the server's folder has no parent")?;
    for source in SOURCES {
        println!("cargo:rerun-if-changed={}", root.join(source).display());
    }
    println!("cargo:rerun-if-changed=build");
    println!("cargo:rerun-if-changed=build.rs");

    let page = page::build(root)?;
    let site = Path::new(&variable("OUT_DIR")?).join("site");
    if site.exists() {
        fs::remove_dir_all(&site)?;
    }
    fs::create_dir_all(&site)?;
    let inline = site::make(root, &page, &site)?;
    println!("cargo:rustc-env=WICK_INLINE_SCRIPTS={}", inline.scripts);
    println!("cargo:rustc-env=WICK_INLINE_STYLE={}", inline.style);
    Ok(())
}

fn variable(name: &str) -> Result<String> {
    env::var(name).map_err(|err| format!("{name}: {err}").into())
}
