//! Tokens read a second, of a prompt that nothing is known of.

use super::PAUSE;
use super::bare::Bare;
use super::support::{Page, likeliest, stats};
use super::table::{median, ratio, row};
use super::words::Words;

/// Prompts that are measured each way.
const RUNS: usize = 5;

/// Tokens of a prompt.
const LONG: usize = 1500;

/// Prints the rows.
pub async fn measure(page: &mut Page, bare: &mut Bare<'_>, words: &mut Words<'_>) {
    page.sample(likeliest(1)).await;
    let (mut wick, mut others) = (vec![], vec![]);
    for _ in 0..RUNS {
        let text = words.long(LONG);
        page.chat = None;
        tokio::time::sleep(PAUSE).await;
        page.say(&text).await;
        let stats = stats(&page.answer().await);
        wick.push(stats.n_read as f64 * 1e3 / f64::from(stats.read_ms));
        std::thread::sleep(PAUSE);
        // What the template puts in front of all prompts is known here as it is there.
        others.push(bare.answer(&text, stats.kept.all(), 1, |_| ()).read_per_second);
    }
    let figure = |values: &[f64]| format!("{:.0}", median(values.iter().copied()));
    row("tokens read a second, of 1,500, bare llama.cpp loop", &figure(&others), "");
    row("tokens read a second, as the engine counts them", &figure(&wick), "");
    row("the one by the other", &format!("{:.3}", ratio(&wick, &others)), "≥ 0.98");
}
