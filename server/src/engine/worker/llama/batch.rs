//! What is put through the model in one go: tokens of several sequences.

use llama_cpp_sys_2 as sys;

use super::Token;

/// One of the token rows that a context keeps apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sequence(pub u8);

impl Sequence {
    /// As llama.cpp names it.
    pub(super) fn id(self) -> sys::llama_seq_id {
        self.0.into()
    }
}

/// Tokens with their places, in the order in which they are put through.
#[derive(Debug, Default)]
pub struct Batch {
    pub(super) tokens: Vec<sys::llama_token>,
    pub(super) positions: Vec<sys::llama_pos>,
    pub(super) sequences: Vec<sys::llama_seq_id>,
    pub(super) wants_logits: Vec<i8>,
}

impl Batch {
    /// Empties it.
    pub fn clear(&mut self) {
        self.tokens.clear();
        self.positions.clear();
        self.sequences.clear();
        self.wants_logits.clear();
    }

    /// Adds tokens of a sequence that begin at this position in it. Returns the index of the last
    /// one, under which its logits are found afterwards.
    pub fn add(&mut self, sequence: Sequence, from: usize, tokens: &[Token]) -> usize {
        for (position, token) in (from..).zip(tokens) {
            self.tokens.push(token.0);
            self.positions.push(sys::llama_pos::try_from(position).unwrap_or(sys::llama_pos::MAX));
            self.sequences.push(sequence.id());
            self.wants_logits.push(0);
        }
        if let Some(last) = self.wants_logits.last_mut() {
            *last = 1;
        }
        self.tokens.len().saturating_sub(1)
    }

    /// How many tokens it holds.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }
}
