//! Model files: which there are, what they say of themselves, and the one to begin with.

mod catalogue;
mod eyes;
mod gguf;
mod loads;
pub mod starter;

pub use catalogue::{Catalogue, named};
pub use gguf::wording;
