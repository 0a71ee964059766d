//! The process that reads one file: from its input, within limits that it sets itself before it looks at
//! the first byte.

use std::fs::File;
use std::io::{Read, Write, stdin};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use anyhow::{Context, Result};
use pdf_extract::{Document, PlainTextOutput, output_doc_page};
use rustix::process::{Resource, Rlimit, setrlimit};
use wick_protocol::{LARGEST_FILE, LONGEST_MESSAGE};

use super::{MEMORY, Pages, Unread, WITHIN};

/// Files nest, and the library calls itself for each level.
const STACK: usize = 64 << 20;

/// Reads the file and writes what came of it as JSON.
pub fn run() -> Result<()> {
    limit()?;
    // What anything else prints goes to the error stream, so that it can't be in the answer.
    let mut output = File::from(rustix::io::dup(rustix::stdio::stdout())?);
    rustix::stdio::dup2_stdout(rustix::stdio::stderr())?;
    // What the library says of a file is for nobody.
    std::panic::set_hook(Box::new(|_| ()));
    let mut file = Vec::new();
    stdin().lock().take(LARGEST_FILE as u64).read_to_end(&mut file)?;
    let reading = thread::Builder::new().stack_size(STACK).spawn(move || read(&file))?;
    let read = reading.join().unwrap_or(Err(Unread::Damaged));
    let answer = serde_json::to_vec(&read).context("It is plain data")?;
    output.write_all(&answer)?;
    Ok(())
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

fn read(file: &[u8]) -> Result<Pages, Unread> {
    let mut document = Document::load_mem(file).map_err(|_| Unread::Damaged)?;
    // Most that are encrypted can be opened by everybody, and only forbid to change them.
    if document.is_encrypted() && document.decrypt("").is_err() {
        return Err(Unread::Locked);
    }
    let n_pages = document.get_pages().len();
    let mut text = String::new();
    for number in 1..=n_pages {
        let page = page(&document, number as u32);
        let page = page.trim();
        if !page.is_empty() && !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(page);
        if LONGEST_MESSAGE < text.len() {
            return Err(Unread::TooLong(number, n_pages));
        }
    }
    match (n_pages, text.is_empty()) {
        (0, _) => Err(Unread::Damaged),
        (_, true) => Err(Unread::NoText(n_pages)),
        _ => Ok(Pages { n_pages, text }),
    }
}

/// The text of a page, or what there is before the library gives up on it.
fn page(document: &Document, number: u32) -> String {
    let mut text = String::new();
    let read = AssertUnwindSafe(|| {
        output_doc_page(document, &mut PlainTextOutput::new(&mut text), number)
    });
    // Half a page is more than none.
    let _ = catch_unwind(read);
    tidied(&text)
}

/// Lines without what nobody sees, and no more than one empty line after another.
fn tidied(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut n_empty = 0;
    for line in text.lines() {
        let words = line.split(|it: char| it.is_whitespace() || it.is_control());
        let words = words.filter(|word| !word.is_empty());
        let before = out.len();
        for word in words {
            if before < out.len() {
                out.push(' ');
            }
            out.push_str(word);
        }
        n_empty = if before == out.len() { n_empty + 1 } else { 0 };
        if n_empty < 2 {
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_left_out() {
        assert_eq!(tidied("\n\n\n  Two   words \u{0}\n\n\n\n\nEnd"), "\nTwo words\n\nEnd\n");
    }
}
