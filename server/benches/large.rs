//! What a model of three thousand million parameters takes while it loads, answers and rests, and
//! whether all of it comes back.
//!
//! The model is made up (`large/made.rs`): memory depends on the shapes of its weights only, and
//! speed too, but nothing that it says means anything.
//!
//! `cargo xtask bench` runs it. It prints rows of a Markdown table: what, measured, budget.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "it is a measurement")]

#[path = "../tests/it/support/mod.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod support;

#[path = "common/process.rs"]
#[expect(dead_code, reason = "other benches need more of it")]
mod process;
#[path = "common/table.rs"]
#[expect(dead_code, reason = "other benches need more of it")]
mod table;

#[path = "large/header.rs"]
mod header;
#[path = "large/made.rs"]
mod made;
#[path = "large/weights.rs"]
mod weights;

use std::path::Path;

use wick_protocol::{ClientMessage, Stage, Step};

use process::{Resident, available};
use support::{Page, Wick, likeliest, state, stats, test_models};
use table::{median, row};

/// How often it is loaded. The first time the file comes from the disk and is not counted.
const RUNS: usize = 3;

/// Tokens of an answer.
const TOKENS: u32 = 32;

/// The cells that a context begins with.
const CELLS: f64 = 2048.0;

/// One load, one answer, one rest. In bytes, milliseconds and tokens a second.
struct Run {
    load: f64,
    tokens_per_second: f64,
    chatting: f64,
    without_context: Resident,
    at_rest: f64,
    lost: f64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let Some(models) = test_models() else { return };
    let model = made::ensure(&models);
    let folder = model.parent().unwrap().to_str().unwrap();
    let data = tempfile::tempdir().unwrap();
    let wick = Wick::start(data, &["--models", folder, "--context-idle", "100ms"]);
    let mut page = wick.page().await;
    page.sample(likeliest(TOKENS)).await;
    let mut runs = Vec::new();
    for _ in 0..=RUNS {
        runs.push(run(&wick, &mut page).await);
    }
    report(&model, &runs[1..]);
    assert!(wick.end().success());
}

async fn run(wick: &Wick, page: &mut Page) -> Run {
    let before = available();
    page.chat = None;
    page.say(&"Write a long story about a ship. ".repeat(25)).await;
    page.until_text().await;
    let engine = wick.engine().unwrap();
    let mut chatting: f64 = 0.0;
    while state(page.shown.as_ref().unwrap()).is_live() {
        chatting = chatting.max(Resident::of(engine).total());
        page.next().await;
    }
    let answer = page.shown.clone().unwrap();
    let context = given_back(page, Step::ContextFreed).await;
    let without_context = Resident::of(engine);
    page.ask(ClientMessage::Rest).await;
    let both = given_back(page, Step::EngineEnded).await;
    assert!(wick.engines().is_empty(), "an engine is left");
    Run {
        load: both - context,
        tokens_per_second: stats(&answer).tokens_per_second.into(),
        chatting,
        without_context,
        at_rest: Resident::of(wick.id()).total(),
        lost: before - available(),
    }
}

/// Waits until this is given back; milliseconds that it takes to come back.
async fn given_back(page: &mut Page, step: Step) -> f64 {
    page.until_stage((step == Step::ContextFreed).then_some(Stage::Resting)).await;
    let receipt = page.engine.as_ref().unwrap().receipt.unwrap();
    assert_eq!(receipt.step, step);
    receipt.back_ms.into()
}

fn report(model: &Path, runs: &[Run]) {
    let of = |figure: fn(&Run) -> f64| median(runs.iter().map(figure));
    let megabytes = |bytes: f64| format!("{:.0} MB", bytes / 1e6);
    let file = model.metadata().unwrap().len() as f64;
    let cells = f64::from(made::CELL_BYTES) * CELLS;
    table::head("A model of 3B parameters in Q4_K_M");
    row("file", &megabytes(file), "");
    row("loading it", &format!("{:.1} s", of(|run| run.load) / 1e3), "");
    row("tokens a second", &format!("{:.1}", of(|run| run.tokens_per_second)), "");
    let own = of(|run| run.without_context.anonymous);
    let mapped = of(|run| run.without_context.file);
    row("engine without a context, its own memory", &megabytes(own), "");
    row("engine without a context, of the file", &megabytes(mapped), "");
    row("both by the file", &format!("{:.3}", (own + mapped) / file), "≤ 1.05");
    let chatting = of(|run| run.chatting);
    row("engine with 2,048 cells, chatting", &megabytes(chatting), "");
    row("of these beside file and cells", &megabytes(chatting - file - cells), "≤ 150 MB");
    row("all of Wick at rest", &megabytes(of(|run| run.at_rest)), "≤ 30 MB");
    let lost = of(|run| run.lost);
    row("memory of the system that is not back then", &megabytes(lost), "≤ 50 MB");
}
