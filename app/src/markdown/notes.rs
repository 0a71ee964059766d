//! Notes at the foot: `[^1]` in the text, `[^1]: …` where they stand.

use super::lines::{indent, is_blank, starts_block, strip};
use super::node::{Block, Span};
use super::spans::spans;

/// The longest name of a note, in bytes.
const LONGEST: usize = 40;

/// The mark that words begin with, and how long it is.
pub(super) fn mark(rest: &str) -> Option<(Span, usize)> {
    let (label, _) = label(rest)?;
    Some((Span::Mark(label.to_owned()), label.len() + "[^]".len()))
}

/// Whether the line begins a note.
pub(super) fn begins(line: &str) -> bool {
    opening(line).is_some()
}

/// The note that begins with the first line, and how many lines it has.
pub(super) fn read(lines: &[&str]) -> Option<(Block, usize)> {
    let (label, first) = opening(lines[0])?;
    let goes_on = |line: &&&str| !is_blank(line) && !starts_block(line);
    let more = lines[1..].iter().take_while(goes_on).map(|line| strip(line, 4));
    let inner: Vec<_> = [first].into_iter().chain(more).collect();
    let n_lines = inner.len();
    let mut note = vec![Span::Note(label.to_owned())];
    note.extend(spans(&inner.join("\n")));
    Some((Block::Paragraph(note), n_lines))
}

fn opening(line: &str) -> Option<(&str, &str)> {
    let (label, after) = label(line.trim_start()).filter(|_| indent(line) < 4)?;
    Some((label, after.strip_prefix(':')?.trim_start()))
}

/// What stands in `[^…]`, and what follows.
fn label(rest: &str) -> Option<(&str, &str)> {
    let (label, after) = rest.strip_prefix("[^")?.split_once(']')?;
    let is_label =
        (1..=LONGEST).contains(&label.len()) && label.bytes().all(|it| it.is_ascii_alphanumeric());
    is_label.then_some((label, after))
}
