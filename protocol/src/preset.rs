//! What a person set up for chats of one kind, under a name.

use serde::{Deserialize, Serialize};

use crate::{ModelId, Sampling};

/// Instructions, sampling and a model, to be chosen together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preset {
    /// What a person calls it. No other one is called so.
    pub name: String,
    /// What the model is told before everything that is said.
    pub instructions: String,
    /// How the next token is chosen.
    pub sampling: Sampling,
    /// The model that was chosen with it; it may not be there any more.
    pub model: Option<ModelId>,
    /// Whether new chats begin with its instructions. One does at most.
    pub is_default: bool,
}
