//! Running cargo so that one always sees what is being compiled.
//!
//! On a terminal cargo draws its own progress bar. Elsewhere (a log, CI) it would be silent
//! for as long as llama.cpp compiles, some ten minutes; so it is asked for the bar all the
//! same, and what the bar says is printed as a line every 15 seconds.

use std::env;
use std::io::{BufReader, IsTerminal, Read};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::steps::time;
use crate::{places, process};

/// How long a log may be silent.
const SILENCE: Duration = Duration::from_secs(15);

/// A cargo command in the repository.
pub(crate) fn cargo<const N: usize>(args: [&str; N]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args).current_dir(places::root());
    if env::var_os("CARGO_TARGET_DIR").is_some() {
        command.env("CARGO_TARGET_DIR", places::target());
    }
    command
}

/// Runs cargo with its progress shown, and fails when it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    if std::io::stderr().is_terminal() {
        return process::run(command);
    }
    let line = process::line(command);
    eprintln!("$ {line}");
    let mut child = command
        .env("CARGO_TERM_PROGRESS_WHEN", "always")
        .env("CARGO_TERM_PROGRESS_WIDTH", "160")
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not run {line}"))?;
    let stderr = child.stderr.take().expect("it is piped");
    let (said, lines) = mpsc::channel();
    let reader = thread::Builder::new().name("stderr".into()).spawn(move || read(stderr, &said))?;

    let start = Instant::now();
    let mut shown = Instant::now();
    let mut now = None;
    loop {
        match lines.recv_timeout(SILENCE.saturating_sub(shown.elapsed())) {
            Ok(Line::Progress(progress)) => now = Some(progress),
            Ok(Line::Said(line)) => {
                if line.trim_start().starts_with("Finished ") {
                    now = None;
                }
                eprintln!("{line}");
                shown = Instant::now();
            }
            Err(RecvTimeoutError::Timeout) => {
                if let Some(progress) = &now {
                    eprintln!("    {} so far: {progress}", time(start.elapsed()));
                }
                shown = Instant::now();
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    reader.join().expect("reading does not panic");
    let status = child.wait()?;
    if !status.success() {
        bail!("{line} ended with {status}");
    }
    Ok(())
}

/// What arrives on cargo's stderr.
#[derive(Debug, PartialEq)]
enum Line {
    /// The progress bar: "205 of 340: llama-cpp-sys-2(build)".
    Progress(String),
    /// Anything else.
    Said(String),
}

impl Line {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim_end();
        if text.is_empty() {
            return None;
        }
        let bar = text.trim_start().strip_prefix("Building [").and_then(|rest| {
            let (_, counts) = rest.split_once(']')?;
            let (done, rest) = counts.trim().split_once('/')?;
            Some(Self::Progress(format!("{done} of {rest}")))
        });
        Some(bar.unwrap_or_else(|| Self::Said(text.to_owned())))
    }
}

/// Sends on what a stream says, line by line; a bar ends with a carriage return instead.
fn read(stream: impl Read, lines: &Sender<Line>) {
    let mut line = Vec::new();
    for byte in BufReader::new(stream).bytes().map_while(Result::ok) {
        match byte {
            b'\n' | b'\r' => {
                if let Some(line) = Line::parse(&String::from_utf8_lossy(&line)) {
                    let _ = lines.send(line);
                }
                line.clear();
            }
            byte => line.push(byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_progress_bar_is_told_from_the_rest() {
        let stream = "   Compiling syn v2.0.1\n    Building [==>   ] 205/340: syn, wick(build)  \r  \r\
                      warning: Building [x] is odd\n";
        let (said, lines) = mpsc::channel();
        read(stream.as_bytes(), &said);
        drop(said);
        let lines: Vec<_> = lines.iter().collect();
        assert_eq!(
            lines,
            [
                Line::Said("   Compiling syn v2.0.1".into()),
                Line::Progress("205 of 340: syn, wick(build)".into()),
                Line::Said("warning: Building [x] is odd".into()),
            ]
        );
    }
}
