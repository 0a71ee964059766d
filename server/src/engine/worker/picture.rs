//! A picture in a prompt: what stands for it between the tokens.
//!
//! Its cells are computed from numbers and not from tokens. In a text they are named by numbers below
//! those of all tokens, made of a hash of the picture and of what looks at it. So a session with pictures
//! is compared, shared, cut and parked as one of words is, and the same picture is the same again.

use sha2::{Digest, Sha256};

use super::llama::Token;

/// Bits of a name that are of the hash.
const HASH: u32 = (1 << 29) - 1;

/// The bit of a name whose cell takes no place of its own.
const BESIDE: u32 = 1 << 29;

/// A picture as a model gets it: patches, and the tokens that its kind of model has around them.
#[derive(Debug)]
pub struct Picture {
    /// All of it, as it stands in a prompt.
    pub tokens: Vec<Token>,
    /// What is looked at, in order.
    pub patches: Vec<Patch>,
}

/// A part of a picture that is looked at in one go.
#[derive(Clone, Debug)]
pub struct Patch {
    /// Which patch of its picture it is.
    pub number: usize,
    /// What its cells are called.
    pub names: Vec<Token>,
    /// Where its cells are, from where it begins.
    pub places: Places,
    /// Whether its cells look at those after them too: they are put all at once.
    pub looks_ahead: bool,
}

/// Where the cells of a patch are, from where it begins.
#[derive(Clone, Debug)]
pub enum Places {
    /// One after the other.
    InARow,
    /// In time, height and width, as models with M-RoPE have it.
    InTheRoom(Vec<[i32; 3]>),
}

/// Names a picture, seen by a certain file: a SHA-256.
pub type Id = [u8; 32];

impl Patch {
    /// The cells of a patch, which takes so many places.
    pub fn new(
        (id, number): (Id, usize),
        n_cells: usize,
        n_places: usize,
        places: Places,
        looks_ahead: bool,
    ) -> Self {
        let names = hashes(id, number).zip(0..n_cells);
        let names = names.map(|(hash, at)| name(hash, n_places <= at)).collect();
        Self { number, names, places, looks_ahead }
    }
}

/// What a picture that is seen by a certain file is named.
pub fn id(jpeg: &[u8], seen_by: &[u8; 32]) -> Id {
    Sha256::new().chain_update(seen_by).chain_update(jpeg).finalize().into()
}

/// Whether this names a cell of a picture. -1 is llama.cpp's "no token".
pub fn is_cell(token: Token) -> bool {
    token.0 < -1
}

/// How many places these take in a text.
pub fn n_places(tokens: &[Token]) -> usize {
    tokens.len() - tokens.iter().filter(|it| is_cell(**it) && bits(**it) & BESIDE != 0).count()
}

/// How many of these take so many places at most. Of a picture all or nothing.
pub fn n_within(tokens: &[Token], n_places: usize) -> usize {
    let mut n_left = n_places;
    let fits = |token: &&Token| {
        let takes = usize::from(!is_cell(**token) || bits(**token) & BESIDE == 0);
        let is_room = takes <= n_left;
        n_left = n_left.saturating_sub(takes);
        is_room
    };
    let n = tokens.iter().take_while(fits).count();
    if n == tokens.len() {
        return n;
    }
    n - tokens[..n].iter().rev().take_while(|it| is_cell(**it)).count()
}

fn name(hash: u32, is_beside: bool) -> Token {
    let bits = (hash & HASH) | if is_beside { BESIDE } else { 0 };
    Token::new(-2 - bits.cast_signed())
}

fn bits(token: Token) -> u32 {
    (-2 - token.0).cast_unsigned()
}

/// Numbers that follow from a picture, without end.
fn hashes(id: Id, number: usize) -> impl Iterator<Item = u32> {
    (0_u64..).flat_map(move |block| {
        let hash = Sha256::new()
            .chain_update(id)
            .chain_update((number as u64).to_le_bytes())
            .chain_update(block.to_le_bytes());
        let bytes: [u8; 32] = hash.finalize().into();
        let (words, _) = bytes.as_chunks::<4>();
        let words: Vec<u32> = words.iter().map(|it| u32::from_le_bytes(*it)).collect();
        words
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patch(picture: &[u8], n_cells: usize, n_places: usize) -> Patch {
        Patch::new((id(picture, &[7; 32]), 0), n_cells, n_places, Places::InARow, false)
    }

    #[test]
    fn the_same_picture_is_the_same_and_another_one_begins_otherwise() {
        let (one, same, other) =
            (patch(b"a", 300, 300), patch(b"a", 300, 300), patch(b"b", 300, 300));
        assert_eq!(one.names, same.names);
        assert_ne!(one.names[0], other.names[0]);
        assert!(one.names.iter().all(|it| is_cell(*it)));
        assert_ne!(id(b"a", &[7; 32]), id(b"a", &[8; 32]));
        for token in [-1, 0, 49_151] {
            assert!(!is_cell(Token::new(token)));
        }
    }

    #[test]
    fn cells_may_share_a_place() {
        let picture = patch(b"a", 12, 4).names;
        let text = [Token::new(5); 3];
        let all = [&text[..], &picture, &text].concat();
        assert_eq!(n_places(&all), 3 + 4 + 3);
        assert_eq!(n_within(&all, 10), all.len());
        assert_eq!(n_within(&all, 9), 17);
        // What is in the middle of a picture is before it.
        for places in 3..7 {
            assert_eq!(n_within(&all, places), 3);
        }
        assert_eq!(n_within(&all, 2), 2);
        assert_eq!(n_within(&all[..15], 7), 15);
    }
}
