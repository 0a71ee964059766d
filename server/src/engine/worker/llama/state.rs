//! What a sequence holds, as bytes that another context of the same model can take up.
//!
//! llama.cpp leaves out of a state what lies before a sliding window, and such a sequence could
//! not be cut any more. So a state is the number of tokens, then several states of llama.cpp's:
//! those of the windows before the last one, and that of the whole sequence. Each has its length
//! in front. Numbers have 8 bytes, little end first.

use llama_cpp_sys_2 as sys;

use super::context::is_windowed;
use super::{Context, Sequence};

/// All layers.
const WHOLE: sys::llama_state_seq_flags = 0;

/// Layers with a sliding window only (`LLAMA_STATE_SEQ_FLAGS_PARTIAL_ONLY` of `llama.h`).
const WINDOW: sys::llama_state_seq_flags = 1;

impl Context<'_> {
    /// What a sequence holds, as bytes for [`Context::set_state`] of a context of the same model.
    pub fn state(&mut self, sequence: Sequence) -> Option<Vec<u8>> {
        let n_tokens = self.n_places(sequence);
        let mut bytes = (n_tokens as u64).to_le_bytes().to_vec();
        for end in self.window_ends(n_tokens) {
            let spare = self.spare();
            self.share_unguarded(sequence, spare, end);
            let added = self.add_piece(spare, WINDOW, &mut bytes);
            self.drop_unguarded(spare);
            added?;
        }
        self.add_piece(sequence, WHOLE, &mut bytes)?;
        Some(bytes)
    }

    /// Fills an empty sequence. False when there is no room for it, or it is of another model.
    /// The bytes must be what [`Context::state`] gave: whoever kept them checks that.
    pub fn set_state(&mut self, sequence: Sequence, bytes: &[u8]) -> bool {
        let is_set = self.take_pieces(sequence, bytes).is_some();
        if !is_set {
            self.cut(sequence, 0);
        }
        is_set
    }

    /// Where the windows end that lie before the last one.
    fn window_ends(&self, n_tokens: usize) -> Vec<usize> {
        if !is_windowed(self.model) {
            return Vec::new();
        }
        let window = self.model.window();
        (window..n_tokens).step_by(window).collect()
    }

    /// The cells come to lie in the order of the tokens, as if they had just been read: in
    /// another order the last digits of what comes out are others.
    fn take_pieces(&mut self, sequence: Sequence, bytes: &[u8]) -> Option<()> {
        let (n_tokens, mut rest) = number(bytes)?;
        let ends = self.window_ends(n_tokens);
        if ends.is_empty() {
            let (whole, _) = piece(rest)?;
            self.set_piece(sequence, whole, WHOLE)?;
            self.guard_from(sequence, 0);
            return Some(());
        }
        for end in ends.into_iter().map(Some).chain([None]) {
            let (bytes, after) = piece(rest)?;
            let layers = if end.is_some() { WINDOW } else { WHOLE };
            self.append_piece(sequence, bytes, layers, end.unwrap_or(n_tokens))?;
            rest = after;
        }
        Some(())
    }

    /// Puts a piece that ends there behind what is there already, in place of what both have.
    fn append_piece(
        &mut self,
        sequence: Sequence,
        bytes: &[u8],
        layers: sys::llama_state_seq_flags,
        end: usize,
    ) -> Option<()> {
        let spare = self.spare();
        let first = end - self.model.window();
        self.cut(sequence, first);
        self.set_piece(spare, bytes, layers)?;
        let is_window = self.first(spare) == first;
        for to in [Some(sequence), self.guard(sequence)].into_iter().flatten() {
            self.share_unguarded(spare, to, usize::MAX);
        }
        self.drop_unguarded(spare);
        is_window.then_some(())
    }

    fn add_piece(
        &mut self,
        sequence: Sequence,
        layers: sys::llama_state_seq_flags,
        to: &mut Vec<u8>,
    ) -> Option<()> {
        // SAFETY: the context lives.
        let size =
            unsafe { sys::llama_state_seq_get_size_ext(self.raw.as_ptr(), sequence.id(), layers) };
        to.extend((size as u64).to_le_bytes());
        let from = to.len();
        to.resize(from + size, 0);
        // SAFETY: the buffer is as long as llama.cpp says that the state is.
        let written = unsafe {
            let at = to[from..].as_mut_ptr();
            sys::llama_state_seq_get_data_ext(self.raw.as_ptr(), at, size, sequence.id(), layers)
        };
        (0 < written && written == size).then_some(())
    }

    fn set_piece(
        &mut self,
        sequence: Sequence,
        bytes: &[u8],
        layers: sys::llama_state_seq_flags,
    ) -> Option<()> {
        // SAFETY: the bytes come from `state` of a context of the same model and settings, which
        // the caller checked; llama.cpp reads no further than their length.
        let read = unsafe {
            let (at, size) = (bytes.as_ptr(), bytes.len());
            sys::llama_state_seq_set_data_ext(self.raw.as_ptr(), at, size, sequence.id(), layers)
        };
        if read == 0 {
            self.drop_unguarded(sequence);
        }
        (read != 0).then_some(())
    }

    /// A sequence that is used for a moment only. It is there when some layers have a window.
    fn spare(&self) -> Sequence {
        Sequence(self.settings().sequences * 2)
    }

    fn share_unguarded(&mut self, from: Sequence, to: Sequence, end: usize) {
        let end = sys::llama_pos::try_from(end).unwrap_or(sys::llama_pos::MAX);
        // SAFETY: the context lives; both sequences are of this context.
        unsafe { sys::llama_memory_seq_cp(self.memory(), from.id(), to.id(), 0, end) }
    }

    fn drop_unguarded(&mut self, sequence: Sequence) {
        // SAFETY: the context lives; -1 means all. Removing all never fails.
        unsafe {
            sys::llama_memory_seq_rm(self.memory(), sequence.id(), -1, -1);
        }
    }
}

/// A number, and what follows it.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (number, rest) = bytes.split_first_chunk::<8>()?;
    Some((usize::try_from(u64::from_le_bytes(*number)).ok()?, rest))
}

/// A piece, and what follows it.
fn piece(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (size, rest) = number(bytes)?;
    rest.split_at_checked(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_told_apart() {
        let bytes = [&2_u64.to_le_bytes()[..], b"ab", &0_u64.to_le_bytes()].concat();
        let (first, rest) = piece(&bytes).expect("there are two");
        assert_eq!((first, piece(rest)), (&b"ab"[..], Some((&b""[..], &b""[..]))));
        for cut in [0, 7, 9] {
            assert_eq!(piece(&bytes[..cut]), None);
        }
        assert_eq!(piece(&u64::MAX.to_le_bytes()), None);
    }
}
