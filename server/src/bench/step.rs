//! One message and its first token: from which state, how fast, and what the engine held.

use std::fmt;
use std::fs;

use anyhow::Result;
use serde::Serialize;

use super::talk::{Answer, Talk};
use crate::engine::Engine;
use crate::engine::memory::{self, Resident, readable};

/// What a chat goes on from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// There is no engine, and nothing was read.
    Cold,
    /// The context holds the chat.
    Live,
    /// The chat is parked, the model is loaded.
    ContextFreed,
    /// The chat is parked, there is no engine.
    EngineEnded,
    /// As before, and the server is another one.
    Restarted,
}

/// All of them, in the order in which they are shown.
pub const STATES: [State; 5] =
    [State::Cold, State::Live, State::ContextFreed, State::EngineEnded, State::Restarted];

impl State {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Cold => "cold, the first message",
            Self::Live => "next message",
            Self::ContextFreed => "after the context was freed",
            Self::EngineEnded => "after the engine had ended",
            Self::Restarted => "after a restart",
        }
    }
}

/// Bytes of the engine process that are in memory.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Held {
    pub total: u64,
    /// Its own.
    pub anonymous: u64,
    /// Of files, such as the mapped model.
    pub file: u64,
}

impl From<Resident> for Held {
    fn from(it: Resident) -> Self {
        Self { total: it.total(), anonymous: it.anonymous, file: it.file }
    }
}

impl fmt::Display for Held {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        match self.total {
            0 => write!(to, "0"),
            total => write!(
                to,
                "{} ({} + {})",
                readable(total),
                readable(self.anonymous),
                readable(self.file)
            ),
        }
    }
}

/// One message and its first token.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    pub state: State,
    pub first_token_ms: f64,
    pub n_kept: usize,
    pub n_read: usize,
    /// What the engine held while nobody asked, and after the answer.
    pub before: Held,
    pub after: Held,
}

/// What one run measured.
#[derive(Default)]
pub struct Run {
    pub load_ms: f64,
    pub context_ms: f64,
    /// Tokens read in a second.
    pub prefill: f64,
    /// Tokens written in a second, of each answer.
    pub decode: Vec<f64>,
    pub steps: Vec<Step>,
}

impl Run {
    /// Goes on with the chat from this state.
    pub async fn add(
        &mut self,
        state: State,
        talk: &mut Talk<'_>,
        engine: &Engine,
        text: String,
    ) -> Result<()> {
        let before = held();
        let Answer { first, usage } = talk.say(engine, text).await?;
        let first_token_ms = first.as_secs_f64() * 1e3;
        let (n_kept, n_read) = (usage.kept.all(), usage.n_read);
        if state == State::Cold {
            self.prefill = n_read as f64 / usage.reading.as_secs_f64().max(1e-6);
        }
        let n_after_first = usage.n_written.saturating_sub(1) as f64;
        self.decode.push(n_after_first / usage.writing.as_secs_f64().max(1e-6));
        self.steps.push(Step { state, first_token_ms, n_kept, n_read, before, after: held() });
        Ok(())
    }
}

/// What the engine holds: the one child of this process.
pub fn held() -> Held {
    // Each thread has children of its own.
    let tasks = fs::read_dir("/proc/self/task").into_iter().flatten();
    let children: String = tasks
        .filter_map(|task| fs::read_to_string(task.ok()?.path().join("children")).ok())
        .collect();
    let engine = children.split_whitespace().next().and_then(|id| id.parse().ok());
    engine.and_then(memory::resident).unwrap_or_default().into()
}
