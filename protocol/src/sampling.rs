//! How the next token is chosen.

use serde::{Deserialize, Serialize};

/// How the next token is chosen, and when to stop. The defaults are those of llama-server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sampling {
    /// 0 always takes the likeliest token; 0.8 is lively; above 1.5 little makes sense.
    pub temperature: f32,
    /// Only the so many likeliest tokens; 0 = all.
    pub top_k: u32,
    /// Only the likeliest tokens that together reach this probability; 1 = all.
    pub top_p: f32,
    /// Only tokens at least this likely, compared with the likeliest one; 0 = all.
    pub min_p: f32,
    /// Above 1, what was said lately becomes less likely; 1 = off.
    pub repeat_penalty: f32,
    /// The same seed, model and chat give the same answer; `None` = another one each time.
    pub seed: Option<u32>,
    /// The longest answer in tokens; `None` = until the model ends or its context is full.
    pub max_tokens: Option<u32>,
    /// An answer ends before any of these.
    pub stop: Vec<String>,
    /// What an answer has to look like: a JSON schema, which begins with a brace, or a grammar as
    /// Lark writes them; empty = as the model likes.
    #[serde(default)]
    pub format: String,
}

impl Default for Sampling {
    fn default() -> Self {
        Self {
            temperature: 0.8,
            top_k: 40,
            top_p: 0.95,
            min_p: 0.05,
            repeat_penalty: 1.0,
            seed: None,
            max_tokens: None,
            stop: Vec::new(),
            format: String::new(),
        }
    }
}

/// How the tokens of one answer were chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct How {
    /// As in [`Sampling`].
    pub temperature: f32,
    /// As in [`Sampling`].
    pub top_k: u32,
    /// As in [`Sampling`].
    pub top_p: f32,
    /// As in [`Sampling`].
    pub min_p: f32,
    /// As in [`Sampling`].
    pub repeat_penalty: f32,
    /// As in [`Sampling`].
    pub seed: Option<u32>,
    /// Whether the answer had to have a format; answers of older versions do not know it.
    #[serde(default)]
    pub has_format: bool,
}

impl From<&Sampling> for How {
    fn from(sampling: &Sampling) -> Self {
        let &Sampling { temperature, top_k, top_p, min_p, repeat_penalty, seed, .. } = sampling;
        let has_format = !sampling.format.is_empty();
        Self { temperature, top_k, top_p, min_p, repeat_penalty, seed, has_format }
    }
}

/// A value that sampling can't use.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SamplingError {
    /// Outside its range.
    #[error("{name} is {value}; it goes from {low} to {high}")]
    OutOfRange {
        /// As a person knows it.
        name: &'static str,
        /// What was given.
        value: f32,
        /// The least.
        low: f32,
        /// The most.
        high: f32,
    },
    /// An answer of no tokens.
    #[error("The longest answer is 0 tokens; it needs at least 1")]
    NoTokens,
    /// Too many, too long, or empty stop strings.
    #[error("There are {count} stop strings; up to {most} work, of 1 to {longest} bytes each")]
    StopStrings {
        /// How many were given.
        count: usize,
        /// How many may be given.
        most: usize,
        /// How long each may be.
        longest: usize,
    },
    /// A format that is too long.
    #[error("The format is {count} bytes long; up to {most} work")]
    Format {
        /// How many were given.
        count: usize,
        /// How many may be given.
        most: usize,
    },
}

impl Sampling {
    /// The most stop strings.
    pub const MOST_STOPS: usize = 16;
    /// The longest stop string, in bytes.
    pub const LONGEST_STOP: usize = 256;
    /// The longest format, in bytes.
    pub const LONGEST_FORMAT: usize = 32 << 10;

    /// Whether every value is one that can be used.
    pub fn check(&self) -> Result<(), SamplingError> {
        let ranges = [
            ("Temperature", self.temperature, 0.0, 5.0),
            ("Top-k", self.top_k as f32, 0.0, 1000.0),
            ("Top-p", self.top_p, 0.0, 1.0),
            ("Min-p", self.min_p, 0.0, 1.0),
            ("Repeat penalty", self.repeat_penalty, 0.1, 3.0),
        ];
        for (name, value, low, high) in ranges {
            // Written so that a value that is not a number is outside.
            if !(low <= value && value <= high) {
                return Err(SamplingError::OutOfRange { name, value, low, high });
            }
        }
        if self.max_tokens == Some(0) {
            return Err(SamplingError::NoTokens);
        }
        let fits = |stop: &String| (1..=Self::LONGEST_STOP).contains(&stop.len());
        if Self::MOST_STOPS < self.stop.len() || !self.stop.iter().all(fits) {
            return Err(SamplingError::StopStrings {
                count: self.stop.len(),
                most: Self::MOST_STOPS,
                longest: Self::LONGEST_STOP,
            });
        }
        if Self::LONGEST_FORMAT < self.format.len() {
            let (count, most) = (self.format.len(), Self::LONGEST_FORMAT);
            return Err(SamplingError::Format { count, most });
        }
        Ok(())
    }
}
