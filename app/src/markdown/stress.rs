//! Stress, weight and what is struck: which marks belong together.

use super::blocks::DEEPEST;
use super::node::Span;

/// With more pieces than this, marks are words: looking for partners takes the square of it.
const MOST_PIECES: usize = 2_000;

/// A part of a line of words.
pub(super) enum Piece {
    /// Read already, and how deep it is.
    Span(Span, usize),
    /// Marks that may begin or end something.
    Run(Run),
}

impl From<Span> for Piece {
    fn from(span: Span) -> Self {
        Self::Span(span, 0)
    }
}

/// Several of the same mark.
pub(super) struct Run {
    mark: char,
    length: usize,
    opens: bool,
    closes: bool,
}

impl Run {
    /// Marks between two characters, or at the edge of the text.
    pub(super) fn between(
        before: Option<char>,
        mark: char,
        length: usize,
        after: Option<char>,
    ) -> Self {
        let is_space = |it: Option<char>| it.is_none_or(char::is_whitespace);
        let is_sign = |it: Option<char>| it.is_some_and(is_punctuation);
        let touches = |one: Option<char>, other: Option<char>| {
            !is_space(one) && (!is_sign(one) || is_space(other) || is_sign(other))
        };
        let (left, right) = (touches(after, before), touches(before, after));
        // An underscore inside a word is part of its name.
        let (opens, closes) = match mark {
            '_' => (left && (!right || is_sign(before)), right && (!left || is_sign(after))),
            _ => (left, right),
        };
        Self { mark, length, opens, closes }
    }

    fn is_closed_by(&self, other: &Self) -> bool {
        let is_odd_pair = (self.closes || other.opens)
            && (self.length + other.length).is_multiple_of(3)
            && !(self.length.is_multiple_of(3) && other.length.is_multiple_of(3));
        self.mark == other.mark && self.opens && (!is_odd_pair || self.mark == '~')
    }
}

/// Puts what stands between partners into one span.
pub(super) fn resolve(mut pieces: Vec<Piece>) -> Vec<Span> {
    let mut idx = 0;
    while idx < pieces.len() && pieces.len() <= MOST_PIECES {
        idx = match partner(&pieces, idx) {
            Some(opener) => join(&mut pieces, opener, idx),
            None => idx + 1,
        };
    }
    flat(pieces)
}

/// The nearest run before `idx` that is closed by what stands there.
fn partner(pieces: &[Piece], idx: usize) -> Option<usize> {
    let Piece::Run(closer) = &pieces[idx] else { return None };
    let opens = |piece: &Piece| matches!(piece, Piece::Run(run) if run.is_closed_by(closer));
    if closer.closes { pieces[..idx].iter().rposition(opens) } else { None }
}

/// Joins what stands between two runs; tells where to go on.
fn join(pieces: &mut Vec<Piece>, opener: usize, closer: usize) -> usize {
    let (mark, n_used) = match (&pieces[opener], &pieces[closer]) {
        (Piece::Run(one), Piece::Run(other)) => (one.mark, one.length.min(other.length).min(2)),
        _ => return closer + 1,
    };
    let inner: Vec<_> = pieces.drain(opener + 1..closer).collect();
    let depth = inner.iter().map(Piece::depth).max().unwrap_or_default() + 1;
    let mut at = opener + 1;
    if depth <= DEEPEST {
        let inner = flat(inner);
        let span = match (mark, n_used) {
            ('~', _) => Span::Struck(inner),
            (_, 2) => Span::Strong(inner),
            _ => Span::Emphasis(inner),
        };
        pieces.insert(at, Piece::Span(span, depth));
        at += 1;
    } else {
        let n_inner = inner.len();
        pieces.splice(at..at, inner);
        at += n_inner;
    }
    if shorten(&mut pieces[at], n_used) == 0 {
        pieces.remove(at);
    }
    if shorten(&mut pieces[opener], n_used) == 0 {
        pieces.remove(opener);
        at -= 1;
    }
    at
}

fn shorten(piece: &mut Piece, by: usize) -> usize {
    match piece {
        Piece::Run(run) => {
            run.length -= by;
            run.length
        }
        Piece::Span(..) => 0,
    }
}

impl Piece {
    fn depth(&self) -> usize {
        match self {
            Self::Span(_, depth) => *depth,
            Self::Run(_) => 0,
        }
    }
}

/// Marks without a partner are words; words beside words are one.
fn flat(pieces: Vec<Piece>) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for piece in pieces {
        let span = match piece {
            Piece::Span(span, _) => span,
            Piece::Run(run) => Span::Text(run.mark.to_string().repeat(run.length)),
        };
        match (spans.last_mut(), span) {
            (Some(Span::Text(before)), Span::Text(words)) => before.push_str(&words),
            (_, span) => spans.push(span),
        }
    }
    spans
}

/// ASCII's, the typographer's, and those of Chinese and Japanese.
fn is_punctuation(it: char) -> bool {
    it.is_ascii_punctuation()
        || matches!(it, '«' | '»' | '\u{2010}'..='\u{205e}' | '\u{3001}'..='\u{301f}' | '\u{ff01}'..='\u{ff0f}')
}
