//! What the engine held and did over the last day: samples of memory and tokens, and what
//! happened when. Nothing is sampled while no model has a process.

mod mark;
mod sample;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use wick_protocol::Memory;

pub use self::mark::{End, Mark, What};
pub use self::sample::{Sample, thin};

/// What is older is forgotten.
const KEPT_FOR: Duration = Duration::from_hours(24);

/// At most so many samples, a fraction more than a day of them takes.
const MOST_SAMPLES: usize = 1_200;

/// At most so many marks.
const MOST_MARKS: usize = 300;

/// The history of all engine processes. The supervisor owns it and hands out copies.
#[derive(Clone, Debug)]
pub struct History {
    began: Instant,
    samples: VecDeque<Sample>,
    marks: VecDeque<Mark>,
    /// What was counted since the last sample; `None` while no model has a process.
    open: Option<Open>,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    from: Instant,
    tokens: Tokens,
}

/// Tokens that went through models.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tokens {
    /// Of prompts. Some were half read when a sample ended.
    pub read: f64,
    /// Of answers.
    pub written: f64,
}

/// How far apart samples are that are so old: as far as can be told apart in a picture.
fn spacing(age: Duration) -> Duration {
    const MINUTE: u64 = 60;
    Duration::from_secs(match age.as_secs() {
        0..330 => 1,
        330..4_000 => 10,
        _ => 4 * MINUTE,
    })
}

impl History {
    /// Of an engine that has no process yet.
    pub fn new(now: Instant) -> Self {
        Self { began: now, samples: VecDeque::new(), marks: VecDeque::new(), open: None }
    }

    /// When the server started.
    pub fn began(&self) -> Instant {
        self.began
    }

    /// Oldest first. Where one does not begin at the end of another nothing was loaded.
    pub fn samples(&self) -> impl DoubleEndedIterator<Item = &Sample> {
        self.samples.iter()
    }

    /// Oldest first.
    pub fn marks(&self) -> impl DoubleEndedIterator<Item = &Mark> {
        self.marks.iter()
    }

    /// Whether a model has a process.
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// A model has a process from now on.
    pub fn begin(&mut self, now: Instant) {
        self.open.get_or_insert(Open { from: now, tokens: Tokens::default() });
    }

    /// All processes hold this now.
    pub fn look(&mut self, memory: Memory, now: Instant) {
        let Some(open) = &mut self.open else { return };
        let Open { from, tokens } =
            std::mem::replace(open, Open { from: now, tokens: Tokens::default() });
        self.add(Sample::new(from, now, memory, tokens));
        thin(&mut self.samples, |sample| spacing(now.saturating_duration_since(sample.to)));
        while MOST_SAMPLES < self.samples.len()
            || self
                .samples
                .front()
                .is_some_and(|it| KEPT_FOR < now.saturating_duration_since(it.to))
        {
            self.samples.pop_front();
        }
    }

    fn add(&mut self, sample: Sample) {
        match self.samples.back_mut() {
            // What is shown is what is there now, not what was there a moment ago.
            Some(last)
                if last.to == sample.from && sample.to - last.from <= spacing(Duration::ZERO) =>
            {
                last.append(&sample);
                last.memory = sample.memory;
            }
            _ => self.samples.push_back(sample),
        }
    }

    /// No model has a process any more. What they held is there until now.
    pub fn end(&mut self, now: Instant) {
        if let Some(last) = self.samples.back().map(|it| it.memory) {
            self.look(last, now);
        }
        self.open = None;
    }

    /// These tokens went through a model since then.
    pub fn count(&mut self, tokens: Tokens, since: Instant, now: Instant) {
        let Some(open) = &mut self.open else { return };
        let all = now.saturating_duration_since(since).as_secs_f64();
        let share = |from: Instant, to: Instant| {
            let both = to.min(now).saturating_duration_since(from.max(since));
            if 0.0 < all { both.as_secs_f64() / all } else { 0.0 }
        };
        let mut left = 1.0;
        for sample in self.samples.iter_mut().rev().take_while(|it| since < it.to) {
            let share = share(sample.from, sample.to);
            sample.count(tokens, share);
            left -= share;
        }
        open.tokens.read += tokens.read * left;
        open.tokens.written += tokens.written * left;
    }

    /// Something happened to a model.
    pub fn mark(&mut self, model: &str, what: What, now: Instant) {
        self.marks.push_back(Mark { at: now, model: model.to_owned(), what });
        while MOST_MARKS < self.marks.len()
            || self.marks.front().is_some_and(|it| KEPT_FOR < now.saturating_duration_since(it.at))
        {
            self.marks.pop_front();
        }
    }
}

#[cfg(test)]
mod tests;
