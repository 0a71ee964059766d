//! Where answers are written, several at once: one step puts a token of every answer that is
//! being written through the model, and a slice of the prompts that are being read. Their pictures are
//! put in between (`seeing`).

mod seeing;

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process;
use std::time::{Duration, Instant};

use wick_protocol::Finish;

use super::answer::Answer;
use super::forming::{self, Formed, Forming};
use super::inbox::{Closed, Heard, Inbox};
use super::llama::{Context, Model, Token};
use super::outbox::Outbox;
use super::pace::Pace;
use super::resident;
use super::sessions::{PutError, Seat, Sessions};
use super::weights;
use crate::engine::cells::{CellKind, WhenFull};
use crate::engine::frame::{FromWorker, JobEvent, JobId, Load, ToWorker, Usage};
use crate::engine::prompt::Layout;

/// Answers that are written at once; more wait.
const AT_ONCE: usize = 8;

/// One model and all that is asked of it.
pub struct Desk<'scope, 'm: 'scope> {
    model: &'m Model,
    file: PathBuf,
    layout: &'m Layout,
    context_idle: Option<Duration>,
    when_full: WhenFull,
    sessions: Sessions<'m>,
    forming: Forming<'scope, 'm>,
    pace: Pace,
    inbox: &'m Inbox,
    outbox: Outbox,
    active: Vec<Active>,
    waiting: VecDeque<Formed>,
    /// The end of the last step: who is written waits since then.
    stepped: Instant,
    /// The context that the server knows of.
    told: Option<(usize, CellKind)>,
}

struct Active {
    id: JobId,
    answer: Answer,
}

impl<'scope, 'm> Desk<'scope, 'm> {
    /// With nothing to do yet.
    pub fn new(
        (model, layout): (&'m Model, &'m Layout),
        sessions: Sessions<'m>,
        forming: Forming<'scope, 'm>,
        pace: Pace,
        load: &Load,
        (inbox, outbox): (&'m Inbox, Outbox),
    ) -> Self {
        Self {
            model,
            file: load.path.clone(),
            layout,
            context_idle: load.context_idle,
            when_full: load.when_full,
            sessions,
            forming,
            pace,
            inbox,
            outbox,
            active: Vec::new(),
            waiting: VecDeque::new(),
            stepped: Instant::now(),
            told: None,
        }
    }

    /// Never returns: the process ends when the inbox is closed.
    pub fn serve(mut self) -> ! {
        self.inbox.serve();
        loop {
            if let Err(Closed) = self.hear() {
                self.sessions.park();
                self.tell_parked();
                process::exit(0);
            }
            self.admit();
            self.step();
            self.see();
        }
    }

    /// Takes what was asked for; waits for it when there is nothing to do, and rests when nothing
    /// comes.
    fn hear(&mut self) -> Result<(), Closed> {
        if self.active.is_empty() && self.waiting.is_empty() {
            self.pace.pause();
            let mut heard = self.inbox.next(Some(Duration::ZERO))?;
            // One thing at a time, so that nobody waits for all of it.
            while heard.is_none() && self.sessions.tidy() {
                heard = self.inbox.next(Some(Duration::ZERO))?;
            }
            if heard.is_none() {
                self.tell_parked();
                let may_rest = 0 < self.sessions.size() && self.forming.is_idle();
                heard = self.inbox.next(may_rest.then_some(self.context_idle).flatten())?;
            }
            match heard {
                Some(heard) => self.take(heard),
                None => self.rest(),
            }
        } else if self.is_looking()
            && let Some(heard) = self.inbox.next(None)?
        {
            self.take(heard);
        }
        while let Some(heard) = self.inbox.next(Some(Duration::ZERO))? {
            self.take(heard);
        }
        Ok(())
    }

    fn take(&mut self, heard: Heard) {
        match heard {
            Heard::Command(command) => self.obey(command),
            Heard::Formed(id, formed) => match formed {
                // Nobody wants it any more.
                _ if !self.forming.take(id) => (),
                Ok(formed) => self.queue(*formed),
                Err(end) => self.tell(id, end),
            },
            Heard::Seen(id, seen) => self.take_seen(id, seen),
        }
    }

    fn obey(&mut self, command: ToWorker) {
        match command {
            ToWorker::Load(_) | ToWorker::LayOut(_) => (),
            ToWorker::Generate(job) => {
                self.sessions.set_memory(job.memory);
                if !forming::is_needed(&job) {
                    self.queue(Formed::free(job, self.layout));
                } else if let Err((id, end)) = self.forming.begin(job) {
                    self.tell(id, end);
                }
            }
            ToWorker::Cancel(id) => self.cancel(id),
            ToWorker::Forget(owner) => self.sessions.forget(owner),
        }
    }

    fn queue(&mut self, formed: Formed) {
        if AT_ONCE <= self.active.len() {
            self.tell(formed.job.id, JobEvent::Waiting(self.waiting.len() + 1));
        }
        self.waiting.push_back(formed);
    }

    fn cancel(&mut self, id: JobId) {
        if let Some(idx) = self.active.iter().position(|active| active.id == id) {
            self.end(idx, |answer, tell| answer.done(Finish::Stopped, tell));
        } else if let Some(idx) = self.waiting.iter().position(|it| it.job.id == id) {
            self.waiting.remove(idx);
            self.tell(id, JobEvent::Done(Finish::Stopped, Usage::default()));
            self.tell_waiting();
        } else if self.forming.take(id) {
            self.tell(id, JobEvent::Done(Finish::Stopped, Usage::default()));
        }
    }

    fn tell_waiting(&mut self) {
        for (ahead, it) in (1..).zip(&self.waiting) {
            self.outbox.tell(&FromWorker::Job(it.job.id, JobEvent::Waiting(ahead)));
        }
    }

    /// Begins answers that wait, as far as there is room.
    fn admit(&mut self) {
        let mut is_shorter = false;
        while self.active.len() < AT_ONCE
            && let Some(formed) = self.waiting.pop_front()
        {
            is_shorter = true;
            let id = formed.job.id;
            match Answer::begin(
                formed,
                (self.model, self.layout),
                self.when_full,
                &mut self.sessions,
            ) {
                Ok(answer) => {
                    self.tell(id, answer.progress(&self.sessions));
                    self.active.push(Active { id, answer });
                }
                Err(end) => self.tell(id, end),
            }
            self.tell_cells();
        }
        if is_shorter {
            self.tell_waiting();
        }
    }

    /// Puts the next tokens of all answers through the model.
    fn step(&mut self) {
        let plan = self.plan();
        if plan.is_empty() {
            return;
        }
        if plan.iter().any(|&(_, n)| 1 < n) {
            self.outbox.tell_held();
        }
        self.sessions.set_threads(self.pace.threads());
        let ids = plan.iter().map(|&(idx, _)| self.active[idx].id).collect();
        let began = Instant::now();
        let Self { active, sessions, inbox, .. } = self;
        // Nobody waits for a long slice of a prompt; it is put again among others.
        let gives_way = matches!(plan[..], [(_, 2..)]);
        let result = inbox.computing(ids, gives_way, || {
            let lefts: Vec<Vec<Token>> = plan
                .iter()
                .map(|&(idx, n)| active[idx].answer.left(sessions)[..n].to_vec())
                .collect();
            let pieces: Vec<(&Seat, &[Token])> = plan
                .iter()
                .zip(&lefts)
                .map(|(&(idx, _), left)| (active[idx].answer.seat(), left.as_slice()))
                .collect();
            sessions.put(&pieces)
        });
        self.tell_cells();
        match result {
            Ok(ends) => {
                self.stepped = Instant::now();
                let n_read = plan.iter().map(|&(_, n)| n).filter(|&n| 1 < n).sum();
                self.pace.read(n_read, began.elapsed());
                // From the back, because answers that end are taken out.
                for (&(idx, n), end) in plan.iter().zip(ends).rev() {
                    self.advance(idx, n, end);
                }
            }
            Err(PutError::Again) => (),
            Err(err) => self.give_up(&plan, &err),
        }
    }

    /// How long those who are written have waited for their next token; none when nobody can be held up.
    fn waited(&self) -> Option<Duration> {
        if self.active.len() == 1 && self.waiting.is_empty() && self.forming.is_idle() {
            return None;
        }
        let is_written = |it: &Active| it.answer.left(&self.sessions).len() == 1;
        let any_written = self.active.iter().any(is_written);
        Some(if any_written { self.stepped.elapsed() } else { Duration::ZERO })
    }

    /// Which answers put how many tokens: one for each that is written, and a slice that is shared
    /// by those that are read.
    fn plan(&self) -> Vec<(usize, usize)> {
        let left = |active: &Active| active.answer.left(&self.sessions).len();
        let lefts: Vec<usize> = self.active.iter().map(left).collect();
        let n_reading = lefts.iter().filter(|&&left| 1 < left).count();
        let n_writing = lefts.iter().filter(|&&left| left == 1).count();
        let most = Context::LONGEST_BATCH - n_writing;
        let mut slice = self.pace.slice(self.waited(), most);
        let mut n_sharing = n_reading;
        let mut plan = Vec::with_capacity(lefts.len());
        for (idx, left) in lefts.into_iter().enumerate() {
            let n = if 1 < left {
                let n = left.min((slice / n_sharing).max(1)).min(slice);
                (slice, n_sharing) = (slice - n, n_sharing - 1);
                n
            } else {
                left
            };
            if 0 < n {
                plan.push((idx, n));
            }
        }
        plan
    }

    /// An answer's tokens were put; when they were the last, the next one is chosen.
    fn advance(&mut self, idx: usize, n: usize, end: usize) {
        let Self { active, sessions, outbox, model, .. } = self;
        let Active { id, answer } = &mut active[idx];
        if 1 < n && answer.is_reading() {
            let progress = answer.progress(sessions);
            outbox.tell(&FromWorker::Job(*id, progress));
        }
        if !answer.is_put(sessions) {
            return;
        }
        let mut tell = |event| outbox.tell(&FromWorker::Job(*id, event));
        if let ControlFlow::Break(end) = answer.write(sessions.logits(end), model, &mut tell) {
            self.end(idx, |_, _| end);
        }
    }

    /// There is no room, or the model failed.
    fn give_up(&mut self, plan: &[(usize, usize)], err: &PutError) {
        match err {
            PutError::Again => (),
            // The one that came last makes room for the others; what it has written stays.
            PutError::Room(_) => {
                let Some(&(idx, _)) = plan.last() else { return };
                let reason = err.to_string();
                self.end(idx, |answer, tell| {
                    answer.tell_rest(tell);
                    JobEvent::Failed(reason)
                });
            }
            PutError::Failed(_) => {
                for &(idx, _) in plan.iter().rev() {
                    self.end(idx, |_, _| JobEvent::Failed(err.to_string()));
                }
            }
        }
    }

    fn end(
        &mut self,
        idx: usize,
        last: impl FnOnce(&mut Answer, &mut dyn FnMut(JobEvent)) -> JobEvent,
    ) {
        let Active { id, mut answer } = self.active.remove(idx);
        let outbox = &mut self.outbox;
        let end = last(&mut answer, &mut |event| outbox.tell(&FromWorker::Job(id, event)));
        self.sessions.leave(answer.into_seat());
        self.tell(id, end);
    }

    fn rest(&mut self) {
        let before = resident().total();
        self.sessions.rest();
        self.forming.rest();
        weights::give_back_what_is_mapped(&self.file);
        self.tell_parked();
        self.told = None;
        self.outbox.tell(&FromWorker::ContextFreed { before, after: resident().total() });
    }

    fn tell(&mut self, job: JobId, event: JobEvent) {
        self.outbox.tell(&FromWorker::Job(job, event));
    }

    fn tell_parked(&mut self) {
        match std::mem::take(&mut self.sessions.n_parked) {
            0 => (),
            n => self.outbox.tell(&FromWorker::Parked(n)),
        }
    }

    fn tell_cells(&mut self) {
        self.tell_parked();
        let made = self.sessions.made();
        if let Some((cells, kind)) = made.filter(|_| made != self.told) {
            if self.told.is_some_and(|told| told.1 != kind) {
                self.active.iter_mut().for_each(|it| it.answer.reads_again());
            }
            self.told = made;
            let took = self.sessions.came_back;
            self.outbox.tell(&FromWorker::Context { cells, kind, took });
        }
    }
}
