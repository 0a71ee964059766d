//! Keeps the engine processes, one for each model that is in use: starts them for the first
//! answer, hands answers to them, says in plain words how they ended, and ends them when they
//! have rested or when another model needs their memory.

mod rest;
mod room;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{Interval, MissedTickBehavior, interval, sleep_until};
use wick_protocol::{Engine as Status, Receipt};

use self::rest::Leaving;
use super::child::{FromProcess, ProcessNumber};
use super::crashes::Crashes;
use super::frame::{FromWorker, JobEvent, JobId, Owner};
use super::history::{End, History, What};
use super::running::{Asked, Heard, Running};
use super::{Command, EngineError, Event, Loaded, MOST_ANSWERS, Settings, worker};

/// While answers are written, memory is looked at this often.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// While nothing is written but something is loaded, memory is noted this often.
const NOTE_EVERY: Duration = Duration::from_secs(10);

/// An engine that computes and says nothing for so long hangs.
const SILENCE: Duration = Duration::from_mins(5);

/// Frames of all processes that wait to be passed on.
const MOST_FRAMES: usize = 1024;

/// Owns the engine processes.
pub struct Supervisor {
    settings: Settings,
    commands: mpsc::Receiver<Command>,
    cancels: mpsc::UnboundedReceiver<JobId>,
    news: News,
    /// The one that was asked last is the last.
    running: Vec<Running>,
    /// Processes that park what they know before they are gone.
    leaving: Vec<Leaving>,
    ends: JoinSet<ProcessNumber>,
    /// Who is told when they are.
    resting: Vec<oneshot::Sender<Result<(), EngineError>>>,
    /// Answers whose model is not loaded yet.
    waiting: VecDeque<Asked>,
    frames: mpsc::Receiver<FromProcess>,
    frames_sender: mpsc::Sender<FromProcess>,
    crashes: Crashes,
    /// What was given back last.
    receipt: Option<Receipt>,
    /// What those gave back that ended, while others are still ending.
    given: Option<Receipt>,
    history: History,
}

/// Where the supervisor says what becomes of the processes.
pub struct News {
    /// What they do and hold.
    pub status: watch::Sender<Status>,
    /// What loads took.
    pub loads: broadcast::Sender<Loaded>,
}

/// What wakes the supervisor.
enum Cause {
    Command(Option<Command>),
    Cancel(Option<JobId>),
    Frame(ProcessNumber, FromWorker),
    Gone(ProcessNumber),
    Ended(ProcessNumber),
    Look,
    Note,
    Rested,
}

impl Cause {
    /// Tokens come by the hundred; looking at the memory for each would take from their speed.
    fn changes_status(&self) -> bool {
        match self {
            Self::Frame(_, FromWorker::Job(_, event)) => {
                matches!(event, JobEvent::Done(..) | JobEvent::Failed(_))
            }
            Self::Frame(_, FromWorker::Parked(_))
            | Self::Command(Some(Command::History(_)))
            | Self::Note => false,
            _ => true,
        }
    }
}

impl Supervisor {
    /// Without a process.
    pub fn new(
        settings: Settings,
        commands: mpsc::Receiver<Command>,
        cancels: mpsc::UnboundedReceiver<JobId>,
        news: News,
    ) -> Self {
        let (frames_sender, frames) = mpsc::channel(MOST_FRAMES);
        Self {
            settings,
            commands,
            cancels,
            news,
            running: Vec::new(),
            leaving: Vec::new(),
            ends: JoinSet::new(),
            resting: Vec::new(),
            waiting: VecDeque::new(),
            frames,
            frames_sender,
            crashes: Crashes::default(),
            receipt: None,
            given: None,
            history: History::new(Instant::now()),
        }
    }

    /// Serves until it is told to close or every handle is gone.
    pub async fn run(mut self) {
        let mut looks = [LOOK_EVERY, NOTE_EVERY].map(interval);
        for look in &mut looks {
            look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        }
        // It is dropped when everything has ended.
        let _closing = loop {
            let cause = self.next_cause(&mut looks).await;
            let changes_status = cause.changes_status();
            match cause {
                Cause::Command(Some(Command::Generate(job, request, events))) => {
                    self.asked(Asked { job, request, events }).await;
                }
                Cause::Command(Some(Command::Forget(owner))) => self.forget(owner).await,
                Cause::Command(Some(Command::Rest(done))) => self.rest_now(done),
                Cause::Command(Some(Command::History(asked))) => {
                    self.note();
                    // Whoever asked may be gone.
                    let _ = asked.send(self.history.clone());
                }
                Cause::Command(Some(Command::Close(closing))) => break Some(closing),
                Cause::Command(None) | Cause::Cancel(None) => break None,
                Cause::Cancel(Some(job)) => self.cancel(job).await,
                Cause::Frame(from, frame) => self.heard(from, frame),
                Cause::Gone(process) => self.gone(process).await,
                Cause::Ended(process) => self.ended(process).await,
                Cause::Look => self.look(),
                Cause::Note => self.note(),
                Cause::Rested => self.rest_the_idle(self.settings.model_idle),
            }
            self.serve_waiting().await;
            if changes_status {
                self.tell_status();
            }
        };
        // Turns are told first, so that none waits for an engine that is going.
        self.commands.close();
        self.waiting.clear();
        while !self.running.is_empty() {
            self.end(0, End::Rested, None);
        }
        while self.ends.join_next().await.is_some() {}
    }

    async fn next_cause(&mut self, [look, note]: &mut [Interval; 2]) -> Cause {
        let is_used = self.running.iter().any(|it| !it.is_idle());
        let idle = self.running.iter().filter(|it| it.is_idle()).map(Running::used).min();
        let rest_at = idle.zip(self.settings.model_idle).map(|(used, idle)| used + idle);
        tokio::select! {
            command = self.commands.recv() => Cause::Command(command),
            job = self.cancels.recv() => Cause::Cancel(job),
            // There is a sender here, so the channel is never closed.
            Some(FromProcess { number, frame }) = self.frames.recv() => match frame {
                Some(frame) => Cause::Frame(number, frame),
                None => Cause::Gone(number),
            },
            Some(Ok(process)) = self.ends.join_next() => Cause::Ended(process),
            _ = look.tick(), if is_used => Cause::Look,
            _ = note.tick(), if !self.running.is_empty() => Cause::Note,
            () = sleep_until(rest_at.unwrap_or_else(Instant::now).into()), if rest_at.is_some() => Cause::Rested,
        }
    }

    async fn asked(&mut self, asked: Asked) {
        let n_running: usize = self.running.iter().map(Running::n_jobs).sum();
        let ahead = n_running + self.waiting.len();
        if MOST_ANSWERS <= ahead {
            let _ = asked.events.send(Err(EngineError::Busy));
            return;
        }
        let memory = self.memory_of(&asked.request.model);
        // Nobody is served before those who wait for memory, or they would wait for ever.
        if self.waiting.is_empty()
            && let Some(running) = room::running_with(&mut self.running, &asked.request.model)
        {
            running.give(asked, memory).await;
            return;
        }
        if 0 < ahead {
            let _ = asked.events.send(Ok(Event::Waiting(ahead)));
        }
        self.waiting.push_back(asked);
    }

    async fn cancel(&mut self, job: JobId) {
        self.waiting.retain(|asked| asked.job != job);
        for running in &mut self.running {
            running.cancel(job).await;
        }
    }

    fn heard(&mut self, from: ProcessNumber, frame: FromWorker) {
        let Some(idx) = self.index_of(from) else { return self.heard_last(from, &frame) };
        let is_done = matches!(frame, FromWorker::Job(_, JobEvent::Done(..)));
        let heard = self.running[idx].heard(frame);
        if is_done {
            self.learn(idx);
        }
        let what = match heard {
            Heard::Nothing => return,
            Heard::Counted(tokens, since) => {
                return self.history.count(tokens, since, Instant::now());
            }
            Heard::NotLoaded(sentence) => {
                return self.fail(idx, &EngineError::Failed(sentence));
            }
            Heard::Marked(what) => what,
            Heard::TookUp(what) => {
                self.receipt = None;
                what
            }
            Heard::GaveBack(receipt) => {
                self.receipt = Some(receipt);
                What::ContextFreed
            }
        };
        self.history.mark(&self.running[idx].model.name, what, Instant::now());
    }

    /// Says what a model takes where that was not known.
    fn learn(&mut self, idx: usize) {
        let running = &mut self.running[idx];
        if let Some(took) = running.learn() {
            let (path, bytes) = (running.model.path.clone(), running.model.bytes);
            // Nobody may want to know.
            let _ = self.news.loads.send(Loaded { path, bytes, took });
        }
    }

    /// A process that is ending says what it parked.
    fn heard_last(&mut self, from: ProcessNumber, frame: &FromWorker) {
        let left = self.leaving.iter().find(|it| it.number == from);
        if let (FromWorker::Parked(n_sessions), Some(left)) = (frame, left) {
            self.history.mark(&left.name, What::Parked(*n_sessions), Instant::now());
        }
    }

    async fn gone(&mut self, process: ProcessNumber) {
        let Some(idx) = self.index_of(process) else { return };
        let running = self.running.remove(idx);
        self.crashes.add(&running.model.path, Instant::now());
        let name = running.model.name.clone();
        let how = running.how_it_ended().await;
        tracing::error!("{name}: {how}");
        self.history.mark(&name, What::Ended(End::Crashed), Instant::now());
        self.note_end();
    }

    fn look(&mut self) {
        let hangs = |it: &Running| !it.is_idle() && SILENCE < it.silence();
        while let Some(idx) = self.running.iter().position(hangs) {
            let silence = SILENCE.as_secs();
            let how = format!("The engine said nothing for {silence} s and was ended");
            self.fail(idx, &EngineError::Crashed(how));
        }
    }

    async fn forget(&mut self, owner: Owner) {
        for running in &mut self.running {
            running.forget(owner).await;
        }
        if let Some(parking) = self.settings.parking.clone() {
            // Also what models parked that are not loaded.
            let forget = move || worker::keep_only(&parking.folder, |it| it != owner);
            let _ = tokio::task::spawn_blocking(forget).await;
        }
    }

    fn fail(&mut self, idx: usize, err: &EngineError) {
        tracing::error!("{err}");
        self.running[idx].fail_all(err);
        self.end(idx, End::Failed, None);
    }

    /// Notes what all processes hold.
    fn note(&mut self) {
        if let Some(memory) = self.now().memory() {
            self.history.look(memory, Instant::now());
        }
    }

    /// Notes nothing any more when no process is left.
    fn note_end(&mut self) {
        if self.running.is_empty() && self.leaving.is_empty() {
            self.history.end(Instant::now());
        }
    }

    fn index_of(&self, process: ProcessNumber) -> Option<usize> {
        self.running.iter().position(|it| it.number() == process)
    }

    /// What all processes do and hold.
    fn now(&self) -> Status {
        let running = self.running.iter().rev().map(Running::shown);
        let leaving = self.leaving.iter().map(|it| it.shown.clone());
        Status { running: running.chain(leaving).collect(), receipt: self.receipt }
    }

    fn tell_status(&mut self) {
        let status = self.now();
        if let Some(memory) = status.memory() {
            self.history.look(memory, Instant::now());
        }
        self.news.status.send_if_modified(|told| {
            let differs = *told != status;
            *told = status;
            differs
        });
    }
}
