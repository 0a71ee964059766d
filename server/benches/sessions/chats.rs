//! The next message of a long chat, from every state that it can be in.

use std::time::Instant;

use wick_protocol::{ClientMessage, Stage, Stats, Step};

use super::support::{Page, SMOL, Wick, likeliest, stats};
use super::table::{median, row};
use super::words::Words;

/// Messages from each state.
const RUNS: usize = 7;

/// Tokens of the first message.
const LONG: usize = 1500;

/// Tokens of an answer.
const TOKENS: u32 = 24;

const NEXT: &str = "And what did the captain do after that?";

/// What SmolLM2's template puts around a message that follows an answer.
const AROUND: [&str; 2] = ["<|im_end|>\n<|im_start|>user\n", "<|im_end|>\n<|im_start|>assistant\n"];

/// Prints the rows. The Wick keeps its context; another one gives it back at once.
pub async fn measure(wick: &Wick, words: &mut Words<'_>) {
    let Some(freeing) = Wick::computing(&[SMOL], &["--context-idle", "50ms"]) else { return };
    let (mut page, mut freed_page) = (wick.page().await, freeing.page().await);
    for page in [&mut page, &mut freed_page] {
        page.sample(likeliest(TOKENS)).await;
        page.say(&words.long(LONG)).await;
        page.answer().await;
    }
    let (mut live, mut freed, mut ended, mut loads) = (vec![], vec![], vec![], vec![]);
    for _ in 0..RUNS {
        live.push(next(&mut page).await);
        let back = given_back(&mut freed_page, Step::ContextFreed).await;
        freed.push(next(&mut freed_page).await);
        page.ask(ClientMessage::Rest).await;
        loads.push(given_back(&mut page, Step::EngineEnded).await - back);
        ended.push(next(&mut page).await);
    }
    assert!(freeing.end().success());

    let new = words.count(&format!("{}{NEXT}{}", AROUND[0], AROUND[1]));
    let n_read = median(live.iter().map(|(_, stats)| stats.n_read as f64));
    row(
        "next message of a chat of 1,500 tokens, tokens read",
        &format!("{n_read:.0}"),
        &format!("≤ {}", new + 1),
    );
    let against = median(live.iter().map(|(first, stats)| first / f64::from(stats.read_ms)));
    row("its first token, by the time that these take", &format!("{against:.2}"), "≤ 1.10");
    let first = median(live.iter().map(|(first, _)| *first));
    row("its first token", &format!("{first:.0} ms"), "");
    later("its first token after the context was freed, later by", &live, &freed, 0.0);
    let load = median(loads);
    row("loading the model again", &format!("{load:.0} ms"), "");
    later("its first token after the engine had ended, later by this and", &live, &ended, load);
}

fn later(what: &str, live: &[(f64, Stats)], other: &[(f64, Stats)], load: f64) {
    let by = median(live.iter().zip(other).map(|(live, other)| other.0 - live.0 - load));
    row(what, &format!("{by:.0} ms"), "≤ 150 ms");
}

/// Milliseconds to the first token.
async fn next(page: &mut Page) -> (f64, Stats) {
    let asked = Instant::now();
    page.say(NEXT).await;
    page.until_text().await;
    let first = asked.elapsed().as_secs_f64() * 1e3;
    (first, stats(&page.answer().await))
}

/// Waits until it was given back; milliseconds that it takes to come back, as the engine says.
async fn given_back(page: &mut Page, step: Step) -> f64 {
    page.until_stage((step == Step::ContextFreed).then_some(Stage::Resting)).await;
    let receipt = page.engine.as_ref().unwrap().receipt.unwrap();
    assert_eq!(receipt.step, step);
    receipt.back_ms.into()
}
