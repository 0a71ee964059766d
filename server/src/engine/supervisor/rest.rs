//! How processes end: they park what they know, and what that gave back is one receipt.

use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use wick_protocol::{Receipt, Running as Shown, Step};

use super::Supervisor;
use crate::engine::EngineError;
use crate::engine::child::{FromProcess, ProcessNumber};
use crate::engine::history::{End, What};
use crate::engine::memory::readable;
use crate::engine::running::Running;

/// A process that is ending. It is shown until its memory is back with the system.
pub(super) struct Leaving {
    pub(super) number: ProcessNumber,
    /// The model's, as people know it.
    pub(super) name: String,
    pub(super) shown: Shown,
    pub(super) why: End,
    /// Whether it ends because it rested.
    pub(super) receipt: Option<Receipt>,
}

impl Supervisor {
    /// Ends all processes, unless an answer is written.
    pub(super) fn rest_now(&mut self, done: oneshot::Sender<Result<(), EngineError>>) {
        if !self.waiting.is_empty() || self.running.iter().any(|it| !it.is_idle()) {
            // Whoever asked may be gone.
            let _ = done.send(Err(EngineError::InUse));
            return;
        }
        self.rest_the_idle(Some(Duration::ZERO));
        if self.is_ending() {
            self.resting.push(done);
        } else {
            let _ = done.send(Ok(()));
        }
    }

    /// Ends the processes that were not used for so long.
    pub(super) fn rest_the_idle(&mut self, idle: Option<Duration>) {
        let Some(idle) = idle else { return };
        let rests = |it: &Running| it.is_idle() && idle <= it.used().elapsed();
        while let Some(idx) = self.running.iter().position(rests) {
            self.rest(idx, End::Rested, "");
        }
    }

    /// Ends a process that writes nothing and says what that gave back, and for whom.
    pub(super) fn rest(&mut self, idx: usize, why: End, reason: &str) {
        let running = &self.running[idx];
        let before = running.shown().memory.map_or(0, |memory| memory.total);
        let back_ms = running.back_ms();
        tracing::info!(
            "{} rests{reason}: {} given back; the next answer waits {back_ms} ms for it",
            running.model.name,
            readable(before)
        );
        let step = Step::EngineEnded;
        self.end(idx, why, Some(Receipt { step, before, after: 0, back_ms }));
    }

    /// Whether a process is on its way out.
    pub(super) fn is_ending(&self) -> bool {
        !self.leaving.is_empty()
    }

    pub(super) fn end(&mut self, idx: usize, why: End, receipt: Option<Receipt>) {
        let running = self.running.remove(idx);
        let (number, shown) = (running.number(), running.shown());
        let name = running.model.name.clone();
        self.leaving.push(Leaving { number, name, shown, why, receipt });
        self.ends.spawn(async move {
            running.end().await;
            number
        });
    }

    /// A process has ended. What several gave back together is one receipt.
    pub(super) async fn ended(&mut self, process: ProcessNumber) {
        // Its last frames are there already.
        while let Ok(FromProcess { number, frame }) = self.frames.try_recv() {
            match frame {
                Some(frame) => self.heard(number, frame),
                None => self.gone(number).await,
            }
        }
        for left in self.leaving.extract_if(.., |it| it.number == process) {
            self.history.mark(&left.name, What::Ended(left.why), Instant::now());
            let Some(receipt) = left.receipt else { continue };
            let sum = self.given.get_or_insert(Receipt { before: 0, back_ms: 0, ..receipt });
            sum.before += receipt.before;
            sum.back_ms = sum.back_ms.max(receipt.back_ms);
        }
        self.note_end();
        if self.is_ending() {
            return;
        }
        self.receipt = self.given.take().or(self.receipt);
        for done in self.resting.drain(..) {
            // Whoever asked may be gone.
            let _ = done.send(Ok(()));
        }
    }
}
