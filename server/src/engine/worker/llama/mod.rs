//! The one module that names llama.cpp.
//!
//! The model and its vocabulary come from the safe wrapper. The context is our own, because the
//! wrapper reaches neither the abort callback (Stop in the middle of a prompt) nor
//! `n_outputs_max` (without it, room for a row of logits per batch token is kept: 512 MB for a
//! vocabulary of 262,144).
#![expect(unsafe_code, reason = "llama.cpp is C++")]

mod batch;
mod context;
mod eyes;
mod format;
mod kernels;
mod log;
mod model;
mod sampler;
mod state;

pub use batch::{Batch, Sequence};
pub use context::{Context, ContextSettings, DecodeError, Seen};
pub use eyes::{Eyes, Pixels};
pub use format::{Format, Formats};
pub use model::{Backend, Model};
pub use sampler::Sampler;

/// A piece of text as the model knows it.
pub type Token = llama_cpp_2::token::LlamaToken;
