//! The real executable over real sockets, with real models.
//!
//! `WICK_TEST_MODELS` names a folder with the starter model and Gemma 3 270M, as `cargo xtask test`
//! makes it. Tests that need a model say so and return when it is not set.
#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod access;
mod added;
mod answers;
mod attachments;
mod bench;
mod cage;
mod command_line;
mod connections;
mod cuts;
mod doctor;
mod engine;
mod events;
mod files;
mod formats;
mod guard;
mod lan;
mod limits;
mod models;
mod openai;
mod parking;
mod picture;
mod pictures;
mod prompts;
mod recommended;
mod returning;
mod several;
mod silent;
mod soak;
mod support;
mod terminal;
mod versions;
