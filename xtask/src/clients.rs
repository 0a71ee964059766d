//! Programs of others that talk to Wick: OpenAI's own package, from the Python package index,
//! against the executable that people run.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

use crate::{places, process};

const OPENAI: &str = "openai==3.54.0";

/// Lets the package list models, get answers and be refused.
pub(crate) fn run() -> Result<()> {
    ensure_openai().context("could not fetch OpenAI's package")?;
    let wick = Wick::start()?;
    let mut script = Command::new(python());
    script.arg(places::end2end().join("openai/client.py"));
    script.env("OPENAI_BASE_URL", format!("{}/v1", wick.address)).env("WICK_LINK", link()?);
    // A proxy does not know what this computer calls localhost.
    process::run(script.env("NO_PROXY", "localhost").env("no_proxy", "localhost"))
}

/// A link that signs in to the Wick that runs.
fn link() -> Result<String> {
    let output = Command::new(places::wick()).args(["link", "--data-dir"]).arg(data()).output()?;
    anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

fn data() -> PathBuf {
    folder().join("data")
}

/// Does nothing when the package is there in this version.
fn ensure_openai() -> Result<()> {
    if !python().exists() {
        let mut venv = Command::new("python3");
        process::run(venv.args(["-m", "venv"]).arg(folder().join("venv")))?;
    }
    let mut pip = Command::new(python());
    pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--quiet"]);
    process::run(pip.arg(OPENAI))
}

fn python() -> PathBuf {
    folder().join("venv/bin/python")
}

fn folder() -> PathBuf {
    places::target().join("clients")
}

/// A Wick on a fresh data folder; ends when it is dropped.
struct Wick {
    process: Child,
    address: String,
}

impl Wick {
    fn start() -> Result<Wick> {
        let data = data();
        let _ = fs::remove_dir_all(&data);
        let mut command = Command::new(places::wick());
        command.args(["--no-open", "--port", "0", "--data-dir"]).arg(data);
        command.arg("--models").arg(places::test_models()).stdout(Stdio::piped());
        eprintln!("$ {} &", process::line(&command));
        let mut process = command.spawn().context("could not run wick")?;
        let output = process.stdout.take().context("it is piped")?;
        let mut wick = Wick { process, address: String::new() };
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let address = lines.find_map(|line| Some(line.strip_prefix("Wick is at ")?.to_owned()));
        wick.address = address.context("Wick ended before it said where it is")?;
        Ok(wick)
    }
}

impl Drop for Wick {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
