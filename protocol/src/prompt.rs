//! What a model gets to read.

use serde::{Deserialize, Serialize};

/// The text that the model would get for the next answer of a chat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prompt {
    /// The model's name.
    pub model: String,
    /// All of it, special tokens as they are written; empty where there is none.
    pub text: String,
    /// What a person has to know about it, in sentences.
    pub says: Option<String>,
}
