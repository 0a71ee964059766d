//! One engine process, the model it was started for, and the answers it writes.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use wick_protocol::{Memory, ModelId, Receipt, Running as Shown, Stage, Step};

use super::cells::{Cells, ContextSize};
use super::child::{Child, ProcessNumber};
use super::frame::{FromWorker, Job, JobEvent, JobId, Owner, ToWorker};
use super::history::{Tokens, What};
use super::memory::{self, Resident, readable};
use super::need::Took;
use super::progress::Progress;
use super::{EngineError, Event, Events, ModelFile, Request};

/// An answer that somebody asked for.
pub struct Asked {
    pub job: JobId,
    pub request: Box<Request>,
    pub events: Events,
}

/// A process and what it was asked for.
pub struct Running {
    pub model: ModelFile,
    child: Child,
    cells: Cells,
    context: Option<ContextSize>,
    /// Somebody wanted it although it seemed to need more than there is.
    is_unlimited: bool,
    jobs: HashMap<JobId, Written>,
    stage: Stage,
    /// What was in memory before the weights were read.
    before: Resident,
    /// Bytes that their load added: what was copied of them, not what is used in the file.
    copied: u64,
    last_frame: Instant,
    last_job: Instant,
    /// How long loading took, and making a context the last time.
    started: Instant,
    load_took: Duration,
    context_took: Duration,
}

/// An answer that the process writes.
struct Written {
    events: Events,
    progress: Progress,
}

/// What a frame means to those who watch all processes.
pub enum Heard {
    /// Nothing beyond this process.
    Nothing,
    /// These tokens went through the model since then.
    Counted(Tokens, Instant),
    /// This happened, and nothing that is told of the engine as a whole.
    Marked(What),
    /// Memory was taken up again.
    TookUp(What),
    /// The context was freed.
    GaveBack(Receipt),
    /// The model can't be loaded, for this reason.
    NotLoaded(String),
}

impl Running {
    /// A process that was asked to load this model, and makes contexts like this.
    pub fn new(model: ModelFile, child: Child, cells: Cells) -> Self {
        let now = Instant::now();
        Self {
            model,
            child,
            cells,
            context: None,
            is_unlimited: false,
            jobs: HashMap::new(),
            stage: Stage::Loading { percent: 0 },
            before: Resident::default(),
            copied: 0,
            last_frame: now,
            last_job: now,
            started: now,
            load_took: Duration::ZERO,
            context_took: Duration::ZERO,
        }
    }

    /// Which process it is.
    pub fn number(&self) -> ProcessNumber {
        self.child.number()
    }

    /// How many answers it writes.
    pub fn n_jobs(&self) -> usize {
        self.jobs.len()
    }

    /// Whether it writes nothing.
    pub fn is_idle(&self) -> bool {
        self.jobs.is_empty()
    }

    /// When it wrote last.
    pub fn used(&self) -> Instant {
        self.last_job
    }

    /// How long it has said nothing.
    pub fn silence(&self) -> Duration {
        self.last_frame.elapsed()
    }

    /// How long the next answer would wait for it to come back, as it took last.
    pub fn back_ms(&self) -> u32 {
        (self.load_took + self.context_took).as_millis() as u32
    }

    /// Asks it for an answer. It may have `memory` bytes now.
    pub async fn give(&mut self, asked: Asked, memory: Option<u64>) {
        let Asked { job, request, events } = asked;
        if let Stage::Loading { percent } = self.stage {
            let _ = events.send(Ok(Event::Loading(percent)));
        }
        self.last_frame = Instant::now();
        self.last_job = self.last_frame;
        self.jobs.insert(job, Written { events, progress: Progress::new(self.last_frame) });
        let Request { owner, turns, begun, sampling, ignore_end, keep, anyway, .. } = *request;
        self.is_unlimited |= anyway;
        let memory = memory.filter(|_| !self.is_unlimited);
        let job = Job { id: job, owner, turns, begun, sampling, ignore_end, keep, memory };
        self.send(&ToWorker::Generate(job)).await;
    }

    /// Nobody waits for this answer any more.
    pub async fn cancel(&mut self, job: JobId) {
        if self.jobs.contains_key(&job) {
            self.send(&ToWorker::Cancel(job)).await;
            // The process answers only after the load, and has nothing to write until then.
            if matches!(self.stage, Stage::Loading { .. }) {
                self.jobs.remove(&job);
            }
        }
    }

    /// What this owner said is not needed any more.
    pub async fn forget(&mut self, owner: Owner) {
        self.send(&ToWorker::Forget(owner)).await;
    }

    async fn send(&mut self, command: &ToWorker) {
        // When the process is gone, the end of its frames follows.
        let _ = self.child.send(command).await;
    }

    /// It said something.
    pub fn heard(&mut self, frame: FromWorker) -> Heard {
        self.last_frame = Instant::now();
        let name = &self.model.name;
        match frame {
            FromWorker::Caged(cage) if cage.is_closed() => tracing::info!("{name}: {cage}"),
            FromWorker::Caged(cage) => tracing::warn!("{name}: {cage}"),
            FromWorker::Begun(resident) => self.before = resident,
            FromWorker::Loading(percent) => {
                self.stage = Stage::Loading { percent };
                for Written { events, .. } in self.jobs.values() {
                    let _ = events.send(Ok(Event::Loading(percent)));
                }
            }
            FromWorker::Loaded(resident) => {
                self.copied = resident.anonymous.saturating_sub(self.before.anonymous);
                self.stage = Stage::Resting;
                self.load_took = self.started.elapsed();
                tracing::info!("loaded {name}: {}", readable(resident.total()));
                return Heard::Marked(What::Loaded);
            }
            FromWorker::NotLoaded(reason) => {
                return Heard::NotLoaded(format!("{name} can't be loaded: {reason}"));
            }
            FromWorker::Context { cells, kind, took } => {
                self.stage = Stage::Ready;
                let had = self.context.replace(self.cells.size(cells, kind));
                self.context_took = took;
                tracing::info!("{name}: context of {cells} tokens, {} bits", kind.bits());
                let has_grown = had.is_some_and(|had| had.cells < cells);
                return Heard::TookUp(if has_grown {
                    What::ContextGrown(cells as u32)
                } else {
                    What::ContextBorn(cells as u32)
                });
            }
            // No process that holds a model is asked for it.
            FromWorker::LaidOut(_) => (),
            FromWorker::Parked(n_sessions) => return Heard::Marked(What::Parked(n_sessions)),
            FromWorker::ContextFreed { before, after } => {
                self.stage = Stage::Resting;
                self.context = None;
                let back_ms = self.context_took.as_millis() as u32;
                tracing::info!(
                    "{name} freed its context: {} before, {} after; the next answer waits \
                     {back_ms} ms for it",
                    readable(before),
                    readable(after)
                );
                let step = Step::ContextFreed;
                return Heard::GaveBack(Receipt { step, before, after, back_ms });
            }
            FromWorker::Job(job, event) => return self.pass_on(job, event),
        }
        Heard::Nothing
    }

    /// What it holds after an answer, where that was not known.
    pub fn learn(&mut self) -> Option<Took> {
        let took = Took { bytes: self.resident()?.total(), context: self.context? };
        self.model.need.learn(took).then_some(took)
    }

    fn pass_on(&mut self, job: JobId, event: JobEvent) -> Heard {
        self.last_job = Instant::now();
        let Some(Written { events, progress }) = self.jobs.get_mut(&job) else {
            return Heard::Nothing;
        };
        let counted = progress.hear(&event, self.last_job);
        let (event, is_last) = match event {
            JobEvent::Waiting(ahead) => (Ok(Event::Waiting(ahead)), false),
            JobEvent::Reading { done, total } => (Ok(Event::Reading { done, total }), false),
            JobEvent::Looking { picture, of } => (Ok(Event::Looking { picture, of }), false),
            JobEvent::Text { text, .. } => (Ok(Event::Text(text)), false),
            JobEvent::Done(why, usage) => (Ok(Event::Done(why, usage)), true),
            JobEvent::Failed(reason) => (Err(EngineError::Unanswered(reason)), true),
        };
        // Nobody listens to an answer that was cancelled.
        let _ = events.send(event);
        if is_last {
            self.jobs.remove(&job);
        }
        counted.map_or(Heard::Nothing, |(tokens, since)| Heard::Counted(tokens, since))
    }

    /// Ends all its answers with this error.
    pub fn fail_all(&mut self, err: &EngineError) {
        for (_, Written { events, .. }) in self.jobs.drain() {
            let _ = events.send(Err(err.clone()));
        }
    }

    /// Parks what it knows and ends the process. One that loads knows nothing yet.
    pub async fn end(self) {
        drop(self.jobs);
        match self.stage {
            Stage::Loading { .. } => self.child.kill().await,
            Stage::Ready | Stage::Resting => self.child.end().await,
        }
    }

    /// It is gone by itself: how that came, in a sentence that its answers are told too.
    pub async fn how_it_ended(self) -> String {
        let how = self.child.how_it_ended().await;
        for Written { events, .. } in self.jobs.into_values() {
            let _ = events.send(Err(EngineError::Crashed(how.clone())));
        }
        how
    }

    /// As a person sees it.
    pub fn shown(&self) -> Shown {
        let model: ModelId = self.model.id.clone();
        Shown { model, stage: self.stage, memory: self.memory() }
    }

    fn memory(&self) -> Option<Memory> {
        let resident = self.resident()?;
        let copied = match self.stage {
            Stage::Loading { .. } => resident.anonymous.saturating_sub(self.before.anonymous),
            Stage::Ready | Stage::Resting => self.copied,
        };
        let weights = copied + resident.file.saturating_sub(self.before.file);
        Some(Memory { total: resident.total(), weights: weights.min(resident.total()) })
    }

    /// What of it is in memory.
    pub fn resident(&self) -> Option<Resident> {
        memory::resident(self.child.id()?)
    }
}
