//! A reader that takes nothing, as a tab that the browser froze.

use super::process::Resident;
use super::support::{Page, SMOL, Wick, likeliest, stats};
use super::table::{median, row};

const RUNS: usize = 5;

/// Prints the rows.
pub async fn measure() {
    let wick = Wick::computing(&[SMOL], &[]).unwrap();
    let mut page = wick.page().await;
    page.sample(likeliest(400)).await;
    speed(&mut page).await;
    let (mut alone, mut beside) = (Vec::new(), Vec::new());
    let mut took = 0.0_f64;
    for _ in 0..RUNS {
        alone.push(speed(&mut page).await);
        let before = Resident::of(wick.id()).anonymous;
        page.chat = None;
        page.say("Write a very long story about a lighthouse, with many chapters.").await;
        let mut frozen = Vec::new();
        for _ in 0..8 {
            let mut reader = wick.page().await;
            reader.open(page.chat.unwrap()).await;
            // It takes nothing from here on.
            frozen.push(reader);
        }
        beside.push(f64::from(stats(&page.answer().await).tokens_per_second));
        took = took.max((Resident::of(wick.id()).anonymous - before) / frozen.len() as f64);
    }
    let slower = 100.0 * (1.0 - median(beside) / median(alone));
    row(
        "readers that take nothing slow others, eight of them, by",
        &format!("{slower:.1} %"),
        "≤ 1 %",
    );
    row(
        "memory of the server for each of them",
        &format!("{:.2} MiB", took / f64::from(1 << 20)),
        "≤ 1 MiB",
    );
    assert!(wick.end().success());
}

async fn speed(page: &mut Page) -> f64 {
    page.chat = None;
    page.say("Write a very long story about a lighthouse, with many chapters.").await;
    f64::from(stats(&page.answer().await).tokens_per_second)
}
