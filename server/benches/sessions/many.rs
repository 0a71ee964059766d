//! An answer beside a long prompt, and Stop.

use std::time::{Duration, Instant};

use wick_protocol::{AnswerState, ClientMessage, Sampling, ServerMessage};

use super::support::{GEMMA, Page, Wick, likeliest, stats};
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
    measure_format().await;
    measure_stop(wick, words).await;
}

async fn measure_gap(wick: &Wick, words: &mut Words<'_>) {
    let (mut writing, mut reading) = (wick.page().await, wick.page().await);
    let (mut alone, mut beside) = (vec![], vec![]);
    for _ in 0..RUNS {
        alone.push(a_token(&mut writing).await);
        reading.chat = None;
        let asked = (words.long(LONG), likeliest(1));
        beside.extend(while_writing(&mut writing, &mut reading, asked).await);
    }
    longest("longest gap between two tokens while another chat reads 4,000", &alone, &beside);
    let nearly_all = format!("{:.0} ms", part(beside, 0.99));
    row("99 of 100 of these gaps are shorter than", &nearly_all, "");
}

/// The first format of a model: all its tokens, 262,144 here, are learnt.
async fn measure_format() {
    let Some(wick) = Wick::computing(&[GEMMA], &[]) else { return };
    let (mut writing, mut asking) = (wick.page().await, wick.page().await);
    let (mut alone, mut beside) = (vec![], vec![]);
    for _ in 0..RUNS {
        alone.push(a_token(&mut writing).await);
        asking.chat = None;
        let format = r#"start: "yes" | "no""#.to_owned();
        let asked = ("Does a ship float?".to_owned(), Sampling { format, ..likeliest(4) });
        beside.extend(while_writing(&mut writing, &mut asking, asked).await);
        // The next engine knows nothing of formats.
        writing.ask(ClientMessage::Rest).await;
        writing.until_stage(None).await;
    }
    assert!(wick.end().success());
    longest("and while the first format of a model is read", &alone, &beside);
}

fn longest(what: &str, alone: &[f64], beside: &[f64]) {
    let token = median(alone.iter().copied());
    let longest = format!("{:.0} ms", part(beside.to_vec(), 1.0));
    row(what, &longest, &format!("≤ {:.0} ms", 250.0 + token));
}

/// Milliseconds of a token of a whole answer: text that comes fast is told together, so gaps say
/// nothing of one.
async fn a_token(page: &mut Page) -> f64 {
    page.chat = None;
    page.sample(likeliest(TOKENS)).await;
    page.say("Write a long story about a hill.").await;
    1e3 / f64::from(stats(&page.answer().await).tokens_per_second)
}

/// Milliseconds between the tokens of one answer while another page asks, until it is answered.
async fn while_writing(
    writing: &mut Page,
    asking: &mut Page,
    (text, sampling): (String, Sampling),
) -> Vec<f64> {
    writing.chat = None;
    writing.sample(likeliest(800)).await;
    writing.say("Write a long story about a ship.").await;
    writing.until_text().await;
    asking.sample(sampling).await;
    let mut answered = Box::pin(async {
        asking.say(&text).await;
        asking.answer().await
    });
    let mut times = vec![];
    loop {
        tokio::select! {
            at = more(writing) => times.push(at),
            _ = &mut answered => break,
        }
    }
    stop(writing).await;
    gaps(&times).collect()
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
