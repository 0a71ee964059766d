//! Order in the cells while nothing is computed, and before an answer begins: what can be brought back
//! in no time does not rest in them, and what stays lies together.
//!
//! Attention passes over every cell up to the last one in use, those of other sessions and empty
//! ones too; from 512 on llama.cpp divides them between its threads by their place, however many
//! of them matter. A small model wrote a twentieth slower beside 2,000 cells that rested, a third
//! slower beside 7,000, and read as much slower.

use super::room::n_same;
use super::{Keep, Seat, Sequence, Sessions};

/// Bytes of a session, or of several, that come back in two or three tenths of a second.
const QUICKLY_MOVED: u64 = 256 << 20;

/// Reading so many tokens beside a session that rests takes longer than moving it away and back.
const LONG_READ: usize = 256;

/// Fewer tokens of another session are not felt: those of a short message and its answer.
const FELT: usize = 64;

impl Sessions<'_> {
    /// Parks one of the sessions that rest, but not the one that was used last, nor one that is
    /// long in coming back; closes the gaps when none is left. For when no answer is written.
    /// Whether there may be more to do.
    pub fn tidy(&mut self) -> bool {
        if self.parking.write_one() {
            return true;
        }
        let mut resting = self.holding();
        resting.sort_by_key(|&it| self.rows[usize::from(it.0)].used);
        // Whoever spoke last is likely to speak next.
        resting.pop();
        if let Some(sequence) = resting.into_iter().find(|&it| self.is_quick(it)) {
            self.park_row(sequence);
            self.clear_parked(sequence);
            return true;
        }
        if std::mem::take(&mut self.has_gaps) {
            self.close_gaps();
        }
        false
    }

    /// An answer begins here, for which so many tokens are to be read: moves what rests out of its way,
    /// unless others wait for that or most of what rests is shared with it. What is not kept is over too
    /// soon for that, if there is not much to read.
    pub(super) fn clear_the_way(&mut self, seat: &Seat, n_to_read: usize) {
        let n_busy = self.rows.iter().filter(|row| row.is_busy).count();
        let is_over_soon = self.row(seat).keep == Keep::Nothing && n_to_read < LONG_READ;
        if 1 < n_busy || is_over_soon {
            return;
        }
        for sequence in self.holding() {
            let row = &self.rows[usize::from(sequence.0)];
            let n_shared = n_same(&row.tokens, &self.row(seat).tokens);
            let n_freed = row.tokens.len() - n_shared;
            let is_worth_it = FELT <= n_freed && n_shared <= n_freed;
            if !row.is_busy && is_worth_it && self.is_quick(sequence) {
                self.set_aside(sequence);
                self.clear_parked(sequence);
            }
        }
        if std::mem::take(&mut self.has_gaps) {
            self.close_gaps();
        }
    }

    /// Frees its cells, unless it would have to be read again: then it is not tried again.
    fn clear_parked(&mut self, sequence: Sequence) {
        if self.rows[usize::from(sequence.0)].is_parked {
            self.clear(sequence);
            self.has_gaps = true;
        } else {
            self.rows[usize::from(sequence.0)].stays = true;
        }
    }

    /// Whether it can be parked and comes back in no time.
    fn is_quick(&self, sequence: Sequence) -> bool {
        let row = &self.rows[usize::from(sequence.0)];
        !row.stays && row.keep == Keep::Parked && self.bytes(&[sequence]) <= QUICKLY_MOVED
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
