//! An answer beside a long prompt, and Stop.

use std::time::{Duration, Instant};

use wick_protocol::{AnswerState, ClientMessage, ServerMessage};

use super::support::{Page, Wick, likeliest, stats};
use super::table::{median, part, row};
use super::words::Words;

/// Tokens of a prompt that takes a while.
const LONG: usize = 4000;

/// How often a prompt is stopped.
const STOPS: usize = 50;

/// How often the gaps are measured.
const RUNS: usize = 3;

/// Tokens of an answer that says how long one token takes.
const TOKENS: u32 = 64;

/// Prints the rows.
pub async fn measure(wick: &Wick, words: &mut Words<'_>) {
    measure_gap(wick, words).await;
    measure_stop(wick, words).await;
}

async fn measure_gap(wick: &Wick, words: &mut Words<'_>) {
    let (mut writing, mut reading) = (wick.page().await, wick.page().await);
    let (mut alone, mut beside) = (vec![], vec![]);
    for _ in 0..RUNS {
        (writing.chat, reading.chat) = (None, None);
        // Text that comes fast is told together, so gaps say nothing of a token.
        writing.sample(likeliest(TOKENS)).await;
        writing.say("Write a long story about a hill.").await;
        alone.push(1e3 / f64::from(stats(&writing.answer().await).tokens_per_second));
        writing.chat = None;
        writing.sample(likeliest(800)).await;
        writing.say("Write a long story about a ship.").await;
        writing.until_text().await;
        reading.sample(likeliest(1)).await;
        let text = words.long(LONG);
        let mut read = Box::pin(async {
            reading.say(&text).await;
            reading.answer().await
        });
        let mut times = vec![];
        loop {
            tokio::select! {
                at = more(&mut writing) => times.push(at),
                _ = &mut read => break,
            }
        }
        beside.extend(gaps(&times));
        stop(&mut writing).await;
    }
    let token = median(alone);
    row(
        "longest gap between two tokens while another chat reads 4,000",
        &format!("{:.0} ms", part(beside.clone(), 1.0)),
        &format!("≤ {:.0} ms", 250.0 + token),
    );
    let nearly_all = format!("{:.0} ms", part(beside, 0.99));
    row("99 of 100 of these gaps are shorter than", &nearly_all, "");
}

async fn measure_stop(wick: &Wick, words: &mut Words<'_>) {
    let mut page = wick.page().await;
    let mut times = vec![];
    for _ in 0..STOPS {
        page.chat = None;
        page.say(&words.long(LONG)).await;
        page.until_state(|it| matches!(it, AnswerState::Reading { done, .. } if 0 < *done)).await;
        let asked = Instant::now();
        stop(&mut page).await;
        times.push(asked.elapsed().as_secs_f64() * 1e3);
    }
    row(
        "Stop while a prompt is read, to the answer's end, p99 of 50",
        &format!("{:.0} ms", part(times, 0.99)),
        "≤ 100 ms",
    );
}

async fn stop(page: &mut Page) {
    let message = page.shown.as_ref().unwrap().id;
    page.ask(ClientMessage::Stop { message }).await;
    page.answer().await;
}

/// When more text came.
async fn more(page: &mut Page) -> Instant {
    page.until(|message| matches!(message, ServerMessage::Delta { .. }).then(Instant::now)).await
}

/// Milliseconds between these.
fn gaps(times: &[Instant]) -> impl Iterator<Item = f64> {
    let between = |pair: &[Instant]| -> Duration { pair[1] - pair[0] };
    times.windows(2).map(move |pair| between(pair).as_secs_f64() * 1e3)
}
