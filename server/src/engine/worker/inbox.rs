//! What the server asks for, read by a thread of its own so that Stop is heard while the model
//! computes.

use std::io::{Read, stdin};
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::forming::Formed;
use crate::engine::frame::{self, JobEvent, JobId, ToWorker};

/// How long parking may take once the server has closed the pipe or is gone.
const PARKING_TIME: Duration = Duration::from_secs(8);

/// Where commands arrive, and what other threads of the engine have done.
pub struct Inbox {
    heard: Receiver<Result<Heard, Closed>>,
    door: Door,
    shared: Arc<Shared>,
}

/// What the computing thread hears.
pub enum Heard {
    Command(ToWorker),
    /// A job is ready; an error is its last event.
    Formed(JobId, Result<Box<Formed>, JobEvent>),
    /// What a job's picture was seen as: the numbers of its cells. An error is for people.
    Seen(JobId, Result<Vec<f32>, String>),
}

/// Where other threads of the engine tell what they have done.
#[derive(Clone)]
pub struct Door(Sender<Result<Heard, Closed>>);

impl Door {
    /// Tells it. Nobody is there any more only when the process ends.
    pub fn tell(&self, heard: Heard) {
        let _ = self.0.send(Ok(heard));
    }
}

/// What the reading thread tells the computing one while it computes.
struct Shared {
    /// What is in the model right now. Held while `stop` is written.
    computing: Mutex<Computing>,
    /// Set to end the computing; llama.cpp looks at it.
    stop: Arc<AtomicBool>,
    /// The server closed the pipe.
    is_closed: AtomicBool,
    /// There is something to park when it does.
    is_serving: AtomicBool,
}

/// What is in the model right now.
#[derive(Default)]
struct Computing {
    /// Whose tokens.
    jobs: Vec<JobId>,
    /// Whether it is put off when somebody else asks for an answer.
    gives_way: bool,
}

/// The server closed the pipe or is gone.
#[derive(Clone, Copy, Debug)]
pub struct Closed;

impl Inbox {
    /// Starts to read commands from the standard input.
    pub fn open() -> std::io::Result<Inbox> {
        let shared = Arc::new(Shared {
            computing: Mutex::default(),
            stop: Arc::new(AtomicBool::new(false)),
            is_closed: AtomicBool::new(false),
            is_serving: AtomicBool::new(false),
        });
        let (sender, heard) = channel();
        let door = Door(sender.clone());
        let reader = Arc::clone(&shared);
        thread::Builder::new()
            .name("wick-inbox".into())
            .spawn(move || read(&mut stdin().lock(), &sender, &reader))?;
        Ok(Inbox { heard, door, shared })
    }

    /// The flag that ends a computation.
    pub fn stop_flag(&self) -> &Arc<AtomicBool> {
        &self.shared.stop
    }

    /// From now on there is something to park, and [`Closed`] is told. Before, the process just
    /// ends when the pipe is closed.
    pub fn serve(&self) {
        self.shared.is_serving.store(true, Ordering::SeqCst);
        if self.shared.is_closed.load(Ordering::SeqCst) {
            process::exit(0);
        }
    }

    /// What was heard next; `None` when nothing was in time.
    pub fn next(&self, at_most: Option<Duration>) -> Result<Option<Heard>, Closed> {
        let heard = match at_most {
            None => self.heard.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(time) => self.heard.recv_timeout(time),
        };
        match heard {
            Ok(heard) => heard.map(Some),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(Closed),
        }
    }

    /// For other threads of the engine.
    pub fn door(&self) -> Door {
        self.door.clone()
    }

    /// Runs `compute` so that cancelling one of these jobs ends it early; where it gives way, so
    /// does a new job.
    pub fn computing<T>(
        &self,
        jobs: Vec<JobId>,
        gives_way: bool,
        compute: impl FnOnce() -> T,
    ) -> T {
        self.shared.set(Computing { jobs, gives_way });
        let result = compute();
        self.shared.set(Computing::default());
        result
    }
}

impl Shared {
    fn set(&self, now: Computing) {
        let mut computing = self.computing.lock().unwrap_or_else(PoisonError::into_inner);
        *computing = now;
        self.stop.store(self.is_closed.load(Ordering::SeqCst), Ordering::Relaxed);
    }

    fn cancel(&self, job: JobId) {
        let computing = self.computing.lock().unwrap_or_else(PoisonError::into_inner);
        if computing.jobs.contains(&job) {
            self.stop.store(true, Ordering::Relaxed);
        }
    }

    fn give_way(&self) {
        let computing = self.computing.lock().unwrap_or_else(PoisonError::into_inner);
        if computing.gives_way {
            self.stop.store(true, Ordering::Relaxed);
        }
    }

    fn close(&self) {
        let _computing = self.computing.lock().unwrap_or_else(PoisonError::into_inner);
        self.is_closed.store(true, Ordering::SeqCst);
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// Hands commands on until the pipe is closed. Then the computing thread parks what there is; the
/// process ends in any case.
fn read(from: &mut impl Read, to: &Sender<Result<Heard, Closed>>, shared: &Shared) {
    while let Ok(command) = frame::read::<ToWorker>(from) {
        if let ToWorker::Cancel(job) = command {
            shared.cancel(job);
        }
        let is_job = matches!(command, ToWorker::Generate(_));
        if to.send(Ok(Heard::Command(command))).is_err() {
            break;
        }
        if is_job {
            shared.give_way();
        }
    }
    shared.close();
    let _ = to.send(Err(Closed));
    if shared.is_serving.load(Ordering::SeqCst) {
        thread::sleep(PARKING_TIME);
    }
    process::exit(0);
}
