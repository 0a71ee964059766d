//! One stretch of time, and joining those that are too short to be told apart.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use wick_protocol::Memory;

use super::Tokens;

/// What all processes held and did in a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Where it begins.
    pub from: Instant,
    /// Where it ends.
    pub to: Instant,
    /// What they held at its end, or the most of several ends.
    pub memory: Memory,
    /// Tokens of prompts.
    pub read: Flow,
    /// Tokens of answers.
    pub written: Flow,
}

/// Tokens, and how long some came.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Flow {
    tokens: f64,
    seconds: f64,
}

impl Flow {
    /// Tokens a second while some came; 0 when none did.
    pub fn a_second(self) -> f64 {
        if 0.0 < self.seconds { self.tokens / self.seconds } else { 0.0 }
    }

    /// More of them, within a stretch that is so long.
    fn count(&mut self, tokens: f64, seconds: f64) {
        if 0.0 < tokens {
            self.tokens += tokens;
            self.seconds = seconds;
        }
    }

    fn append(&mut self, other: Self) {
        self.tokens += other.tokens;
        self.seconds += other.seconds;
    }
}

impl Sample {
    /// These tokens came in it.
    pub fn new(from: Instant, to: Instant, memory: Memory, tokens: Tokens) -> Self {
        let (read, written) = (Flow::default(), Flow::default());
        let mut sample = Self { from, to, memory, read, written };
        sample.count(tokens, 1.0);
        sample
    }

    /// This share of these tokens came in it too.
    pub fn count(&mut self, tokens: Tokens, share: f64) {
        let seconds = (self.to - self.from).as_secs_f64();
        self.read.count(tokens.read * share, seconds);
        self.written.count(tokens.written * share, seconds);
    }

    /// Joins another one that follows, all but its memory.
    pub fn append(&mut self, next: &Sample) {
        self.to = next.to;
        self.read.append(next.read);
        self.written.append(next.written);
    }

    fn length(&self) -> Duration {
        self.to - self.from
    }
}

/// Joins samples that follow each other, up to the length that is wanted for each. The most
/// memory of them stays.
pub fn thin(samples: &mut VecDeque<Sample>, longest: impl Fn(&Sample) -> Duration) {
    let mut n_kept = 0_usize;
    for idx in 0..samples.len() {
        let next = samples[idx];
        let last = n_kept.checked_sub(1).map(|last| &mut samples[last]);
        match last.filter(|it| it.to == next.from && it.length() + next.length() <= longest(&next))
        {
            Some(last) => {
                last.append(&next);
                if last.memory.total < next.memory.total {
                    last.memory = next.memory;
                }
            }
            None => {
                samples[n_kept] = next;
                n_kept += 1;
            }
        }
    }
    samples.truncate(n_kept);
}
