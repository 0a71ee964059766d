//! From words to spans: what is stressed, code, links.

use super::links::{self, Found};
use super::math;
use super::node::Span;
use super::notes;
use super::stress::{Piece, Run, resolve};

/// Reads the words of a block.
pub(super) fn spans(text: &str) -> Vec<Span> {
    read(text, 0)
}

/// Reads words that stand in so many links and pictures.
pub(super) fn read(text: &str, depth: usize) -> Vec<Span> {
    let mut scanner =
        Scanner { text, depth, pieces: Vec::new(), words: String::new(), unclosed: 0 };
    let mut at = 0;
    while let Some(step) = scanner.step(at) {
        at += step;
    }
    scanner.end_words();
    resolve(scanner.pieces)
}

/// What may begin something else than words.
const SIGNS: [char; 12] = ['\\', '\n', '`', '*', '_', '~', '!', '[', '<', '&', 'h', '$'];

struct Scanner<'a> {
    text: &'a str,
    depth: usize,
    pieces: Vec<Piece>,
    /// Read, and not among the pieces yet.
    words: String,
    /// The bit n is set when no code is closed by n backticks any more.
    unclosed: u64,
}

impl Scanner<'_> {
    /// Reads what begins at `at` and tells how long it is; nothing at the end.
    fn step(&mut self, at: usize) -> Option<usize> {
        let rest = &self.text[at..];
        let sign = rest.chars().next()?;
        if !SIGNS.contains(&sign) {
            let length = rest.find(SIGNS).unwrap_or(rest.len());
            self.words.push_str(&rest[..length]);
            return Some(length);
        }
        let found = match sign {
            '\\' => formula(rest).or_else(|| escaped(rest)),
            '$' => formula(rest),
            '\n' => return Some(self.break_line(rest)),
            '`' => return Some(self.code(rest)),
            '*' | '_' | '~' => return Some(self.run(at, sign)),
            '<' => links::in_angles(rest),
            '&' => links::named_character(rest),
            'h' => links::bare(&self.text[..at], rest),
            '[' => note(rest).or_else(|| links::bracketed(rest, self.depth)),
            _ => links::bracketed(rest, self.depth),
        };
        let Some((found, length)) = found else {
            self.words.push(sign);
            return Some(sign.len_utf8());
        };
        match found {
            Found::Words(words) => self.words.push_str(&words),
            Found::Spans(spans) => {
                self.end_words();
                self.pieces.extend(spans.into_iter().map(Piece::from));
            }
        }
        Some(length)
    }

    fn end_words(&mut self) {
        if !self.words.is_empty() {
            self.pieces.push(Span::Text(std::mem::take(&mut self.words)).into());
        }
    }

    /// A line that the model broke stays broken: it writes verse and addresses that way.
    fn break_line(&mut self, rest: &str) -> usize {
        self.words.truncate(self.words.trim_end_matches(' ').len());
        self.end_words();
        self.pieces.push(Span::Break.into());
        rest.len() - rest.trim_start().len()
    }

    fn code(&mut self, rest: &str) -> usize {
        let after = rest.trim_start_matches('`');
        let length = rest.len() - after.len();
        let bit = 1_u64.checked_shl(length as u32).unwrap_or(0);
        let end = if self.unclosed & bit == 0 { closing(after, length) } else { None };
        let Some(end) = end else {
            self.unclosed |= bit;
            self.words.push_str(&rest[..length]);
            return length;
        };
        let code = after[..end].replace('\n', " ");
        let bare = code.strip_prefix(' ').and_then(|code| code.strip_suffix(' '));
        let code = bare.filter(|bare| !bare.trim().is_empty()).unwrap_or(&code);
        self.end_words();
        self.pieces.push(Span::Code(code.to_owned()).into());
        length + end + length
    }

    fn run(&mut self, at: usize, mark: char) -> usize {
        let (before, rest) = self.text.split_at(at);
        let after = rest.trim_start_matches(mark);
        let length = rest.len() - after.len();
        // One tilde says "about".
        if mark == '~' && length != 2 {
            self.words.push_str(&rest[..length]);
            return length;
        }
        self.end_words();
        let run = Run::between(before.chars().next_back(), mark, length, after.chars().next());
        self.pieces.push(Piece::Run(run));
        length
    }
}

fn formula(rest: &str) -> Option<(Found, usize)> {
    math::within(rest).map(|(span, length)| (Found::Spans(vec![span]), length))
}

fn note(rest: &str) -> Option<(Found, usize)> {
    notes::mark(rest).map(|(span, length)| (Found::Spans(vec![span]), length))
}

fn escaped(rest: &str) -> Option<(Found, usize)> {
    let sign = rest[1..].chars().next()?;
    match sign {
        '\n' => Some((Found::Words(String::new()), 1)),
        _ if sign.is_ascii_punctuation() => Some((Found::Words(sign.to_string()), 2)),
        _ => None,
    }
}

/// Where exactly so many backticks stand.
fn closing(text: &str, length: usize) -> Option<usize> {
    let mut at = 0;
    loop {
        let start = at + text[at..].find('`')?;
        let after = text[start..].trim_start_matches('`');
        at = text.len() - after.len();
        if at - start == length {
            return Some(start);
        }
    }
}
