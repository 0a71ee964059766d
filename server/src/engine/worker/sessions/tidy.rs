//! Order in the cells while nothing is computed: what can be brought back in no time does not
//! rest in them, and what stays lies together.
//!
//! Attention passes over every cell up to the last one in use, those of other sessions and empty
//! ones too; from 512 on llama.cpp divides them between its threads by their place, however many
//! of them matter. A small model wrote a twentieth slower beside 2,000 cells that rested.

use super::{Sequence, Sessions};

/// Bytes of a session, or of several, that come back in two or three tenths of a second.
const QUICKLY_MOVED: u64 = 256 << 20;

impl Sessions<'_> {
    /// Parks one of the sessions that rest, but not the one that was used last, nor one that is
    /// long in coming back; closes the gaps when none is left. For when no answer is written.
    /// Whether there may be more to do.
    pub fn tidy(&mut self) -> bool {
        let mut resting = self.holding();
        resting.sort_by_key(|&it| self.rows[usize::from(it.0)].used);
        // Whoever spoke last is likely to speak next.
        resting.pop();
        let is_quick = |it: &Sequence| self.bytes(&[*it]) <= QUICKLY_MOVED;
        let untried = |it: &Sequence| !self.rows[usize::from(it.0)].stays;
        let next = resting.into_iter().filter(is_quick).find(untried);
        if let Some(sequence) = next {
            self.park_row(sequence);
            // What could not be parked would have to be read again.
            if self.rows[usize::from(sequence.0)].is_parked {
                self.clear(sequence);
                self.has_gaps = true;
            } else {
                self.rows[usize::from(sequence.0)].stays = true;
            }
            return true;
        }
        if std::mem::take(&mut self.has_gaps) {
            self.close_gaps();
        }
        false
    }

    /// Takes all sessions out of the cells and puts them back, one behind the other.
    fn close_gaps(&mut self) {
        let held = self.holding();
        if QUICKLY_MOVED < self.bytes(&held) {
            return;
        }
        let Some(context) = &mut self.context else { return };
        let states: Option<Vec<_>> = held.iter().map(|&it| context.state(it)).collect();
        let Some(states) = states else { return };
        for &sequence in &held {
            context.cut(sequence, 0);
        }
        for (sequence, state) in held.into_iter().zip(states) {
            if !self.context.as_mut().is_some_and(|it| it.set_state(sequence, &state)) {
                // It is read again.
                self.clear(sequence);
            }
        }
    }

    /// Sequences that hold something.
    fn holding(&self) -> Vec<Sequence> {
        let holds = |it: &Sequence| !self.rows[usize::from(it.0)].tokens.is_empty();
        self.sequences().filter(holds).collect()
    }

    fn bytes(&self, sequences: &[Sequence]) -> u64 {
        let n_tokens: usize =
            sequences.iter().map(|it| self.rows[usize::from(it.0)].tokens.len()).sum();
        self.bytes_of(n_tokens)
    }
}
