//! What a person set up for chats of one kind, under a name.

use serde::{Deserialize, Serialize};

/// Instructions, sampling and a model, to be chosen together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preset {
    /// What a person calls it. No other one is called so.
    pub name: String,
    /// What the model is told before everything that is said.
    pub instructions: String,
    /// The sampling and the model that are chosen with it, in words for people.
    pub says: String,
    /// Whether new chats begin with its instructions. One does at most.
    pub is_default: bool,
}
