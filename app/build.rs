//! Makes a function of each thing that the page says.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use wick_words::{ENGLISH, Language, functions, table};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    let english = Language::read(ENGLISH)?;
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("words.rs"), functions(&english)?)?;
    // Where there is no browser that fetched a language: in tests.
    fs::write(Path::new(&out).join("words.txt"), table(&english, &english)?)?;
    Ok(())
}
