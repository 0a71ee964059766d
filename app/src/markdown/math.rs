//! Formulas, as models write them: `\(…\)` and `$…$` within a line, `\[…\]` and `$$…$$` on their own.

use super::lines::{indent, is_blank};
use super::node::{Block, Formula, Span};

/// Within a line the end of a formula is looked for so far, in bytes.
const LONGEST: usize = 2_000;

/// What begins a formula, what ends it, and whether it stands on its own.
const SIGNS: [(&str, &str, bool); 4] =
    [("$$", "$$", true), ("$", "$", false), ("\\(", "\\)", false), ("\\[", "\\]", true)];

/// The formula that words begin with, and how long it is.
pub(super) fn within(rest: &str) -> Option<(Span, usize)> {
    let (opens, closes, is_display) = *SIGNS.iter().find(|it| rest.starts_with(it.0))?;
    let inner = &rest[opens.len()..];
    let near = &inner[..inner.floor_char_boundary(LONGEST)];
    let end = near.find(closes)?;
    let (source, after) = (&inner[..end], &inner[end + closes.len()..]);
    let is_formula = match opens {
        // As Pandoc has it, so that prices stay prices.
        "$" => {
            !source.starts_with(char::is_whitespace)
                && !source.ends_with(|it: char| it.is_whitespace() || it == '\\')
                && !source.contains('\n')
                && !after.starts_with(|it: char| it.is_ascii_digit())
        }
        // Without room it is a bracket that is no link.
        "\\[" => source.starts_with(char::is_whitespace),
        _ => true,
    };
    if !is_formula || source.trim().is_empty() {
        return None;
    }
    let source = source.trim().to_owned();
    Some((Span::Formula(Formula { source, is_display }), opens.len() + end + closes.len()))
}

/// Whether the line begins a formula that stands on its own.
pub(super) fn begins(line: &str) -> bool {
    opening(line).is_some()
}

/// The formula that begins with the first line, and how many lines it has: up to its end, an empty
/// line, or the end of what is there.
pub(super) fn read(lines: &[&str]) -> Option<(Block, usize)> {
    let (closes, first) = opening(lines[0])?;
    let mut source = String::new();
    let mut rest = [first].into_iter().chain(lines[1..].iter().copied());
    let mut n_lines = 0;
    while let Some(line) = rest.next().filter(|line| n_lines == 0 || !is_blank(line)) {
        n_lines += 1;
        let line = line.trim();
        source.push_str(line.strip_suffix(closes).unwrap_or(line));
        source.push('\n');
        if line.ends_with(closes) {
            break;
        }
    }
    let source = source.trim().to_owned();
    let formula = Span::Formula(Formula { source, is_display: true });
    Some((Block::Paragraph(vec![formula]), n_lines))
}

/// What ends the formula that the line begins, and the line after its sign.
fn opening(line: &str) -> Option<(&'static str, &str)> {
    if 4 <= indent(line) {
        return None;
    }
    let words = line.trim();
    let on_its_own = |it: &&(&str, &'static str, bool)| it.2 && words.starts_with(it.0);
    let (opens, closes, _) = SIGNS.iter().find(on_its_own)?;
    let rest = &words[opens.len()..];
    // One that ends within the line, with words behind it, is part of a paragraph.
    let is_whole = rest.find(closes).is_none_or(|at| at + closes.len() == rest.len());
    is_whole.then_some((*closes, rest))
}
