//! Tokens written a second, as the engine counts them and as they come through the WebSocket.

use std::time::Instant;

use super::bare::Bare;
use super::support::{Page, likeliest, stats};
use super::table::{median, ratio, row};
use super::{PAUSE, message};

/// Answers that are measured each way.
const RUNS: usize = 9;

/// Tokens of an answer.
const TOKENS: usize = 160;

/// An answer of Wick.
pub struct Seen {
    /// Milliseconds to the first text.
    pub first: f64,
    /// Tokens a second through the WebSocket.
    pub arrived: f64,
    /// Tokens a second as the engine counts them.
    pub written: f64,
    /// Tokens that were not read.
    pub n_kept: usize,
}

/// Prints the rows.
pub async fn measure(page: &mut Page, bare: &mut Bare<'_>) {
    page.sample(likeliest(TOKENS as u32)).await;
    let (mut seen, mut answers) = (vec![], vec![]);
    for number in 100..=100 + RUNS {
        seen.push(ask(page, number).await);
        std::thread::sleep(PAUSE);
        let n_kept = seen.last().unwrap().n_kept;
        // The first one each way loads and warms up.
        let n_kept = if number == 100 { 0 } else { n_kept };
        answers.push(bare.answer(&message(number), n_kept, TOKENS, |_| ()));
    }
    let (seen, answers) = (&seen[1..], &answers[1..]);
    let bare: Vec<f64> = answers.iter().map(|it| it.tokens_per_second).collect();
    let written: Vec<f64> = seen.iter().map(|it| it.written).collect();
    let arrived: Vec<f64> = seen.iter().map(|it| it.arrived).collect();
    row("tokens a second, bare llama.cpp loop", &figure(&bare), "");
    row("tokens a second, as the engine counts them", &figure(&written), "");
    row("the one by the other", &format!("{:.3}", ratio(&written, &bare)), "≥ 0.98");
    row("tokens a second, through the WebSocket", &figure(&arrived), "");
    row("this by the bare loop", &format!("{:.3}", ratio(&arrived, &bare)), "≥ 0.97");

    let bare: Vec<f64> = answers.iter().map(|it| it.first.as_secs_f64() * 1e3).collect();
    row("first token, bare llama.cpp loop", &format!("{:.0} ms", median(bare.clone())), "");
    let later = median(seen.iter().zip(bare).map(|(seen, bare)| seen.first - bare));
    row("first token through the WebSocket, later by", &format!("{later:.0} ms"), "≤ 30 ms");
}

/// Asks in a new chat.
pub async fn ask(page: &mut Page, number: usize) -> Seen {
    page.chat = None;
    tokio::time::sleep(PAUSE).await;
    let asked = Instant::now();
    page.say(&message(number)).await;
    page.until_text().await;
    let first = asked.elapsed();
    let answer = page.answer().await;
    let seconds = asked.elapsed().saturating_sub(first).as_secs_f64();
    let stats = stats(&answer);
    Seen {
        first: first.as_secs_f64() * 1e3,
        arrived: (stats.n_tokens - 1) as f64 / seconds,
        written: stats.tokens_per_second.into(),
        n_kept: stats.kept.all(),
    }
}

fn figure(values: &[f64]) -> String {
    format!("{:.1}", median(values.iter().copied()))
}
