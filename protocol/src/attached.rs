//! What a person attaches to a message: the texts of files, and pictures. They are part of its text,
//! behind what is said, in a form that models read and that can be taken apart again:
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
//! The bytes are those of the text between the fences, so whatever is in it, it is the same again. Of a
//! picture, that text is a JPEG in base64: a chat is whole wherever its messages are, and what is deleted
//! with a message leaves nothing behind. A model gets the picture in its place, or its name where it
//! can't see.

/// The most files that are attached to one message.
pub const MOST_FILES: usize = 20;

/// The longest name of a file that is kept, in characters.
pub const LONGEST_NAME: usize = 120;

const OPENS: &str = "Attached: ";
const SIZE: &str = " bytes)";
const PIXELS: &str = " pixels";
const FENCE: &str = "```";
const GAP: &str = "\n\n";

/// A file that is attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct File<'a> {
    /// What it is called.
    pub name: &'a str,
    /// What it is.
    pub kind: Kind,
    /// What is written in it; of a picture, a JPEG in base64.
    pub text: &'a str,
}

impl File<'_> {
    /// Whether it is a picture.
    pub fn is_picture(&self) -> bool {
        matches!(self.kind, Kind::Picture(..))
    }
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A text that had so many pages.
    Pages(usize),
    /// A picture of so many pixels, in width and height.
    Picture(usize, usize),
}

/// How many tokens a picture is, about: models that see differ, from 64 to some thousand.
const TOKENS_OF_A_PICTURE: usize = 300;

/// A file as it stands in a message, alone or behind others and [`joined`] with them.
pub fn written(file: File<'_>) -> String {
    let File { name, kind, text } = file;
    let name: String = name.chars().filter(|it| !it.is_control()).take(LONGEST_NAME).collect();
    let name = if name.trim().is_empty() { "file" } else { name.trim() };
    let text = text.trim_end_matches('\n');
    let kind = match kind {
        Kind::Text => String::new(),
        Kind::Pages(1) => "1 page, ".into(),
        Kind::Pages(n) => format!("{n} pages, "),
        Kind::Picture(width, height) => format!("{width} × {height}{PIXELS}, "),
    };
    let fence = "`".repeat(FENCE.len().max(longest_fence(text) + 1));
    format!("{OPENS}{name} ({kind}{}{SIZE}\n{fence}\n{text}\n{fence}", text.len())
}

/// What is attached with one file more, behind the others. Pictures are last: what is said in a message is
/// looked for in front of them.
pub fn with_file(attached: &str, file: &str) -> String {
    let (mut texts, mut pictures) = (String::new(), String::new());
    for part in [attached, file] {
        for it in files(part) {
            let all = if it.is_picture() { &mut pictures } else { &mut texts };
            *all = joined(all, &written(it));
        }
    }
    joined(&texts, &pictures)
}

/// A message of what is said and what is attached, each of which may be nothing.
pub fn joined(said: &str, attached: &str) -> String {
    let gap = if said.is_empty() || attached.is_empty() { "" } else { GAP };
    [said, gap, attached].concat()
}

/// The text of a message as what is said and what is attached. Whether that is as it should be, [`files`]
/// looks at: this is done for each message that is shown, before anything else.
///
/// ```
/// use wick_protocol::attached::{File, Kind, joined, split, written};
///
/// let file = written(File { name: "a.txt", kind: Kind::Text, text: "An apple" });
/// assert_eq!(split(&joined("What is it?", &file)), ("What is it?", &*file));
/// ```
pub fn split(text: &str) -> (&str, &str) {
    let mut from = 0;
    while text.ends_with(FENCE)
        && let Some(at) = text[from..].find(OPENS)
    {
        let (said, attached) = text.split_at(from + at);
        let head = attached.find('\n').map_or("", |end| &attached[..end]);
        let is_file = head.ends_with(SIZE) && attached[head.len()..].starts_with("\n```");
        if is_file && (said.is_empty() || said.ends_with(GAP)) {
            return (said.strip_suffix(GAP).unwrap_or(said), attached);
        }
        from += at + OPENS.len();
    }
    (text, "")
}

/// The files of what is attached; none where it is anything else.
pub fn files(attached: &str) -> Vec<File<'_>> {
    let mut files = Vec::new();
    let mut text = attached;
    while let Some((file, rest)) = first(text) {
        files.push(file);
        match rest.strip_prefix(GAP) {
            Some(more) => text = more,
            None if rest.is_empty() => return files,
            None => break,
        }
    }
    Vec::new()
}

/// How many tokens a message is, about, with what is attached to it.
pub fn about_tokens_of(message: &str) -> usize {
    let (said, attached) = split(message);
    let mut n_tokens = about_tokens(said);
    for file in files(attached) {
        n_tokens += about_tokens_of_file(&file);
    }
    n_tokens
}

/// How many tokens a file is, about.
pub fn about_tokens_of_file(file: &File<'_>) -> usize {
    match file.kind {
        Kind::Picture(..) => TOKENS_OF_A_PICTURE,
        _ => about_tokens(file.text),
    }
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
                let begins = in_word == 0 || before.is_ascii_lowercase() && it.is_ascii_uppercase();
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

/// The file that a text begins with, and what follows it.
fn first(text: &str) -> Option<(File<'_>, &str)> {
    let (head, body) = text.strip_prefix(OPENS)?.split_once('\n')?;
    let (name, about) = head.strip_suffix(SIZE)?.rsplit_once(" (")?;
    let (kind, n_bytes) = match about.split_once(", ") {
        None => (Kind::Text, about),
        Some((kind, n_bytes)) => (self::kind(kind)?, n_bytes),
    };
    let (fence, body) = body.split_once('\n')?;
    if fence.len() < FENCE.len() || fence.bytes().any(|it| it != b'`') {
        return None;
    }
    let (text, rest) = body.split_at_checked(n_bytes.parse().ok()?)?;
    let rest = rest.strip_prefix('\n')?.strip_prefix(fence)?;
    Some((File { name, kind, text }, rest))
}

fn kind(written: &str) -> Option<Kind> {
    Some(match written.strip_suffix(PIXELS) {
        Some(pixels) => {
            let (width, height) = pixels.split_once(" × ")?;
            Kind::Picture(width.parse().ok()?, height.parse().ok()?)
        }
        None => Kind::Pages(written.split_once(" page")?.0.parse().ok()?),
    })
}

fn longest_fence(text: &str) -> usize {
    text.split(|it| it != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file<'a>(name: &'a str, text: &'a str) -> File<'a> {
        File { name, kind: Kind::Text, text }
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
        let pdf = File { name: "Paper (2).pdf", kind: Kind::Pages(12), text: "Abstract" };
        let message = joined("Sum it up.", &written(pdf));
        let form = "Sum it up.\n\nAttached: Paper (2).pdf (12 pages, 8 bytes)\n```\nAbstract\n```";
        assert_eq!(message, form);
        comes_back(
            "Sum it up.",
            &[pdf, File { kind: Kind::Pages(1), ..pdf }, file("a.rs", "fn a() {}")],
        );
        comes_back("", &[file("a.rs", "fn a() {}")]);
        let picture = File { name: "Cat.jpg", kind: Kind::Picture(640, 480), text: "/9j/4A==" };
        comes_back("What is it?", &[pdf, picture]);
        let written = written(picture);
        assert!(
            written.starts_with("Attached: Cat.jpg (640 × 480 pixels, 8 bytes)\n"),
            "{written}"
        );
    }

    #[test]
    fn pictures_are_behind_texts() {
        let cat = written(File { name: "cat.jpg", kind: Kind::Picture(3, 2), text: "/9j/" });
        let attached = [file("a", "A"), file("b", "B")].map(written);
        let all = attached.iter().fold(cat.clone(), |all, it| with_file(&all, it));
        assert_eq!(all, [&attached[0], &attached[1], &cat].map(String::as_str).join("\n\n"));
        assert_eq!(with_file("", &cat), cat);
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
    fn what_only_looks_like_a_file_is_none() {
        let whole = joined("Hi", &written(file("a", "text")));
        for text in [
            "",
            "Hi",
            "```\nHi\n```",
            "Attached: my thoughts",
            "Attached: my thoughts (4 bytes)\n\n```\ntext\n```",
            "Attached: a (4 bytes)\n```\ntext",
            "Attached: a (4 bytes)\n``\ntext\n```",
            &format!("{whole} and more"),
            &format!("{whole}\n\n"),
            &whole.replace("\n\n", "\n"),
        ] {
            assert_eq!(split(text), (text, ""), "{text}");
        }
        for text in [
            "Attached: a (5 bytes)\n```\ntext\n```",
            "Attached: a (1 bytes)\n```\n\u{e9}\n```",
            "Attached: a (99999999999999999999999 bytes)\n```\ntext\n```",
            "Attached: a (2 × pixels, 4 bytes)\n```\ntext\n```",
            &joined(&written(file("a", "text")), "Attached: b\n```"),
        ] {
            assert_eq!(files(text), [], "{text}");
        }
        // Where one is mentioned before one that is.
        let message = joined("Attached: a (4 bytes), I think.", &written(file("b", "b")));
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
        let beginnings = "\n\nAttached: a".repeat(40_000) + FENCE;
        assert_eq!(split(&beginnings), (beginnings.as_str(), ""));
        // Twenty thousand files of which the last one is broken.
        let broken = vec![written(file("a", "")); 20_000].join(GAP) + FENCE;
        assert_eq!(files(&broken), []);
    }

    #[test]
    fn tokens_are_estimated() {
        assert_eq!(about_tokens(""), 0);
        assert_eq!(about_tokens("The lighthouse stands on a rock."), 9);
        let picture = File { name: "a", kind: Kind::Picture(9, 9), text: &"x".repeat(90_000) };
        let attached = [written(file("a", "An apple")), written(picture)].join(GAP);
        let message = joined("The lighthouse stands on a rock.", &attached);
        assert_eq!(about_tokens_of(&message), 9 + 2 + TOKENS_OF_A_PICTURE);
    }
}
