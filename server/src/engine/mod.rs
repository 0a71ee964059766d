//! The engine as the server sees it: a handle that asks for answers.
//!
//! The model runs in a process of its own (`worker`), which the supervisor starts with the first
//! answer, watches, and ends when it has rested. The engine knows no chats and no HTTP.

pub mod cage;
pub mod cells;
mod child;
mod crashes;
pub mod frame;
pub mod history;
pub mod memory;
mod need;
mod outline;
mod progress;
pub mod prompt;
mod refusal;
mod running;
mod supervisor;
pub mod worker;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, broadcast, mpsc, oneshot, watch};
use wick_protocol::{Engine as Status, Finish, Memory, ModelId, Sampling};

pub use self::cells::{Attention, Cells, Kinds, WhenFull};
use self::frame::{JobId, Turn, Usage};
pub use self::frame::{Keep, LaidOut, Outline, Owner, Place};
use self::history::History;
pub use self::need::{Need, Shape, Took};
use self::supervisor::Supervisor;
pub use self::worker::keep_only;

/// Answers that may be asked for at once; beyond it the engine is busy.
pub const MOST_ANSWERS: usize = 16;

/// Loads that whoever hears of them may be behind.
const MOST_LOADS: usize = 16;

/// How engine processes are run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What to execute: this program.
    pub program: PathBuf,
    /// Threads that compute, at most.
    pub threads: u32,
    /// How contexts are made.
    pub cells: Cells,
    /// What becomes of a chat that is longer than there is room for.
    pub when_full: WhenFull,
    /// Whether processes are caged.
    pub is_caged: bool,
    /// Where sessions are parked; `None` = nowhere.
    pub parking: Option<Place>,
    /// Bytes of memory that all processes may have together when a model is loaded or a context
    /// grows; `None` = what is free.
    pub memory: Option<u64>,
    /// A context that nobody used for so long is freed; `None` = never.
    pub context_idle: Option<Duration>,
    /// An engine process that nobody used for so long is ended; `None` = never.
    pub model_idle: Option<Duration>,
}

/// A model file that the engine can load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelFile {
    /// As the page knows it.
    pub id: ModelId,
    /// As people know it.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// Where the file is that sees for it, if it has one.
    pub eyes: Option<PathBuf>,
    /// Size of the file, or of all its parts.
    pub bytes: u64,
    /// The memory that it needs.
    pub need: Need,
}

/// What a load of a model file took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The file.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// What the process held.
    pub took: Took,
}

/// An answer to be written.
#[derive(Clone, Debug)]
pub struct Request {
    /// By which model.
    pub model: ModelFile,
    /// Whose it is.
    pub owner: Owner,
    /// What was said, oldest first.
    pub turns: Vec<Turn>,
    /// What the answer begins with already.
    pub begun: String,
    /// How tokens are chosen.
    pub sampling: Sampling,
    /// Whether the answer goes on when the model says that it is done.
    pub ignore_end: bool,
    /// What becomes of it afterwards.
    pub keep: Keep,
    /// Whether the model is loaded even if it seems to need more memory than there is.
    pub anyway: bool,
}

/// What happens to an answer, in this order. `Done` is the last.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// So many other answers come first.
    Waiting(usize),
    /// The model is read from the disk: 0 to 100.
    Loading(u8),
    /// The model reads the prompt.
    Reading {
        /// Tokens read.
        done: usize,
        /// Tokens to read.
        total: usize,
    },
    /// A picture is looked at.
    Looking {
        /// Which one, from 1 on.
        picture: usize,
        /// Of how many.
        of: usize,
    },
    /// More of the answer, in whole characters.
    Text(String),
    /// It ended.
    Done(Finish, Usage),
}

/// Why there is no answer, or no more of it. The messages are sentences for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// Too many answers at once.
    #[error("{MOST_ANSWERS} answers are being written or wait already. Try again when one is done")]
    Busy,
    /// The engine process is gone.
    #[error("{0}. What was written so far is kept")]
    Crashed(String),
    /// The model can't be used.
    #[error("{0}")]
    Failed(String),
    /// The model can be used, but not with this prompt.
    #[error("{0}")]
    Unanswered(String),
    /// The model seems to need more memory than there is. It can be loaded anyway.
    #[error("{0}")]
    NoMemory(String),
    /// It can't rest now.
    #[error("An answer is being written. The engine can rest when it is done")]
    InUse,
    /// The server is ending.
    #[error("Wick is being closed")]
    Closing,
}

/// Asks the engine for answers. Clones ask the same engine.
#[derive(Clone)]
pub struct Engine {
    commands: mpsc::Sender<Command>,
    cancels: mpsc::UnboundedSender<JobId>,
    status: watch::Receiver<Status>,
    loads: broadcast::Sender<Loaded>,
    /// As in [`Settings::memory`].
    limit: Option<u64>,
    /// As in [`Settings::when_full`].
    when_full: WhenFull,
    /// What lays prompts out to be shown, one at a time.
    program: Arc<Mutex<PathBuf>>,
}

/// What the handle asks the supervisor for.
enum Command {
    Generate(JobId, Box<Request>, Events),
    Forget(Owner),
    Rest(oneshot::Sender<Result<(), EngineError>>),
    History(oneshot::Sender<History>),
    /// Drops the sender when the process has ended.
    Close(oneshot::Sender<()>),
}

/// Where the events of an answer go. Not bounded: the engine must not wait for a reader, and an
/// answer is bounded by its context.
type Events = mpsc::UnboundedSender<Result<Event, EngineError>>;

impl Engine {
    /// An engine that has no process yet, and the task that will run it.
    pub fn new(settings: Settings) -> (Engine, impl Future<Output = ()> + Send) {
        let (status_sender, status) = watch::channel(Status::default());
        let (commands, inbox) = mpsc::channel(MOST_ANSWERS);
        let (cancels, cancelled) = mpsc::unbounded_channel();
        let (limit, when_full) = (settings.memory, settings.when_full);
        let program = Arc::new(Mutex::new(settings.program.clone()));
        let loads = broadcast::channel(MOST_LOADS).0;
        let news = supervisor::News { status: status_sender, loads: loads.clone() };
        let supervisor = Supervisor::new(settings, inbox, cancelled, news);
        (Engine { commands, cancels, status, loads, limit, when_full, program }, supervisor.run())
    }

    /// Begins to write an answer.
    pub fn generate(&self, request: Request) -> Result<Generation, EngineError> {
        use std::sync::atomic::{AtomicU64, Ordering};
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let job = JobId(NEXT.fetch_add(1, Ordering::Relaxed));
        let (events, inbox) = mpsc::unbounded_channel();
        self.commands.try_send(Command::Generate(job, Box::new(request), events)).map_err(
            |err| match err {
                mpsc::error::TrySendError::Full(_) => EngineError::Busy,
                mpsc::error::TrySendError::Closed(_) => EngineError::Closing,
            },
        )?;
        Ok(Generation { job, events: inbox, cancels: self.cancels.clone() })
    }

    /// Lays a prompt out as a model would get it. Nothing is loaded for it. An error is a sentence
    /// for people.
    pub async fn lay_out(&self, outline: Outline) -> Result<LaidOut, String> {
        outline::lay_out(&self.program.lock().await, outline).await
    }

    /// What the engine does and holds, now and from now on.
    pub fn status(&self) -> watch::Receiver<Status> {
        self.status.clone()
    }

    /// What loads took, from now on. More of a load can follow, when it was found to take more.
    pub fn loads(&self) -> broadcast::Receiver<Loaded> {
        self.loads.subscribe()
    }

    /// Bytes of memory that a model could have if all others gave way; `None` where the system does
    /// not say.
    pub fn free(&self) -> Option<u64> {
        let held = self.status.borrow().memory().map_or(0, Memory::rest);
        let free = memory::available().map(|free| free.saturating_add(held));
        free.into_iter().chain(self.limit).min()
    }

    /// What becomes of a chat that is longer than there is room for.
    pub fn when_full(&self) -> WhenFull {
        self.when_full
    }

    /// Removes what is kept of this owner.
    pub async fn forget(&self, owner: Owner) {
        // An engine that is closing keeps nothing that matters.
        let _ = self.commands.send(Command::Forget(owner)).await;
    }

    /// Parks what the engine knows and gives all its memory back, unless an answer is written.
    pub async fn rest(&self) -> Result<(), EngineError> {
        let (done, rested) = oneshot::channel();
        let asked = self.commands.send(Command::Rest(done)).await;
        asked.map_err(|_| EngineError::Closing)?;
        rested.await.unwrap_or(Err(EngineError::Closing))
    }

    /// What it held and did until now; `None` when it is closing.
    pub async fn history(&self) -> Option<History> {
        let (sender, history) = oneshot::channel();
        self.commands.send(Command::History(sender)).await.ok()?;
        history.await.ok()
    }

    /// Ends the engine process and takes no more requests.
    pub async fn close(&self) {
        let (closing, closed) = oneshot::channel();
        if self.commands.send(Command::Close(closing)).await.is_ok() {
            // Its end is the news.
            let _ = closed.await;
        }
    }
}

/// An answer being written. Dropping it stops the engine from writing more.
pub struct Generation {
    job: JobId,
    events: mpsc::UnboundedReceiver<Result<Event, EngineError>>,
    cancels: mpsc::UnboundedSender<JobId>,
}

impl Generation {
    /// What happens next. Nothing comes after `Done` or an error.
    pub async fn next(&mut self) -> Result<Event, EngineError> {
        self.events.recv().await.unwrap_or(Err(EngineError::Closing))
    }

    /// Stops the engine from writing more. What it had written comes, and then `Done`, or an error where
    /// it had not begun.
    pub fn cancel(&self) {
        // The engine may have ended before.
        let _ = self.cancels.send(self.job);
    }
}

impl Drop for Generation {
    fn drop(&mut self) {
        self.cancel();
    }
}
