//! What keeping a chat is worth: its next message from every state that Wick rests in, several
//! chats at once, and what rests.
//!
//! `cargo xtask bench` runs it. It prints rows of a Markdown table: what, measured, budget.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "it is a measurement")]

#[path = "../tests/it/support/mod.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod support;

#[path = "common/bare.rs"]
#[expect(dead_code, reason = "other benches need more of it")]
mod bare;
#[path = "../src/engine/worker/llama/kernels.rs"]
#[expect(dead_code, unsafe_code, unused_imports, reason = "its tests are not run here")]
mod kernels;
#[path = "common/process.rs"]
#[expect(dead_code, reason = "other benches need more of it")]
mod process;
#[path = "common/table.rs"]
mod table;
#[path = "common/words.rs"]
mod words;

#[path = "sessions/beside.rs"]
mod beside;
#[path = "sessions/chats.rs"]
mod chats;
#[path = "sessions/idle.rs"]
mod idle;
#[path = "sessions/many.rs"]
mod many;
#[path = "sessions/together.rs"]
mod together;

use bare::Llama;
use support::{SMOL, Wick};
use words::Words;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let Some(wick) = Wick::computing(&[SMOL], &[]) else { return };
    table::head("Chats");
    let llama = Llama::load();
    let mut words = Words::of(&llama);
    chats::measure(&wick, &mut words).await;
    beside::measure(&wick, &mut words).await;
    many::measure(&wick, &mut words).await;
    together::measure(&wick, &llama).await;
    idle::measure(&wick).await;
    assert!(wick.end().success());
}
