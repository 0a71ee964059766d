//! What becomes of chats when everything around them breaks, and how large they may get: a thousand
//! cuts, two hundred kills, ten thousand chats, a reader that takes nothing, and connections that
//! say nothing.
//!
//! `cargo xtask soak` runs it. It prints rows of a Markdown table: what, measured, budget.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "it is a measurement")]

#[path = "../tests/it/cuts.rs"]
mod cuts;
#[path = "../tests/it/silent.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod silent;
#[path = "../tests/it/support/mod.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod support;

#[path = "common/process.rs"]
#[expect(dead_code, reason = "other benches need more of it")]
mod process;
#[path = "common/table.rs"]
#[expect(dead_code, reason = "other benches need more of it")]
mod table;

#[path = "soak/frozen.rs"]
mod frozen;
#[path = "soak/idle.rs"]
mod idle;
#[path = "soak/many.rs"]
mod many;
#[path = "soak/out.rs"]
mod out;

use std::time::Duration;

use cuts::{Dice, Tally, cut, kill};
use table::{part, row};

/// Cuts at random moments.
const CUTS: usize = 1000;

/// Tokens of each answer that is cut.
const TOKENS: u32 = 160;

/// Kills of the server in the middle of an answer.
const KILLS: usize = 200;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    table::head("Chats that are cut off");
    let Some(tally) = cut(CUTS, TOKENS, &mut Dice::new(0xc0de)).await else { return };
    let Tally { n_cuts, catching_up, .. } = tally;
    row("cuts at random moments, texts all the same afterwards", &n_cuts.to_string(), "1,000");
    row("a page that comes back has all, 99 of 100 within", &at(&catching_up, 0.99), "≤ 150 ms");

    let tally = kill(KILLS, &mut Dice::new(0xdead)).await.unwrap();
    row("kills of the server, databases whole afterwards", &tally.n_cuts.to_string(), "200");
    let lost = tally.lost.iter().max().unwrap();
    row("text lost that was older than 50 ms, bytes", &lost.to_string(), "0");
    row(
        "from the start to a page that shows the chat, 99 of 100",
        &at(&tally.usable, 0.99),
        "≤ 1,000 ms",
    );

    many::measure().await;
    out::measure().await;
    frozen::measure().await;
    idle::measure();
}

/// The time below which this part of them is.
fn at(times: &[Duration], share: f64) -> String {
    format!("{:.0} ms", part(times.iter().map(|it| it.as_secs_f64() * 1e3), share))
}
