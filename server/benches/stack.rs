//! What the stack costs: the server alone, and tokens through pipes, database and WebSocket
//! against a bare llama.cpp loop, taken in turns in the same run; in peace and beside busy
//! processes.
//!
//! `cargo xtask bench` runs it. It prints rows of a Markdown table: what, measured, budget.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "it is a measurement")]

#[path = "../tests/it/support/mod.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod support;

#[path = "common/again.rs"]
mod again;
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

#[path = "stack/alone.rs"]
mod alone;
#[path = "stack/busy.rs"]
mod busy;
#[path = "stack/isolation.rs"]
mod isolation;
#[path = "stack/newer.rs"]
mod newer;
#[path = "stack/reading.rs"]
mod reading;
#[path = "stack/writing.rs"]
mod writing;

use std::time::Duration;

use bare::{Llama, n_cores};
use support::{SMOL, Wick};
use words::Words;

/// What was said before is saved by then; the pause is that of a person.
const PAUSE: Duration = Duration::from_millis(300);

#[tokio::main(flavor = "current_thread")]
async fn main() {
    if busy::is_this() {
        return busy::spin();
    }
    if isolation::is_this() {
        return isolation::answer();
    }
    if newer::is_this() {
        return newer::answer();
    }
    let Some(wick) = Wick::computing(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    table::head("Server and engine");
    alone::measure(&wick);
    let llama = Llama::load();
    let mut bare = llama.context(n_cores(), 1);
    writing::measure(&mut page, &mut bare).await;
    reading::measure(&mut page, &mut bare, &mut Words::of(&llama)).await;
    newer::measure(&mut Words::of(&llama));
    isolation::measure(&mut bare);
    // A page that gave no sign of life meanwhile was let go.
    isolation::measure_cage(&mut wick.page().await).await;
    busy::measure(&mut wick.page().await, &llama).await;
    assert!(wick.end().success());
}

/// What is said, like nothing before it: the number comes first.
fn message(number: usize) -> String {
    format!("{number} ships sail over the sea. Tell a long story about all of them, one by one.")
}
