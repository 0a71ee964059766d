//! What the model has read and written lately: one session for each text, kept in the cells of a
//! context as long as there is room, and parked on the disk when there is not.
//!
//! The context is made for the tokens there are and grown with them. A new prompt goes on from
//! whatever begins like it: a session of its own, a part shared with another one, or something
//! parked.

mod room;
mod take;
mod tidy;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use wick_protocol::{Kept, WhyRead};

pub use self::room::RoomError;
use super::llama::{Batch, Context, DecodeError, Model, Seen, Sequence, Token};
use super::matching::{Common, common};
use super::parking::Parking;
use super::picture::{n_places, n_within};
use crate::engine::Need;
use crate::engine::cells::{CellKind, Cells};
use crate::engine::frame::{Keep, Owner};

/// Sessions that a context holds: twice as many as answers are written at once.
const SEQUENCES: u8 = 16;

/// Sessions of a model that holds a whole state for each.
const RECURRENT_SEQUENCES: u8 = 9;

/// The sessions of one model.
pub struct Sessions<'m> {
    model: &'m Model,
    need: Need,
    stop: &'m Arc<AtomicBool>,
    cells: Cells,
    /// Bytes that this process may have; `None` = what is free.
    memory: Option<u64>,
    context: Option<Context<'m>>,
    rows: Vec<Row>,
    parking: Parking,
    batch: Batch,
    clock: u64,
    /// Cells between those in use were freed.
    has_gaps: bool,
    threads: u32,
    /// How long the last context took to make, and to take up what was parked in it.
    pub came_back: Duration,
    /// How many sessions were parked, until somebody takes the number.
    pub n_parked: u32,
}

/// What one sequence holds.
#[derive(Clone, Debug, Default)]
struct Row {
    tokens: Vec<Token>,
    owner: Owner,
    keep: Keep,
    /// When it was used last, by the sessions' own clock.
    used: u64,
    /// An answer is written in it.
    is_busy: bool,
    /// A file holds these very tokens.
    is_parked: bool,
    /// It can't be parked as it is.
    stays: bool,
}

/// A session while an answer is written in it.
#[derive(Debug, PartialEq, Eq)]
pub struct Seat(Sequence);

/// Where a prompt goes on from.
pub struct Begun {
    /// The session.
    pub seat: Seat,
    /// The prompt. What is known of it is there as it was first put through the model.
    pub prompt: Vec<Token>,
    /// Tokens that need not be read.
    pub kept: Kept,
    /// Why some must be read that had been read before.
    pub why_read: Option<WhyRead>,
}

/// Why tokens were not put through the model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PutError {
    /// There are not enough cells.
    #[error(transparent)]
    Room(#[from] RoomError),
    /// None of them were put, because somebody set the stop flag or because room had to be made:
    /// a session may hold less than it did, and others have waited for that. What is to be put
    /// next has to be found anew.
    #[error("it was stopped")]
    Again,
    /// The model gave up.
    #[error("The model stopped computing: {0}")]
    Failed(DecodeError),
}

impl<'m> Sessions<'m> {
    /// No context yet. Whoever sets `stop` ends a running computation.
    pub fn new(
        (model, need): (&'m Model, Need),
        threads: u32,
        cells: Cells,
        parking: Parking,
        stop: &'m Arc<AtomicBool>,
    ) -> Self {
        let n_rows = if model.can_go_back() { SEQUENCES } else { RECURRENT_SEQUENCES };
        Self {
            model,
            need,
            stop,
            cells,
            memory: None,
            context: None,
            rows: vec![Row::default(); n_rows.into()],
            parking,
            batch: Batch::default(),
            clock: 0,
            has_gaps: false,
            threads,
            came_back: Duration::ZERO,
            n_parked: 0,
        }
    }

    /// Tokens that fit now; 0 when there is no context.
    pub fn size(&self) -> usize {
        self.context.as_ref().map_or(0, |context| context.settings().size.cells)
    }

    /// The cells of the context and what they hold; `None` when there is none.
    pub fn made(&self) -> Option<(usize, CellKind)> {
        let size = self.context.as_ref()?.settings().size;
        Some((size.cells, size.kind))
    }

    /// The process may have so many bytes from now on; `None` = what is free.
    pub fn set_memory(&mut self, memory: Option<u64>) {
        self.memory = memory;
    }

    /// Tokens that one session can have.
    pub fn longest(&self) -> usize {
        let trained = self.model.context_trained();
        self.cells.pinned.map_or(trained, |pinned| pinned.min(trained))
    }

    /// How many tokens a session holds.
    pub fn held(&self, seat: &Seat) -> usize {
        self.row(seat).tokens.len()
    }

    /// Computes with so many threads from now on.
    pub fn set_threads(&mut self, threads: u32) {
        if threads != self.threads {
            self.threads = threads;
            if let Some(context) = &mut self.context {
                context.set_threads(threads);
            }
        }
    }

    /// Puts tokens through the model, each piece behind what its session holds; at most
    /// [`Context::LONGEST_BATCH`] together. Gives the index under which the logits of each
    /// piece's last token are found.
    pub fn put(&mut self, pieces: &[(&Seat, &[Token])]) -> Result<Vec<usize>, PutError> {
        self.batch.clear();
        let mut ends = Vec::with_capacity(pieces.len());
        for (seat, tokens) in pieces {
            let from = n_places(&self.row(seat).tokens);
            ends.push(self.batch.add(seat.0, from, tokens));
        }
        let Some(context) = &mut self.context else {
            self.make_room()?;
            return Err(PutError::Again);
        };
        let result = context.decode(&mut self.batch);
        self.settle(result, pieces)?;
        Ok(ends)
    }

    /// Puts cells of a picture through the model, behind what its session holds. The picture begins at
    /// this token of the session.
    pub fn put_seen(
        &mut self,
        seat: &Seat,
        begins: usize,
        names: &[Token],
        seen: &Seen<'_>,
    ) -> Result<(), PutError> {
        let from = n_places(&self.row(seat).tokens[..begins]);
        let Some(context) = &mut self.context else {
            self.make_room()?;
            return Err(PutError::Again);
        };
        let result = context.decode_seen(seat.0, from, seen);
        self.settle(result, &[(seat, names)])
    }

    /// Notes what came of putting these pieces.
    fn settle(
        &mut self,
        result: Result<(), DecodeError>,
        pieces: &[(&Seat, &[Token])],
    ) -> Result<(), PutError> {
        match result {
            Ok(()) => {
                for (seat, tokens) in pieces {
                    let row = &mut self.rows[usize::from(seat.0.0)];
                    row.tokens.extend(*tokens);
                    (row.is_parked, row.stays) = (false, false);
                }
                Ok(())
            }
            Err(DecodeError::NoRoom) => {
                // Of a picture some may be there already.
                for (seat, _) in pieces {
                    self.agree(seat.0);
                }
                self.make_room()?;
                Err(PutError::Again)
            }
            Err(err) => {
                for (seat, _) in pieces {
                    self.agree(seat.0);
                }
                Err(match err {
                    DecodeError::Stopped => PutError::Again,
                    err => PutError::Failed(err),
                })
            }
        }
    }

    /// What could follow the token at this index of what was put last.
    pub fn logits(&mut self, idx: usize) -> &[f32] {
        self.context.as_mut().map_or(&[], |context| context.logits(idx))
    }

    /// The answer has ended. What was read and written stays.
    #[expect(clippy::needless_pass_by_value, reason = "a seat that was left is no seat")]
    pub fn leave(&mut self, seat: Seat) {
        let now = self.tick();
        let row = &mut self.rows[usize::from(seat.0.0)];
        row.is_busy = false;
        row.used = now;
        if row.keep == Keep::Nothing {
            self.clear(seat.0);
        }
    }

    /// Forgets what this owner said, but for what is being written.
    pub fn forget(&mut self, owner: Owner) {
        for sequence in self.sequences() {
            let row = &self.rows[usize::from(sequence.0)];
            if row.owner == owner && !row.is_busy {
                self.clear(sequence);
            }
        }
        self.parking.forget(owner);
    }

    /// Parks all sessions. They stay in the cells.
    pub fn park(&mut self) {
        while self.parking.write_one() {}
        for sequence in self.sequences() {
            self.park_row(sequence);
        }
        self.parking.is_done();
    }

    /// Parks all sessions and gives the context's memory back.
    pub fn rest(&mut self) {
        self.park();
        self.context = None;
        self.rows.fill(Row::default());
    }

    fn sequences(&self) -> impl Iterator<Item = Sequence> + use<> {
        (0..self.rows.len() as u8).map(Sequence)
    }

    fn row(&self, seat: &Seat) -> &Row {
        &self.rows[usize::from(seat.0.0)]
    }

    fn tick(&mut self) -> u64 {
        self.clock += 1;
        self.clock
    }

    fn common(&self, known: &[Token], prompt: &[Token]) -> Common {
        common(known, prompt, |token, bytes| self.model.piece(token, bytes))
    }

    /// Writes what a session holds to the disk.
    fn park_row(&mut self, sequence: Sequence) {
        self.park_with(sequence, |parking, row, state| {
            parking.save(row.owner, &row.tokens, &state)
        });
    }

    /// Parks what a session holds without waiting for the disk.
    fn set_aside(&mut self, sequence: Sequence) {
        self.park_with(sequence, |parking, row, state| {
            parking.set_aside(row.owner, &row.tokens, state)
        });
    }

    /// Frees the cells of a session, for an answer that waits for them.
    fn make_way(&mut self, sequence: Sequence) {
        self.set_aside(sequence);
        self.clear(sequence);
    }

    fn park_with(
        &mut self,
        sequence: Sequence,
        park: impl FnOnce(&mut Parking, &Row, Vec<u8>) -> bool,
    ) {
        let row = &mut self.rows[usize::from(sequence.0)];
        let Some(context) = self.context.as_mut().filter(|_| !row.is_parked) else { return };
        if row.tokens.is_empty() || row.keep != Keep::Parked {
            return;
        }
        if let Some(state) = context.state(sequence) {
            row.is_parked = park(&mut self.parking, row, state);
            self.n_parked += u32::from(row.is_parked);
        }
    }

    fn clear(&mut self, sequence: Sequence) {
        if let Some(context) = &mut self.context {
            context.cut(sequence, 0);
        }
        let row = &mut self.rows[usize::from(sequence.0)];
        *row = Row { is_busy: row.is_busy, ..Row::default() };
    }

    /// A computation was cut off: makes sure that the cells hold what the row says. What they
    /// lack is read again.
    fn agree(&mut self, sequence: Sequence) {
        let row = &mut self.rows[usize::from(sequence.0)];
        let Some(context) = &mut self.context else { return };
        let (have, known) = (context.n_places(sequence), n_places(&row.tokens));
        if have < known {
            row.tokens.truncate(n_within(&row.tokens, have));
            row.is_parked = false;
        }
        let known = n_places(&row.tokens);
        if known < have && !context.cut(sequence, known) {
            row.tokens.clear();
            row.is_parked = false;
        }
    }
}

#[cfg(test)]
mod tests;
