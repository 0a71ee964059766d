//! One Wick for a data folder: the first one serves, the next one shows the first.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// How long the first one may take to say its address.
const PATIENCE: Duration = Duration::from_secs(5);

/// Who serves a data folder.
pub enum Instance {
    /// This one.
    First(Claim),
    /// Another one, at this address; `None` when it does not say.
    Other(Option<String>),
}

/// The data folder is ours until this is dropped, or the process ends in any way.
pub struct Claim(File);

impl Instance {
    /// Who serves a data folder, without claiming it; `None` = nobody.
    pub fn look(data_dir: &Path) -> Option<Instance> {
        let file = File::open(data_dir.join("wick.lock")).ok()?;
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => Some(Instance::Other(address(file).ok()?)),
            Ok(()) | Err(TryLockError::Error(_)) => None,
        }
    }

    /// Claims a data folder, which exists.
    pub fn claim(data_dir: &Path) -> Result<Instance> {
        let path = data_dir.join("wick.lock");
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .with_context(|| format!("{} can't be opened", path.display()))?;
        match file.try_lock() {
            Ok(()) => {
                file.set_len(0)?;
                Ok(Instance::First(Claim(file)))
            }
            Err(TryLockError::WouldBlock) => Ok(Instance::Other(address(file)?)),
            Err(TryLockError::Error(err)) => {
                Err(err).with_context(|| format!("{} can't be locked", path.display()))
            }
        }
    }
}

impl Claim {
    /// Tells those who come later where we are.
    pub fn tell(&mut self, address: &str) -> Result<()> {
        self.0.set_len(0)?;
        self.0.rewind()?;
        self.0.write_all(address.as_bytes()).context("The address could not be written down")
    }
}

/// Waits until the first one, which may be starting right now, has written its address.
fn address(mut file: File) -> Result<Option<String>> {
    let until = Instant::now() + PATIENCE;
    loop {
        let mut address = String::new();
        file.rewind()?;
        file.read_to_string(&mut address)?;
        if !address.is_empty() {
            return Ok(Some(address));
        }
        if until < Instant::now() {
            return Ok(None);
        }
        sleep(Duration::from_millis(50));
    }
}
