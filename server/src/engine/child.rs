//! An engine process: started, talked to, and ended.

use std::collections::VecDeque;
use std::io;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::frame::{self, FromWorker, ToWorker};

/// How long a process may take to park what it knows and end, before it is ended.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long the last frames of a process that has ended may take.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Lines of its log that are kept.
const LAST_LINES: usize = 12;

/// The longest line of its log, in bytes.
const LONGEST_LINE: usize = 1024;

/// Names a process among all that were started. The system's numbers come again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProcessNumber(u64);

/// What a process said; the frame is `None` when it closed its end and will say no more.
pub struct FromProcess {
    pub number: ProcessNumber,
    pub frame: Option<FromWorker>,
}

/// A running engine process. It ends when this is dropped.
pub struct Child {
    number: ProcessNumber,
    process: tokio::process::Child,
    commands: ChildStdin,
    log: Arc<Mutex<VecDeque<String>>>,
    /// Passes its frames on until the last one.
    relay: JoinHandle<()>,
}

impl Child {
    /// Starts `program` as an engine process that knows nothing yet. What it says goes to
    /// `frames`.
    pub fn start(program: &Path, frames: mpsc::Sender<FromProcess>) -> io::Result<Child> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = ProcessNumber(NEXT.fetch_add(1, Ordering::Relaxed));
        let mut process = Command::new(program)
            .arg("engine")
            .env_clear()
            // ggml would start a debugger to print where it gave up.
            .env("GGML_NO_BACKTRACE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            // Ctrl-C in the terminal is for the server, which lets the engine park first.
            .process_group(0)
            .spawn()?;
        let missing = || io::Error::other("a pipe of the engine process is missing");
        let commands = process.stdin.take().ok_or_else(missing)?;
        let output = process.stdout.take().ok_or_else(missing)?;
        let errors = process.stderr.take().ok_or_else(missing)?;
        let log = Arc::new(Mutex::new(VecDeque::new()));
        tokio::spawn(relay_log(errors, Arc::clone(&log)));
        // Reading a frame must not be cancelled half way, so it has a task of its own.
        let relay = tokio::spawn(relay_frames(output, number, frames));
        Ok(Child { number, process, commands, log, relay })
    }

    /// Which process it is.
    pub fn number(&self) -> ProcessNumber {
        self.number
    }

    /// The number that the system gave it; `None` when it has ended.
    pub fn id(&self) -> Option<u32> {
        self.process.id()
    }

    /// Sends a command. An error means that the process is gone, which its last frame tells.
    pub async fn send(&mut self, command: &ToWorker) -> io::Result<()> {
        frame::send(&mut self.commands, command).await
    }

    /// Ends the process, by force when it does not end by itself.
    pub async fn end(mut self) {
        drop(self.commands);
        if timeout(PATIENCE, self.process.wait()).await.is_err() {
            // It may have ended this very moment.
            let _ = self.process.kill().await;
        }
        last_words(self.relay).await;
    }

    /// Ends the process at once.
    pub async fn kill(mut self) {
        // It may have ended this very moment.
        let _ = self.process.kill().await;
        last_words(self.relay).await;
    }

    /// How it ended, after its last frame, in a sentence for people.
    pub async fn how_it_ended(mut self) -> String {
        drop(self.commands);
        let status = match timeout(PATIENCE, self.process.wait()).await {
            Ok(Ok(status)) => Some(status),
            _ => None,
        };
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        for line in log.iter() {
            tracing::warn!(target: "wick::engine", "engine: {line}");
        }
        sentence(status)
    }
}

/// Waits until what it said last is there, before the news of its end. A pipe that stays open does
/// not keep that up.
async fn last_words(relay: JoinHandle<()>) {
    let _ = timeout(LAST_WORDS, relay).await;
}

async fn relay_frames(mut from: ChildStdout, number: ProcessNumber, to: mpsc::Sender<FromProcess>) {
    loop {
        let frame = frame::receive(&mut from).await.ok();
        let is_last = frame.is_none();
        // When nobody listens, the process is being ended too.
        if to.send(FromProcess { number, frame }).await.is_err() || is_last {
            break;
        }
    }
}

async fn relay_log(from: ChildStderr, last: Arc<Mutex<VecDeque<String>>>) {
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    loop {
        line.clear();
        // A longer line is cut into several.
        let mut rest = (&mut from).take(LONGEST_LINE as u64);
        match rest.read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => break,
            Ok(_) => (),
        }
        let text = String::from_utf8_lossy(&line).trim_end().escape_debug().to_string();
        tracing::debug!(target: "wick::engine", "{text}");
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.len() == LAST_LINES {
            last.pop_front();
        }
        last.push_back(text);
    }
}

fn sentence(status: Option<ExitStatus>) -> String {
    #[cfg(unix)]
    if let Some(signal) = status.and_then(|it| std::os::unix::process::ExitStatusExt::signal(&it)) {
        return match signal {
            6 => "The engine gave up on this model (signal 6). The file may be damaged".into(),
            7 => "The model file changed while it was in use (signal 7)".into(),
            9 => "The engine was ended from outside (signal 9), as the system does when memory \
                  runs out"
                .into(),
            11 => "The engine crashed (signal 11). The model file may be damaged".into(),
            other => format!("The engine ended with signal {other}"),
        };
    }
    match status.and_then(|it| it.code()) {
        Some(code) => format!("The engine ended with code {code}"),
        None => "The engine stopped answering".into(),
    }
}
