//! How many tokens of an answer went through the model, by what its process says of it.

use std::time::Instant;

use super::frame::JobEvent;
use super::history::Tokens;

/// How far an answer is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    n_read: usize,
    n_to_read: usize,
    n_written: usize,
    /// When tokens were counted last, or reading began.
    since: Instant,
}

impl Progress {
    /// Nothing is done yet.
    pub fn new(now: Instant) -> Self {
        Self { n_read: 0, n_to_read: 0, n_written: 0, since: now }
    }

    /// The tokens that this tells of, and since when they went through the model.
    pub fn hear(&mut self, event: &JobEvent, now: Instant) -> Option<(Tokens, Instant)> {
        let (n_read, n_written) = match event {
            JobEvent::Reading { done, total } => {
                self.n_to_read = *total;
                if *done == 0 {
                    // It waited until now.
                    self.since = now;
                }
                (*done, self.n_written)
            }
            JobEvent::Text { n_written, .. } => (self.n_to_read, *n_written),
            // Before the first token was written, the prompt may not have been read to its end.
            JobEvent::Done(_, usage) if 0 < usage.n_written => (usage.n_read, usage.n_written),
            _ => return None,
        };
        let tokens = Tokens {
            read: n_read.saturating_sub(self.n_read) as f64,
            written: n_written.saturating_sub(self.n_written) as f64,
        };
        (self.n_read, self.n_written) = (n_read.max(self.n_read), n_written.max(self.n_written));
        let since = self.since;
        (tokens != Tokens::default()).then(|| {
            self.since = now;
            (tokens, since)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use wick_protocol::Finish;

    use super::*;
    use crate::engine::frame::Usage;

    #[test]
    fn tokens_are_counted_once_and_since_the_last_count() {
        let began = Instant::now();
        let mut progress = Progress::new(began);
        let mut hear = |at: u64, event: JobEvent| {
            let told = progress.hear(&event, began + Duration::from_secs(at));
            told.map(|(it, since)| (it.read, it.written, (since - began).as_secs()))
        };
        let reading = |done| JobEvent::Reading { done, total: 600 };
        let text = |n_written| JobEvent::Text { text: "a".into(), n_written };
        let usage = |n_written| Usage { n_read: 600, n_written, ..Usage::default() };
        assert_eq!(hear(1, JobEvent::Waiting(1)), None);
        assert_eq!(hear(5, reading(0)), None);
        assert_eq!(hear(9, reading(512)), Some((512.0, 0.0, 5)));
        assert_eq!(hear(10, text(1)), Some((88.0, 1.0, 9)));
        assert_eq!(hear(11, text(30)), Some((0.0, 29.0, 10)));
        assert_eq!(hear(12, JobEvent::Done(Finish::EndOfTurn, usage(31))), Some((0.0, 1.0, 11)));
    }

    #[test]
    fn what_was_not_read_any_more_is_not_counted() {
        let now = Instant::now();
        let mut progress = Progress::new(now);
        progress.hear(&JobEvent::Reading { done: 0, total: 600 }, now);
        let stopped = Usage { n_read: 600, ..Usage::default() };
        assert_eq!(progress.hear(&JobEvent::Done(Finish::Stopped, stopped), now), None);
    }
}
