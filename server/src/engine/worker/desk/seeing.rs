//! Pictures of the prompts that are being read: looked at by another thread, then put through the model.

use std::time::Instant;

use super::{Active, Desk};
use crate::engine::frame::{FromWorker, JobEvent, JobId};
use crate::engine::worker::llama::Context;
use crate::engine::worker::sessions::PutError;

impl Desk<'_, '_> {
    /// Whether nothing can be computed before a picture was looked at.
    pub(super) fn is_looking(&self) -> bool {
        let Self { active, sessions, waiting, .. } = self;
        waiting.is_empty() && active.iter().all(|it| it.answer.is_looking(sessions))
    }

    /// Puts some of a picture through the model that comes next in a prompt; has those looked at that
    /// were not.
    pub(super) fn see(&mut self) {
        let Self { active, sessions, forming, outbox, .. } = self;
        for Active { id, answer } in active.iter_mut() {
            if let Some((patch, jpeg)) = answer.begin_to_look(sessions) {
                outbox.tell(&FromWorker::Job(*id, answer.looks_at(sessions)));
                forming.look(*id, patch, jpeg);
            }
        }
        let Some(idx) = active.iter().position(|it| it.answer.has_seen(sessions)) else { return };
        let slice = self.pace.slice(self.waited(), Context::LONGEST_BATCH);
        if slice == 0 {
            return;
        }
        let began = Instant::now();
        let Self { active, sessions, inbox, .. } = self;
        let Active { id, answer } = &active[idx];
        let result = inbox.computing(vec![*id], false, || answer.put_seen(sessions, slice));
        self.tell_cells();
        match result {
            Ok(n) => {
                self.pace.read(n, began.elapsed());
                let Active { id, answer } = &self.active[idx];
                let progress = answer.progress(&self.sessions);
                self.outbox.tell(&FromWorker::Job(*id, progress));
            }
            Err(PutError::Again) => (),
            Err(err) => self.give_up(&[(idx, slice)], &err),
        }
    }

    /// A picture was looked at, or can't be.
    pub(super) fn take_seen(&mut self, id: JobId, seen: Result<Vec<f32>, String>) {
        // Somebody may have stopped it.
        let Some(idx) = self.active.iter().position(|it| it.id == id) else { return };
        match seen {
            Ok(numbers) => self.active[idx].answer.see(numbers),
            Err(why) => self.end(idx, |_, _| JobEvent::Failed(why)),
        }
    }
}
