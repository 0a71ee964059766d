//! Four chats at once, against llama.cpp's own batched decoding of the same prompts.

use std::time::Instant;

use futures_util::future::join_all;

use super::bare::{Llama, n_cores};
use super::support::{Wick, likeliest, stats};
use super::table::{median, ratio, row};

/// How often it is measured each way.
const RUNS: usize = 3;

/// Tokens of an answer, at most.
const TOKENS: u32 = 128;

const SUBJECTS: [&str; 4] = ["ship", "hill", "river", "garden"];

/// Prints the rows.
pub async fn measure(wick: &Wick, llama: &Llama) {
    let mut bare = llama.context(n_cores(), SUBJECTS.len() as u32);
    let mut speeds = [const { vec![] }; 4];
    for _ in 0..RUNS {
        for (n_chats, at) in [(1, 0), (SUBJECTS.len(), 2)] {
            let (speed, chats) = answer(wick, n_chats).await;
            speeds[at].push(speed);
            speeds[at + 1].push(bare.together(&chats));
        }
    }
    let [one, bare_one, four, bare_four] = &speeds;
    let figure = |speeds: &[f64]| format!("{:.1}", median(speeds.iter().copied()));
    row("tokens a second, one chat", &figure(one), "");
    row("tokens a second, four chats together", &figure(four), "");
    row("tokens a second, four sequences in a bare llama.cpp loop", &figure(bare_four), "");
    let gives = ratio(bare_four, bare_one);
    row("four by one, bare llama.cpp loop", &format!("{gives:.2}"), "");
    let budget = (0.95 * gives).min(2.0);
    row("four by one, Wick", &format!("{:.2}", ratio(four, one)), &format!("≥ {budget:.2}"));
    row("four of Wick by four of the loop", &format!("{:.2}", ratio(four, bare_four)), "≥ 0.95");
}

/// Tokens a second of so many chats together, from when the first of them writes to their end;
/// and what was said, with how many tokens were answered.
async fn answer(wick: &Wick, n_chats: usize) -> (f64, Vec<(String, usize)>) {
    let mut pages = join_all((0..n_chats).map(|_| wick.page())).await;
    pages[0].sample(likeliest(TOKENS)).await;
    let answers = pages.iter_mut().zip(SUBJECTS).map(async |(page, subject)| {
        let text = format!("Write a long story about a {subject}.");
        page.say(&text).await;
        page.until_text().await;
        let first = Instant::now();
        let answer = page.answer().await;
        (first, Instant::now(), (text, stats(&answer).n_tokens))
    });
    let answers = join_all(answers).await;
    let began = answers.iter().map(|answer| answer.0).min().unwrap();
    let ended = answers.iter().map(|answer| answer.1).max().unwrap();
    let chats: Vec<(String, usize)> = answers.into_iter().map(|answer| answer.2).collect();
    let n_tokens: usize = chats.iter().map(|chat| chat.1 - 1).sum();
    (n_tokens as f64 / (ended - began).as_secs_f64(), chats)
}
