//! What the engine does and holds.

use serde::{Deserialize, Serialize};

use crate::ModelId;

/// The engine as a person sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engine {
    /// Models that have a process, the one that was asked last first.
    pub running: Vec<Running>,
    /// What was given back last, as long as nothing was taken up again.
    pub receipt: Option<Receipt>,
}

impl Engine {
    /// What is done with this model; `None` while it has no process.
    pub fn stage(&self, model: &ModelId) -> Option<Stage> {
        self.running.iter().find(|it| it.model == *model).map(|it| it.stage)
    }

    /// What all processes hold; `None` when there is none.
    pub fn memory(&self) -> Option<Memory> {
        self.running
            .iter()
            .filter_map(|it| it.memory)
            .reduce(|a, b| Memory { total: a.total + b.total, weights: a.weights + b.weights })
    }
}

/// A model that has a process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// Which model.
    pub model: ModelId,
    /// What is done with it.
    pub stage: Stage,
    /// What the process holds, as far as the system says.
    pub memory: Option<Memory>,
}

/// Memory that was given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// What was given back.
    pub step: Step,
    /// Resident bytes of the engine before.
    pub before: u64,
    /// Resident bytes of the engine after.
    pub after: u64,
    /// How long the next answer waits for it to come back, in milliseconds, as it took last.
    pub back_ms: u32,
}

/// A step down the memory ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The chats are parked on the disk and the context is freed; the weights stay.
    ContextFreed,
    /// The engine process has ended.
    EngineEnded,
}

/// What is done with a model that has a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// It is read from the disk.
    Loading {
        /// 0 to 100.
        percent: u8,
    },
    /// It is loaded and has a context.
    Ready,
    /// It is loaded; its context does not exist yet or was freed.
    Resting,
}

/// What an engine process holds, as the system counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// Resident bytes of the process.
    pub total: u64,
    /// What of it the load of the weights added.
    pub weights: u64,
}

impl Memory {
    /// Context, buffers and the program itself, in bytes.
    pub fn rest(self) -> u64 {
        self.total.saturating_sub(self.weights)
    }
}
