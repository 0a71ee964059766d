//! What a person attaches to a message: the texts of files. They are part of its text, behind what is
//! said, in a form that models read and that can be taken apart again:
//!
//! ````text
//! What does it do?
//!
//! Attached: main.rs (12 bytes)
//! ```
//! fn main() {}
//! ```
//! ````
//!
//! The bytes are those of the text between the fences, so whatever is in it, it is the same again.

/// The most files that are attached to one message.
pub const MOST_FILES: usize = 20;

/// The longest name of a file that is kept, in characters.
pub const LONGEST_NAME: usize = 120;

/// Files are looked for in a text up to so many: two messages that were given back are one.
const MOST_READ: usize = 2 * MOST_FILES;

const OPENS: &str = "Attached: ";
const GAP: &str = "\n\n";

/// A file that is attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct File<'a> {
    /// What it is called.
    pub name: &'a str,
    /// Its pages, where it has some.
    pub n_pages: Option<usize>,
    /// What is written in it.
    pub text: &'a str,
}

/// A file as it stands in a message, alone or behind others and [`joined`] with them.
pub fn written(file: File<'_>) -> String {
    let File { name, n_pages, text } = file;
    let name: String = name.chars().filter(|it| !it.is_control()).take(LONGEST_NAME).collect();
    let name = if name.trim().is_empty() { "file" } else { name.trim() };
    let text = text.trim_end_matches('\n');
    let pages = match n_pages {
        None => String::new(),
        Some(1) => "1 page, ".into(),
        Some(n) => format!("{n} pages, "),
    };
    let fence = "`".repeat(3.max(longest_fence(text) + 1));
    format!("{OPENS}{name} ({pages}{} bytes)\n{fence}\n{text}\n{fence}", text.len())
}

/// A message of what is said and what is attached, each of which may be nothing.
pub fn joined(said: &str, attached: &str) -> String {
    let gap = if said.is_empty() || attached.is_empty() { "" } else { GAP };
    [said, gap, attached].concat()
}

/// The text of a message as what is said and what is attached.
///
/// ```
/// use wick_protocol::attached::{File, joined, split, written};
///
/// let file = written(File { name: "a.txt", n_pages: None, text: "An apple" });
/// assert_eq!(split(&joined("What is it?", &file)), ("What is it?", &*file));
/// ```
pub fn split(text: &str) -> (&str, &str) {
    let mut from = 0;
    while let Some(at) = text[from..].find(OPENS) {
        let (said, attached) = text.split_at(from + at);
        if (said.is_empty() || said.ends_with(GAP)) && each(attached, |_| ()) {
            return (said.strip_suffix(GAP).unwrap_or(said), attached);
        }
        from += at + OPENS.len();
    }
    (text, "")
}

/// The files of what is attached.
pub fn files(attached: &str) -> Vec<File<'_>> {
    let mut files = Vec::new();
    each(attached, |file| files.push(file));
    files
}

/// How many tokens a text is, about: models cut it in different ways.
pub fn about_tokens(text: &str) -> usize {
    // In tenths, as a vocabulary of some 50,000 cuts it: most words are one token with the space before
    // them, longer ones two; signs and digits are mostly one each; other scripts take more.
    let (mut tenths, mut in_word, mut before) = (0, 0, ' ');
    for it in text.chars() {
        match it {
            'a'..='z' | 'A'..='Z' => {
                // A capital within a word begins another one.
                let begins = in_word == 0 || before.is_lowercase() && it.is_uppercase();
                tenths += if begins { 10 } else { usize::from(4 < in_word) * 2 };
                in_word = if begins { 1 } else { in_word + 1 };
            }
            _ => {
                in_word = 0;
                tenths += match it {
                    ' ' | '\t' | '\r' => usize::from(before == '\n') * 5,
                    '\n' => usize::from(before != '\n') * 8,
                    _ if it == before && !it.is_ascii_digit() => 2,
                    '0'..='9' => 10,
                    _ if it.is_ascii() => 9,
                    '\u{80}'..='\u{24f}' => 9,
                    '\u{250}'..='\u{7ff}' => 6,
                    _ => 13,
                };
            }
        }
        before = it;
    }
    tenths.div_ceil(10)
}

/// Hands out one file after the other; false when something else stands in the text.
fn each<'a>(mut text: &'a str, mut take: impl FnMut(File<'a>)) -> bool {
    for _ in 0..MOST_READ {
        let Some((file, rest)) = first(text) else { return false };
        take(file);
        match rest.strip_prefix(GAP) {
            Some(more) => text = more,
            None => return rest.is_empty(),
        }
    }
    false
}

/// The file that a text begins with, and what follows it. The page does this for each message before it is
/// shown, so it makes do with little code.
fn first(text: &str) -> Option<(File<'_>, &str)> {
    let (head, body) = around(text.strip_prefix(OPENS)?, '\n')?;
    let head = head.strip_suffix(" bytes)")?;
    let (name, about) = head.split_at_checked(head.rfind('(')?)?;
    let name = name.strip_suffix(' ')?;
    let about = about.strip_prefix('(')?;
    let (n_pages, n_bytes) = match around(about, ',') {
        None => (None, number(about)?),
        Some((pages, n_bytes)) => {
            (Some(number(around(pages, ' ')?.0)?), number(n_bytes.strip_prefix(' ')?)?)
        }
    };
    let (fence, body) = around(body, '\n')?;
    if fence.len() < 3 || fence.bytes().any(|it| it != b'`') {
        return None;
    }
    let (text, rest) = body.split_at_checked(n_bytes)?;
    let rest = rest.strip_prefix('\n')?.strip_prefix(fence)?;
    Some((File { name, n_pages, text }, rest))
}

/// What is before the first such character, and what is behind it.
fn around(text: &str, at: char) -> Option<(&str, &str)> {
    let (before, rest) = text.split_at_checked(text.find(at)?)?;
    Some((before, rest.strip_prefix(at)?))
}

fn number(digits: &str) -> Option<usize> {
    // Longer ones are none of ours.
    if digits.is_empty() || 9 < digits.len() {
        return None;
    }
    digits
        .bytes()
        .try_fold(0, |n, digit| digit.is_ascii_digit().then(|| n * 10 + usize::from(digit - b'0')))
}

fn longest_fence(text: &str) -> usize {
    text.split(|it| it != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file<'a>(name: &'a str, text: &'a str) -> File<'a> {
        File { name, n_pages: None, text }
    }

    #[track_caller]
    fn comes_back(said: &str, all: &[File<'_>]) {
        let attached = all.iter().map(|&it| written(it)).collect::<Vec<_>>().join("\n\n");
        let message = joined(said, &attached);
        assert_eq!(split(&message), (said, &*attached));
        assert_eq!(files(&attached), all);
    }

    #[test]
    fn a_message_says_what_is_attached_and_is_taken_apart_again() {
        let pdf = File { name: "Paper (2).pdf", n_pages: Some(12), text: "Abstract" };
        let message = joined("Sum it up.", &written(pdf));
        let form = "Sum it up.\n\nAttached: Paper (2).pdf (12 pages, 8 bytes)\n```\nAbstract\n```";
        assert_eq!(message, form);
        comes_back(
            "Sum it up.",
            &[pdf, File { n_pages: Some(1), ..pdf }, file("a.rs", "fn a() {}")],
        );
        comes_back("", &[file("a.rs", "fn a() {}")]);
    }

    #[test]
    fn whatever_is_in_a_file_comes_back() {
        for text in
            ["", "é", "```rust\nfn a() {}\n```", "`````", "\n\nAttached: b (1 bytes)\n```\nb\n```"]
        {
            comes_back("Two\n\nparagraphs", &[file("a", text), file("b, c (3 bytes)", text)]);
        }
        let inner = written(file("b", "b"));
        comes_back("x", &[file("a", &inner), file("a", &joined("y", &inner))]);
    }

    #[test]
    fn what_only_looks_like_a_file_is_said() {
        let whole = joined("Hi", &written(file("a", "text")));
        for text in [
            "",
            "Hi",
            "Attached: my thoughts",
            "Attached: a (4 bytes)\n```\ntext",
            "Attached: a (5 bytes)\n```\ntext\n```",
            "Attached: a (4 bytes)\n``\ntext\n``",
            "Attached: a (1 bytes)\n```\né\n```",
            "Attached: a (99999999999999999999999 bytes)\n```\ntext\n```",
            &format!("{whole} and more"),
            &format!("{whole}\n\n"),
            &whole.replace("\n\n", "\n"),
        ] {
            assert_eq!(split(text), (text, ""), "{text}");
            assert_eq!(files(text), &[], "{text}");
        }
        // What looks like one before one that is.
        let message = joined("Attached: a (4 bytes)\n```\ntext", &written(file("b", "b")));
        assert_eq!(split(&message).1, written(file("b", "b")));
    }

    #[test]
    fn a_name_is_one_short_line() {
        let name = format!("  a\nb\u{7}{}", "c".repeat(500));
        let attached = written(file(&name, "text\n\n"));
        let files = files(&attached);
        assert!(files[0].name.starts_with("abccc"), "{files:?}");
        assert!(files[0].name.len() <= LONGEST_NAME);
        assert_eq!(files[0].text, "text", "a last empty line is no text");
        assert_eq!(super::files(&written(file(" \n", "x")))[0].name, "file");
    }

    #[test]
    fn hostile_texts_are_read_in_no_time() {
        // Twenty thousand files of which the last one is broken, and as many beginnings.
        let one = written(file("a", ""));
        let texts =
            [format!("{}x", [&*one; 20_000].join("\n\n")), "\n\nAttached: a".repeat(40_000)];
        for text in &texts {
            assert_eq!(split(text), (text.as_str(), ""));
        }
    }

    #[test]
    fn tokens_are_estimated() {
        assert_eq!(about_tokens(""), 0);
        assert_eq!(about_tokens("The lighthouse stands on a rock."), 9);
    }
}
