//! Links, pictures, and what else stands between brackets.

use super::blocks::DEEPEST;
use super::node::Span;
use super::spans::read;

/// No link is longer. Where brackets never close, looking for the end stops here.
const LONGEST: usize = 2_000;

/// What was found, beside its length.
pub(super) enum Found {
    /// Words that mean nothing more.
    Words(String),
    /// Something with a meaning.
    Spans(Vec<Span>),
}

/// `[text](address)` and `![text](address)`.
pub(super) fn bracketed(rest: &str, depth: usize) -> Option<(Found, usize)> {
    let is_picture = rest.starts_with('!');
    let inner = rest.strip_prefix('!').unwrap_or(rest).strip_prefix('[')?;
    if DEEPEST <= depth {
        return None;
    }
    let text = &inner[..end_of(inner, '[', ']')?];
    let after = inner[text.len() + 1..].strip_prefix('(')?;
    let (address, n_address) = address(after)?;
    let length = rest.len() - after.len() + n_address;
    let spans = read(text, depth + 1);
    let found = if is_picture {
        vec![Span::Picture { host: host(&address).to_owned(), says: plain(&spans) }]
    } else if is_harmless(&address) {
        vec![Span::Link { address, spans }]
    } else {
        spans
    };
    Some((Found::Spans(found), length))
}

/// `<https://…>` is a link; a tag is words as it stands.
pub(super) fn in_angles(rest: &str) -> Option<(Found, usize)> {
    let begins_tag = |it: char| it.is_ascii_alphabetic() || matches!(it, '/' | '!' | '?');
    rest[1..].chars().next().filter(|it| begins_tag(*it))?;
    let end = rest.bytes().take(LONGEST).position(|it| it == b'>')?;
    let inner = &rest[1..end];
    let is_link = is_harmless(inner) && !inner.contains(char::is_whitespace);
    let found = if is_link {
        Found::Spans(vec![link_to(inner)])
    } else if inner.contains('\n') {
        return None;
    } else {
        Found::Words(rest[..=end].to_owned())
    };
    Some((found, end + 1))
}

/// An address without anything around it.
pub(super) fn bare(before: &str, rest: &str) -> Option<(Found, usize)> {
    let is_inside_word = before.chars().next_back().is_some_and(|it| it.is_ascii_alphanumeric());
    if is_inside_word || !is_harmless(rest) {
        return None;
    }
    let end = rest.find(|it: char| it.is_whitespace() || matches!(it, '<' | '*' | '`' | '"'));
    let address = rest[..end.unwrap_or(rest.len())]
        .trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', ')', ']', '_', '~']);
    let has_host = address.split_once("//").is_some_and(|(_, host)| !host.is_empty());
    has_host.then(|| (Found::Spans(vec![link_to(address)]), address.len()))
}

/// `&amp;` and its few friends, and characters by number.
pub(super) fn named_character(rest: &str) -> Option<(Found, usize)> {
    let end = rest.bytes().take(12).position(|it| it == b';')?;
    let name = &rest[1..end];
    let found = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        _ => {
            let number = name.strip_prefix('#')?;
            let number = match number.strip_prefix(['x', 'X']) {
                Some(number) => u32::from_str_radix(number, 16),
                None => number.parse(),
            };
            number.ok().filter(|it| *it != 0).and_then(char::from_u32)?
        }
    };
    Some((Found::Words(found.to_string()), end + 1))
}

/// Where what was opened is closed again.
fn end_of(text: &str, open: char, close: char) -> Option<usize> {
    let (mut n_open, mut is_escaped) = (1, false);
    for (idx, it) in text.char_indices().take_while(|(idx, _)| *idx < LONGEST) {
        if !is_escaped && it == open {
            n_open += 1;
        } else if !is_escaped && it == close {
            n_open -= 1;
            if n_open == 0 {
                return Some(idx);
            }
        }
        is_escaped = it == '\\' && !is_escaped;
    }
    None
}

/// The address behind an opening bracket, and the length up to the closing one.
fn address(after: &str) -> Option<(String, usize)> {
    let trimmed = after.trim_start();
    let n_before = after.len() - trimmed.len();
    let (address, n_address) = if let Some(inner) = trimmed.strip_prefix('<') {
        let end = inner.find(['>', '\n'])?;
        (&inner[..end], end + 2)
    } else {
        let end = end_of(trimmed, '(', ')')?;
        let address = trimmed[..end].split(char::is_whitespace).next().unwrap_or_default();
        (address, address.len())
    };
    let title = trimmed.get(n_address..)?;
    let end = title.trim_start();
    let n_title = match end.chars().next()? {
        ')' => 0,
        quote @ ('"' | '\'') => end[1..].find(quote)? + 2,
        _ => return None,
    };
    let closed = end[n_title..].trim_start().strip_prefix(')')?;
    Some((unescaped(address), n_before + trimmed.len() - closed.len()))
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(it) = rest.next() {
        match rest.peek() {
            Some(sign) if it == '\\' && sign.is_ascii_punctuation() => {
                plain.push(*sign);
                rest.next();
            }
            _ => plain.push(it),
        }
    }
    plain
}

fn link_to(address: &str) -> Span {
    Span::Link { address: address.to_owned(), spans: vec![Span::Text(address.to_owned())] }
}

/// Whether a link may lead there. What is not known to be harmless is not.
fn is_harmless(address: &str) -> bool {
    let begins = |scheme: &str| {
        address.get(..scheme.len()).is_some_and(|it| it.eq_ignore_ascii_case(scheme))
    };
    ["http://", "https://", "mailto:"].into_iter().any(begins)
}

/// The host in an address, as a browser would find it.
fn host(address: &str) -> &str {
    let Some((_, rest)) = address.split_once("//") else { return "" };
    let authority = rest.split(['/', '\\', '?', '#']).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default()
}

/// Only the words.
fn plain(spans: &[Span]) -> String {
    let mut words = String::new();
    for span in spans {
        match span {
            Span::Text(text) | Span::Code(text) => words.push_str(text),
            Span::Strong(spans)
            | Span::Emphasis(spans)
            | Span::Struck(spans)
            | Span::Link { spans, .. } => words.push_str(&plain(spans)),
            Span::Formula(formula) => words.push_str(&formula.source),
            Span::Mark(label) | Span::Note(label) => words.push_str(label),
            Span::Picture { says, .. } => words.push_str(says),
            Span::Break => words.push(' '),
        }
    }
    words
}
