//! Room in the context: made when the first token needs it, doubled when there is none left.
//!
//! Cells hold numbers of 16 bits. Where only 8 are set to be an alternative and there is memory for
//! no more, they hold those: decided when a context is made, and once more when it grows. What was
//! read is then read again, which takes time; without it the answer would end.

use std::time::Instant;

use wick_protocol::grouped;

use super::{Sequence, Sessions, Token};
use crate::engine::cells::{CellKind, ContextSize};
use crate::engine::memory::{self, readable};
use crate::engine::refusal::{otherwise, ways, with};
use crate::engine::worker::llama::{Context, ContextSettings};
use crate::engine::worker::resident;

/// Memory that is left to others when a context is larger than the one that the load counted, in
/// bytes.
const LEFT_FREE: u64 = 128 << 20;

/// Why there is no room.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoomError {
    /// The model can't look back that far.
    #[error(
        "This chat takes {} tokens and the model can look back on {}. \
         Send a shorter message, begin a new chat, or choose a model with a longer context",
        grouped(*.need as u64), grouped(*.most as u64)
    )]
    TooLong {
        /// What the chat takes, the first token of the answer included.
        need: usize,
        /// What the model was trained for, or what was set.
        most: usize,
    },
    /// There is not enough memory.
    #[error(
        "A context for {} tokens takes {} and {} of memory are free for it. {help}",
        grouped(*.cells as u64), readable(*.need), readable(*.free)
    )]
    NoMemory {
        /// The cells that were asked for.
        cells: usize,
        /// What they and the buffers take in bytes.
        need: u64,
        /// What is free in bytes.
        free: u64,
        /// The cells for which there is memory; 0 when there are too few to begin with.
        fitting: usize,
        /// What to do.
        help: String,
    },
    /// As many cells as there may be are in use.
    #[error(
        "Other answers need all {} tokens of the context. Try again when one is done",
        grouped(*.0 as u64)
    )]
    Full(usize),
    /// llama.cpp would not make the context.
    #[error("llama.cpp could not make a context for {} tokens; its log says more", grouped(*.0 as u64))]
    NotMade(usize),
}

/// What becomes of the kind of cells when a context grows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It stays, or the context does not grow.
    Stays,
    /// It may be a smaller one, where only that fits.
    MayChange,
}

impl<'m> Sessions<'m> {
    /// Makes the context large enough for so many tokens of one session, of which so many are in
    /// the cells. A new context has cells of the preferred kind, where there is a choice.
    pub(super) fn make_room_for(
        &mut self,
        need: usize,
        n_live: usize,
        preferred: Option<CellKind>,
    ) -> Result<(), RoomError> {
        let most = self.longest();
        if most < need {
            return Err(RoomError::TooLong { need, most });
        }
        if self.context.is_none() {
            return self.make_context(need, preferred);
        }
        if self.rows.iter().any(|row| row.is_busy) {
            // Those who are written are held up once, and not again when more is in the cells that
            // has to be moved. What can't be had now is not needed before the tokens are put, and nor
            // is another kind of cells, for which all of them would have to be read again.
            let all = self.n_cells() + need - n_live;
            if self.size() < all {
                let _ = self.grow(all, Kind::Stays);
            }
        } else if self.size() < need {
            // Only what is in use is moved into a larger context.
            while self.park_one() {}
            self.grow(need, Kind::MayChange)?;
        }
        Ok(())
    }

    /// Cells that are taken at least: beginnings that are alike may be shared.
    fn n_cells(&self) -> usize {
        let mut n_cells = 0;
        for (idx, row) in self.rows.iter().enumerate() {
            let shared = self.rows[..idx].iter().map(|other| n_same(&row.tokens, &other.tokens));
            let n_shared = shared.max().unwrap_or(0);
            n_cells += row.tokens.len() - n_shared;
        }
        n_cells
    }

    /// Makes room for more tokens: parks the session that was used longest ago, else doubles the
    /// context.
    pub(super) fn make_room(&mut self) -> Result<(), RoomError> {
        if self.park_one() { Ok(()) } else { self.grow(self.size() + 1, Kind::MayChange) }
    }

    /// Parks the session that nobody writes in and that was used longest ago, and frees its
    /// cells. False when there is none.
    fn park_one(&mut self) -> bool {
        let Some(sequence) = self.longest_unused() else { return false };
        self.make_way(sequence);
        true
    }

    /// The session that nobody writes in and that was used longest ago.
    pub(super) fn longest_unused(&self) -> Option<Sequence> {
        let row = |it: Sequence| &self.rows[usize::from(it.0)];
        let unused = self.sequences().filter(|&it| !row(it).is_busy && !row(it).tokens.is_empty());
        unused.min_by_key(|&it| row(it).used)
    }

    fn make_context(&mut self, need: usize, preferred: Option<CellKind>) -> Result<(), RoomError> {
        let began = Instant::now();
        let cells = self
            .cells
            .pinned
            .unwrap_or_else(|| self.cells.holding(need, self.model.context_trained()));
        let kinds = self.need.kinds(self.cells).collect();
        let is_roomy = |kind| self.leaves_room_for_weights(cells, kind);
        let mut why = None;
        for kind in in_order(kinds, preferred, is_roomy) {
            if let Err(err) = self.check_memory(cells, kind) {
                // Of the smallest kind.
                why.get_or_insert(err);
            } else if let Some(context) = self.new_context(cells, kind) {
                self.context = Some(context);
                self.parking.use_kind(kind);
                self.came_back = began.elapsed();
                return Ok(());
            }
        }
        Err(why.unwrap_or(RoomError::NotMade(cells)))
    }

    /// Moves what the context holds into a larger one. The old one is gone before the new one is
    /// there, so both are never in memory at once. One of another kind begins empty: what was in
    /// it is read again.
    fn grow(&mut self, need: usize, becomes: Kind) -> Result<(), RoomError> {
        let Some((have, had)) = self.made() else { return self.make_context(need, None) };
        let n_busy = self.rows.iter().filter(|row| row.is_busy).count().max(1);
        let most = self.cells.pinned.unwrap_or(self.model.context_trained() * n_busy);
        // What was shared is there several times afterwards.
        let n_held: usize = self.rows.iter().map(|row| row.tokens.len()).sum();
        let cells = self.cells.holding(need.max(n_held + 1), most);
        if cells <= have {
            return Err(RoomError::Full(have));
        }
        let kind = self.kind_to_grow(cells, had, becomes)?;
        let began = Instant::now();
        let held = self.sequences().filter(|it| !self.rows[usize::from(it.0)].tokens.is_empty());
        let held: Vec<_> = held.collect();
        let mut states = Vec::with_capacity(held.len());
        for sequence in held {
            let context = self.context.as_mut().filter(|_| kind == had);
            states.push((sequence, context.and_then(|it| it.state(sequence))));
        }
        self.context = None;
        self.context = self.new_context(cells, kind).or_else(|| self.new_context(have, had));
        if let Some((_, kind)) = self.made() {
            self.parking.use_kind(kind);
        }
        for (sequence, state) in states {
            let context = self.context.as_mut().zip(state);
            if !context.is_some_and(|(context, state)| context.set_state(sequence, &state)) {
                // It is read again.
                self.clear(sequence);
            }
        }
        self.came_back = began.elapsed();
        if self.size() < cells { Err(RoomError::NotMade(cells)) } else { Ok(()) }
    }

    /// What cells can hold in a context of this size: what they hold now, else something smaller.
    fn kind_to_grow(
        &self,
        cells: usize,
        had: CellKind,
        becomes: Kind,
    ) -> Result<CellKind, RoomError> {
        let n_kinds = if becomes == Kind::Stays { 1 } else { usize::MAX };
        let kinds = self.need.kinds(self.cells).skip_while(|&kind| kind != had).take(n_kinds);
        let mut result = Err(RoomError::NotMade(cells));
        for kind in kinds {
            result = self.check_memory(cells, kind).map(|()| kind);
            if result.is_ok() {
                break;
            }
        }
        result
    }

    fn new_context(&self, cells: usize, kind: CellKind) -> Option<Context<'m>> {
        let size = self.cells.size(cells, kind);
        let settings = ContextSettings { size, sequences: self.rows.len() as u8 };
        let mut context = Context::new(self.model, settings, self.stop)?;
        context.set_threads(self.threads);
        Some(context)
    }

    /// Bytes of so many tokens in the context that there is.
    pub(super) fn bytes_of(&self, n_tokens: usize) -> u64 {
        let shape = self.need.shape.as_ref();
        let made = shape.zip(self.made());
        made.map_or(0, |(shape, (_, kind))| shape.cells_bytes(n_tokens, kind))
    }

    fn check_memory(&self, cells: usize, kind: CellKind) -> Result<(), RoomError> {
        let size = self.cells.size(cells, kind);
        let is_counted = cells <= self.cells.first(self.model.context_trained());
        let left_free = if is_counted { 0 } else { LEFT_FREE };
        let system = memory::available()
            .map(|free| free.saturating_add(self.bytes_of(self.size())).saturating_sub(left_free));
        let besides = self.need.bytes(size).saturating_sub(self.need.of_context(size));
        let limit = self.memory.map(|limit| limit.saturating_sub(besides));
        let free = system.into_iter().chain(limit).min().unwrap_or(u64::MAX);
        let takes =
            |size: ContextSize| self.need.of_context(size).saturating_add(self.moved(size.kind));
        if takes(size) <= free {
            return Ok(());
        }
        let fits = |size| Some(takes(size)).filter(|&bytes| bytes <= free);
        let halves = std::iter::successors(Some(cells.next_power_of_two() / 2), |n| Some(n / 2));
        let fitting = halves
            .take_while(|&n| self.cells.fewest <= n && self.cells.pinned.is_none())
            .find(|&n| fits(self.cells.size(n, kind)).is_some());
        let ways = ways(self.cells, cells, self.need.shape.as_ref(), fits);
        let help = with("take", &ways) + otherwise(limit == Some(free));
        let fitting = fitting.unwrap_or(0);
        Err(RoomError::NoMemory { cells, need: takes(size), free, fitting, help })
    }

    /// Whether the system has room for what is still to come besides such a context: pages of the
    /// model's file that were given back after the load and are used from now on.
    fn leaves_room_for_weights(&self, cells: usize, kind: CellKind) -> bool {
        let Some(free) = memory::available() else { return true };
        let held = resident().total().saturating_sub(self.bytes_of(self.size()));
        self.need.bytes(self.cells.size(cells, kind)).saturating_sub(held) <= free
    }

    /// Bytes of what is moved into a context of this kind: it is there once more meanwhile.
    fn moved(&self, kind: CellKind) -> u64 {
        let n_held = self.rows.iter().map(|row| row.tokens.len()).sum();
        if self.made().is_some_and(|(_, had)| had == kind) { self.bytes_of(n_held) } else { 0 }
    }
}

/// How many tokens two texts have in common from their beginning on.
pub(super) fn n_same(one: &[Token], other: &[Token]) -> usize {
    one.iter().zip(other).take_while(|(a, b)| a == b).count()
}

/// In which order kinds of cells are tried: the preferred one first, then the better ones; before
/// those that leave no room, of which the smallest comes first.
fn in_order(
    mut kinds: Vec<CellKind>,
    preferred: Option<CellKind>,
    is_roomy: impl Fn(CellKind) -> bool,
) -> Vec<CellKind> {
    kinds.sort_by_key(|&kind| Some(kind) != preferred);
    let (mut order, mut rest): (Vec<_>, Vec<_>) = kinds.into_iter().partition(|&it| is_roomy(it));
    rest.sort_by_key(|kind| kind.bits());
    order.append(&mut rest);
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_kind_that_leaves_room_comes_first() {
        use CellKind::{F16, Q8};
        let check = |preferred, roomy: &[CellKind], order: &[CellKind]| {
            let kinds = in_order(vec![F16, Q8], preferred, |kind| roomy.contains(&kind));
            assert_eq!(kinds, order, "{preferred:?} {roomy:?}");
        };
        check(None, &[F16, Q8], &[F16, Q8]);
        check(Some(Q8), &[F16, Q8], &[Q8, F16]);
        check(None, &[Q8], &[Q8, F16]);
        check(Some(F16), &[Q8], &[Q8, F16]);
        check(Some(F16), &[], &[Q8, F16]);
    }
}
