//! What a line begins.

use super::{math, notes};

/// A fence around code.
pub(super) struct Fence<'a> {
    mark: char,
    length: usize,
    /// As many columns are taken off each line of the code.
    pub(super) indent: usize,
    /// What stands behind it: the language and more.
    pub(super) info: &'a str,
}

impl<'a> Fence<'a> {
    /// The fence that the line is.
    pub(super) fn begins(line: &'a str) -> Option<Self> {
        let words = line.trim_start();
        let mark = words.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
        let info = words.trim_start_matches(mark);
        let length = words.len() - info.len();
        let is_fence = 3 <= length && indent(line) < 4 && !(mark == '`' && info.contains('`'));
        is_fence.then(|| Self { mark, length, indent: indent(line), info: info.trim() })
    }

    /// Whether the line ends the code.
    pub(super) fn ends(&self, line: &str) -> bool {
        let words = line.trim();
        self.length <= words.len() && words.chars().all(|mark| mark == self.mark)
    }
}

/// What begins an item of a list.
pub(super) struct Marker<'a> {
    /// Columns before it.
    pub(super) indent: usize,
    /// Columns before what it begins.
    pub(super) width: usize,
    /// The same in all items of a list.
    pub(super) kind: char,
    /// Its number, if it has one.
    pub(super) start: Option<u64>,
    /// What stands behind it.
    pub(super) content: &'a str,
}

impl<'a> Marker<'a> {
    /// The marker that the line begins with.
    pub(super) fn begins(line: &'a str) -> Option<Self> {
        let words = line.trim_start();
        let after_digits = words.trim_start_matches(|it: char| it.is_ascii_digit());
        let digits = &words[..words.len() - after_digits.len()];
        let kind = after_digits.chars().next()?;
        let is_marker = match digits.len() {
            0 => matches!(kind, '-' | '*' | '+'),
            n_digits => n_digits <= 9 && matches!(kind, '.' | ')'),
        };
        let after = after_digits.get(1..).filter(|_| is_marker)?;
        let n_spaces = indent(after);
        if n_spaces == 0 && !after.is_empty() {
            return None;
        }
        // Much room behind a marker is the indentation of code.
        let n_spaces = if is_blank(after) || 4 < n_spaces { 1 } else { n_spaces };
        let (before, length) = (indent(line), digits.len() + 1);
        Some(Self {
            indent: before,
            width: before + length + n_spaces,
            kind,
            start: digits.parse().ok(),
            content: strip(after, n_spaces),
        })
    }
}

/// Rank and words of the heading that the line is.
pub(super) fn heading(line: &str) -> Option<(u8, &str)> {
    let words = line.trim_start();
    let after = words.trim_start_matches('#');
    let rank = words.len() - after.len();
    if !(1..=6).contains(&rank) || !(after.is_empty() || after.starts_with([' ', '\t'])) {
        return None;
    }
    let words = after.trim();
    let open = words.trim_end_matches('#');
    let is_closed = open.is_empty() || open.ends_with(' ');
    Some((rank as u8, if is_closed { open.trim_end() } else { words }))
}

/// Whether the line is a line across.
pub(super) fn is_rule(line: &str) -> bool {
    let mut marks = line.chars().filter(|it| !it.is_whitespace());
    let Some(first @ ('-' | '*' | '_')) = marks.next() else { return false };
    let mut n_marks = 1;
    marks.all(|mark| {
        n_marks += 1;
        mark == first
    }) && 3 <= n_marks
}

/// What is quoted in the line.
pub(super) fn quoted(line: &str) -> Option<&str> {
    let quoted = line.trim_start().strip_prefix('>').filter(|_| indent(line) < 4)?;
    Some(quoted.strip_prefix(' ').unwrap_or(quoted))
}

/// Whether the line ends a paragraph because it begins something else.
pub(super) fn starts_block(line: &str) -> bool {
    let starts_list =
        |marker: Marker| !marker.content.is_empty() && marker.start.is_none_or(|start| start == 1);
    indent(line) < 4
        && (Fence::begins(line).is_some()
            || heading(line).is_some()
            || is_rule(line)
            || quoted(line).is_some()
            || math::begins(line)
            || notes::begins(line)
            || Marker::begins(line).is_some_and(starts_list))
}

/// Whether there is nothing in the line.
pub(super) fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

/// The columns before the first word.
pub(super) fn indent(line: &str) -> usize {
    let mut columns = 0;
    for byte in line.bytes() {
        match byte {
            b' ' => columns += 1,
            b'\t' => columns += 4 - columns % 4,
            _ => break,
        }
    }
    columns
}

/// The line without as many columns of indentation, or as many as it has.
pub(super) fn strip(line: &str, most: usize) -> &str {
    let mut columns = 0;
    for (idx, byte) in line.bytes().enumerate() {
        if most <= columns {
            return &line[idx..];
        }
        match byte {
            b' ' => columns += 1,
            b'\t' => columns += 4 - columns % 4,
            _ => return &line[idx..],
        }
    }
    ""
}
