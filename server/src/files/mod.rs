//! What is in files that the page can't read itself: the text of PDFs, and pictures, made small enough
//! for a message and for models that see.
//!
//! A file from anywhere is read by a process of its own, `wick read`: the libraries that read it give up
//! on what they do not expect, and a file can be made so that reading it takes for ever or all memory.
//! The process gets nothing but the file on its input, and so much time and memory; what it held is
//! back when it has ended, and the server never looks into the file.

mod pdf;
mod picture;
mod process;

use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;
use wick_protocol::LONGEST_MESSAGE;
use wick_protocol::attached::{File, Kind, written};

pub use self::process::run;

/// How long reading a file may take.
const WITHIN: Duration = Duration::from_secs(20);

/// Files that are read at once; more wait.
const AT_ONCE: usize = 2;

/// How long one may wait for others.
const WAITS: Duration = Duration::from_secs(40);

/// Addresses that a process may use, in bytes: what it takes in memory is less.
const MEMORY: u64 = 1 << 30;

/// The longest text as JSON, with every character escaped.
const LONGEST_ANSWER: u64 = 6 * LONGEST_MESSAGE as u64 + 1024;

/// What was read.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Content {
    /// A text with pages.
    Pages {
        /// How many there are.
        n_pages: usize,
        /// What is written on them.
        text: String,
    },
    /// A picture.
    Picture {
        /// Its pixels, from left to right.
        width: u32,
        /// Its pixels, from top to bottom.
        height: u32,
        /// A JPEG in base64.
        text: String,
    },
}

impl Content {
    /// As it stands in a message.
    pub fn attached(&self, name: &str) -> String {
        let (kind, text) = match self {
            Self::Pages { n_pages, text } => (Kind::Pages(*n_pages), text),
            Self::Picture { width, height, text } => {
                (Kind::Picture(*width as usize, *height as usize), text)
            }
        };
        written(File { name, kind, text })
    }
}

/// Why nothing was read.
#[derive(Debug, thiserror::Error, Serialize, Deserialize)]
pub enum Unread {
    /// It is something else, or lacks a part.
    #[error("The file is damaged, or no PDF.")]
    Damaged,
    /// No picture that can be read.
    #[error(
        "The file is damaged, or no picture of a kind that Wick reads: JPEG, PNG, WebP and GIF."
    )]
    NoPicture,
    /// A picture of more pixels than are read.
    #[error("It has {0} × {1} pixels, which is more than can be read. Attach a smaller one.")]
    TooManyPixels(u32, u32),
    /// It is encrypted.
    #[error("The file is locked with a password. Save a copy without one and attach that.")]
    Locked,
    /// No page has a letter.
    #[error(
        "There is no text on {}, as in scans, which are pictures. Attach those.",
        of_pages(*.0)
    )]
    NoText(usize),
    /// It has more text than fits into a message.
    #[error(
        "The first {} of {} have {LONGEST_MESSAGE} bytes of text already, which is the most that can \
         be sent. Attach a part of the file.",
        .0,
        of_pages(*.1)
    )]
    TooLong(usize, usize),
    /// It took too long.
    #[error("Reading it took longer than {} seconds, so it was given up.", WITHIN.as_secs())]
    TooSlow,
    /// The process ended before it had an answer.
    #[error("It can't be read: it is damaged, or takes more than {} MB to read.", MEMORY >> 20)]
    Crashed,
    /// Others are being read.
    #[error("Other files are being read. Try again in a minute.")]
    Busy,
}

fn of_pages(n_pages: usize) -> String {
    if n_pages == 1 { "the one page".into() } else { format!("the {n_pages} pages") }
}

/// Reads files, so many at once. Copying it copies a handle.
#[derive(Clone)]
pub struct Reader {
    program: PathBuf,
    room: Arc<Semaphore>,
}

impl Reader {
    /// One that starts `program` for each file.
    pub fn new(program: PathBuf) -> Reader {
        Reader { program, room: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Waits until a file can be read; before that it need not be in memory.
    pub async fn turn(&self) -> Result<Turn<'_>, Unread> {
        match timeout(WAITS, self.room.acquire()).await {
            Ok(Ok(permit)) => Ok(Turn { program: &self.program, _permit: permit }),
            _ => Err(Unread::Busy),
        }
    }
}

/// The right to have one file read.
pub struct Turn<'a> {
    program: &'a Path,
    _permit: SemaphorePermit<'a>,
}

impl Turn<'_> {
    /// What is in a file. Who asks may go away: the process ends when this is dropped.
    pub async fn read(self, file: &[u8]) -> Result<Content, Unread> {
        let answer = match self.start() {
            Ok(mut process) => {
                let answer = timeout(WITHIN, ask(&mut process, file)).await;
                // It has ended or is of no more use.
                let _ = process.kill().await;
                answer
            }
            Err(err) => Ok(Err(err)),
        };
        match answer {
            Ok(Ok(answer)) => serde_json::from_slice(&answer).unwrap_or(Err(Unread::Crashed)),
            Ok(Err(err)) => {
                tracing::warn!("a file could not be read: {err}");
                Err(Unread::Crashed)
            }
            Err(_) => Err(Unread::TooSlow),
        }
    }

    fn start(&self) -> io::Result<Child> {
        Command::new(self.program)
            .arg("read")
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .process_group(0)
            .spawn()
    }
}

/// Hands the file to a process and takes its answer.
async fn ask(process: &mut Child, file: &[u8]) -> io::Result<Vec<u8>> {
    let missing = || io::Error::other("a pipe of the process is missing");
    let mut input = process.stdin.take().ok_or_else(missing)?;
    let output = process.stdout.take().ok_or_else(missing)?;
    let write = async move {
        // One that has ended says so by its answer.
        let _ = input.write_all(file).await;
    };
    let read = async {
        let mut answer = Vec::new();
        output.take(LONGEST_ANSWER).read_to_end(&mut answer).await.map(|_| answer)
    };
    let ((), answer) = tokio::join!(write, read);
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_nothing_was_read_is_said_in_numbers() {
        assert_eq!(
            Unread::NoText(3).to_string(),
            "There is no text on the 3 pages, as in scans, which are pictures. Attach those."
        );
        assert_eq!(
            Unread::TooLong(40, 600).to_string(),
            "The first 40 of the 600 pages have 524288 bytes of text already, which is the most that \
             can be sent. Attach a part of the file."
        );
        assert_eq!(
            Unread::TooSlow.to_string(),
            "Reading it took longer than 20 seconds, so it was given up."
        );
    }
}
