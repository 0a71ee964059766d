//! A reader that takes nothing, as a tab that the browser froze.

use super::process::Resident;
use super::support::{Page, SMOL, Wick, likeliest, stats};
use super::table::{median, row};

const RUNS: usize = 5;

/// So many at once: what one costs is less than the noise.
const READERS: u32 = 8;

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
        for _ in 0..READERS {
            let mut reader = wick.page().await;
            reader.open(page.chat.unwrap()).await;
            // It takes nothing from here on.
            frozen.push(reader);
        }
        beside.push(f64::from(stats(&page.answer().await).tokens_per_second));
        took = took.max((Resident::of(wick.id()).anonymous - before) / f64::from(READERS));
    }
    let slower = 100.0 * (1.0 - median(beside) / median(alone)) / f64::from(READERS);
    row(
        "a reader that takes nothing slows others by (an eighth of what eight do)",
        &format!("{slower:.1} %"),
        "≤ 1 %",
    );
    row("memory of the server for it", &format!("{:.2} MiB", took / f64::from(1 << 20)), "≤ 1 MiB");
    assert!(wick.end().success());
}

async fn speed(page: &mut Page) -> f64 {
    page.chat = None;
    page.say("Write a very long story about a lighthouse, with many chapters.").await;
    f64::from(stats(&page.answer().await).tokens_per_second)
}
