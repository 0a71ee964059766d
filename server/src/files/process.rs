//! The process that reads one file: from its input, within limits that it sets itself before it looks at
//! the first byte.

use std::fs::File;
use std::io::{Read, Write, stdin};
use std::thread;

use anyhow::{Context, Result};
use rustix::process::{Resource, Rlimit, setrlimit};
use wick_protocol::LARGEST_FILE;

use super::{Content, MEMORY, Unread, WITHIN, pdf, picture};

/// Files nest, and the library for PDFs calls itself for each level.
const STACK: usize = 64 << 20;

/// Reads the file and writes what came of it as JSON.
pub fn run() -> Result<()> {
    limit()?;
    // What anything else prints goes to the error stream, so that it can't be in the answer.
    let mut output = File::from(rustix::io::dup(rustix::stdio::stdout())?);
    rustix::stdio::dup2_stdout(rustix::stdio::stderr())?;
    // What a library says of a file is for nobody.
    std::panic::set_hook(Box::new(|_| ()));
    let mut file = Vec::new();
    stdin().lock().take(LARGEST_FILE as u64).read_to_end(&mut file)?;
    let reading = thread::Builder::new().stack_size(STACK).spawn(move || read(&file))?;
    let read = reading.join().unwrap_or(Err(Unread::Damaged));
    let answer = serde_json::to_vec(&read).context("It is plain data")?;
    output.write_all(&answer)?;
    Ok(())
}

fn read(file: &[u8]) -> Result<Content, Unread> {
    if file.starts_with(b"%PDF-") { pdf::read(file) } else { picture::read(file) }
}

/// When the server is killed, nobody is left who would end this process: the system does.
fn limit() -> Result<()> {
    let seconds = 2 * WITHIN.as_secs();
    for (resource, most) in [(Resource::As, MEMORY), (Resource::Cpu, seconds), (Resource::Core, 0)]
    {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}
