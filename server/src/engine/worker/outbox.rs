//! Where the engine process tells the server what happens.

use std::fs::File;
use std::time::{Duration, Instant};

use crate::engine::frame::{self, FromWorker, JobEvent, JobId};

/// A screen shows something new this often. Text that comes faster is told together: every frame
/// wakes the server, which takes a processor from the computing for a moment.
const SHOWN_EVERY: Duration = Duration::from_millis(16);

/// The way to the server.
pub struct Outbox {
    to: File,
    /// Text that is told with the next frame.
    held: Vec<(JobId, String, usize)>,
    told: Instant,
}

impl Outbox {
    /// Takes the standard output for frames. What anything else prints there goes to the error
    /// stream from now on, so that it can't come between two frames.
    pub fn open() -> std::io::Result<Outbox> {
        let frames = rustix::io::dup(rustix::stdio::stdout())?;
        rustix::stdio::dup2_stdout(rustix::stdio::stderr())?;
        Ok(Self::to(File::from(frames)))
    }

    fn to(to: File) -> Outbox {
        Outbox { to, held: Vec::new(), told: Instant::now() }
    }

    /// Tells the server. When it is gone nobody needs to hear this; the inbox is closed then.
    pub fn tell(&mut self, frame: &FromWorker) {
        if let FromWorker::Job(job, JobEvent::Text { text, n_written }) = frame {
            self.hold(*job, text, *n_written);
            if self.told.elapsed() < SHOWN_EVERY {
                return;
            }
            self.tell_held();
        } else {
            self.tell_held();
            self.write(frame);
        }
    }

    /// Tells what is held, before something that takes long.
    pub fn tell_held(&mut self) {
        for (job, text, n_written) in std::mem::take(&mut self.held) {
            self.write(&FromWorker::Job(job, JobEvent::Text { text, n_written }));
            self.told = Instant::now();
        }
    }

    fn hold(&mut self, job: JobId, text: &str, n_written: usize) {
        match self.held.iter_mut().find(|(of, ..)| *of == job) {
            Some((_, held, n)) => {
                held.push_str(text);
                *n = n_written;
            }
            None => self.held.push((job, text.to_owned(), n_written)),
        }
    }

    fn write(&mut self, frame: &FromWorker) {
        let _ = frame::write(&mut self.to, frame);
    }

    /// Another way to the same server, for a callback.
    pub fn another(&self) -> std::io::Result<Outbox> {
        self.to.try_clone().map(Self::to)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Seek, SeekFrom};

    use super::*;

    #[test]
    fn text_is_told_together_and_before_what_follows_it() {
        let mut outbox = Outbox::to(tempfile::tempfile().expect("there is a disk"));
        let text = |job, text: &str, n_written| {
            FromWorker::Job(JobId(job), JobEvent::Text { text: text.into(), n_written })
        };
        // As if something was told in an hour only.
        outbox.told = Instant::now() + Duration::from_hours(1);
        outbox.tell(&text(1, "a", 1));
        outbox.tell(&text(2, "x", 5));
        outbox.tell(&text(1, "b", 2));
        outbox.tell(&FromWorker::Loading(7));
        outbox.told = Instant::now().checked_sub(SHOWN_EVERY).expect("it runs for longer");
        outbox.tell(&text(1, "c", 3));
        outbox.to.seek(SeekFrom::Start(0)).expect("it is a file");
        let frames = std::iter::from_fn(|| frame::read::<FromWorker>(&mut outbox.to).ok());
        let frames: Vec<String> = frames.map(|it| format!("{it:?}")).collect();
        let expected = [text(1, "ab", 2), text(2, "x", 5), FromWorker::Loading(7), text(1, "c", 3)];
        assert_eq!(frames, expected.map(|it| format!("{it:?}")));
    }
}
