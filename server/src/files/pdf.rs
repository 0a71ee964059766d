//! The text of a PDF.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pdf_extract::{Document, PlainTextOutput, output_doc_page};
use wick_protocol::LONGEST_MESSAGE;

use super::{Content, Unread};

/// Its text, page by page.
pub(super) fn read(file: &[u8]) -> Result<Content, Unread> {
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
        _ => Ok(Content::Pages { n_pages, text }),
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
