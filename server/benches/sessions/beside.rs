//! A new chat while a long one rests.

use std::time::{Duration, Instant};

use super::support::{Page, Wick, likeliest, stats};
use super::table::{median, ratio, row};
use super::words::Words;

/// New chats of each sort.
const RUNS: usize = 5;

/// Tokens of the long one's first message.
const LONG: usize = 5000;

/// Tokens of an answer.
const TOKENS: u32 = 100;

/// Between two messages.
const PAUSE: Duration = Duration::from_millis(300);

/// Prints the rows.
pub async fn measure(wick: &Wick, words: &mut Words<'_>) {
    let mut page = wick.page().await;
    page.sample(likeliest(TOKENS)).await;
    page.say(&words.long(LONG)).await;
    page.answer().await;
    let long = page.chat.unwrap();
    let (mut beside, mut after) = (vec![], vec![]);
    for number in 0..RUNS {
        page.open(long).await;
        page.say(&format!("And on journey {number}?")).await;
        page.answer().await;
        beside.push(begin(&mut page, 2 * number).await);
        // The one before rests beside this one, and is short.
        after.push(begin(&mut page, 2 * number + 1).await);
    }
    let speed = |all: &[(f64, f64)]| all.iter().map(|it| it.1).collect::<Vec<_>>();
    let by = ratio(&speed(&beside), &speed(&after));
    row(
        "a new chat after one of 5,000 tokens, tokens a second, by one after a short one",
        &format!("{by:.3}"),
        "≥ 0.95",
    );
    let later = median(beside.iter().zip(&after).map(|(beside, after)| beside.0 - after.0));
    row("its first token, later by", &format!("{later:.0} ms"), "≤ 150 ms");
}

/// Milliseconds to the first token of a new chat, and its tokens a second.
async fn begin(page: &mut Page, number: usize) -> (f64, f64) {
    tokio::time::sleep(PAUSE).await;
    page.chat = None;
    let asked = Instant::now();
    let ships = "ships sail over the sea. Tell a long story about all of them, one by one.";
    page.say(&format!("{number} {ships}")).await;
    page.until_text().await;
    let first = asked.elapsed().as_secs_f64() * 1e3;
    (first, stats(&page.answer().await).tokens_per_second.into())
}
