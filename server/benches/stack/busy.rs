//! Beside processes that never rest: Wick, which follows the cores that others leave free, against
//! the bare loop with each fixed number of threads.

use std::hint::black_box;
use std::io::{Read, stdin};
use std::time::Duration;

use super::again::Again;
use super::bare::{Bare, Llama, n_cores};
use super::support::{Page, likeliest};
use super::table::{median, ratio, row};
use super::writing::ask;
use super::{PAUSE, message};

const WORD: &str = "never-rest";

/// Answers that are measured each way.
const RUNS: usize = 5;

/// Tokens of an answer.
const TOKENS: usize = 96;

/// Processes that never rest.
const BUSY: usize = 2;

/// They have been busy for so long when the measuring begins.
const SETTLED: Duration = Duration::from_secs(1);

/// Whether this is such a process.
pub fn is_this() -> bool {
    Again::is(WORD)
}

/// What it does, until whoever started it ends.
pub fn spin() {
    std::thread::spawn(|| {
        for n in 0_u64.. {
            black_box(n);
        }
    });
    stdin().read_to_end(&mut Vec::new()).unwrap();
}

/// Prints the rows.
pub async fn measure(page: &mut Page, llama: &Llama) {
    page.sample(likeliest(TOKENS as u32)).await;
    let mut fixed: Vec<Bare> = (1..=n_cores()).map(|n| llama.context(n, 1)).collect();
    compare("in peace", page, &mut fixed, 300).await;
    let busy = [WORD; BUSY].map(Again::start);
    tokio::time::sleep(SETTLED).await;
    compare("beside two busy processes", page, &mut fixed, 400).await;
    drop(busy);
}

async fn compare(when: &str, page: &mut Page, fixed: &mut [Bare<'_>], from: usize) {
    let mut wick = vec![];
    let mut bare = vec![vec![]; fixed.len()];
    for number in from..from + RUNS {
        let seen = ask(page, number).await;
        wick.push(seen.written);
        for (bare, speeds) in fixed.iter_mut().zip(&mut bare) {
            tokio::time::sleep(PAUSE).await;
            speeds.push(bare.answer(&message(number), 0, TOKENS, |_| ()).tokens_per_second);
        }
    }
    let middle = |speeds: &Vec<f64>| median(speeds.iter().copied());
    for (n_threads, speeds) in (1..).zip(&bare) {
        let what = format!("tokens a second {when}, bare loop, threads: {n_threads}");
        row(&what, &format!("{:.1}", middle(speeds)), "");
    }
    let best = bare.iter().max_by(|a, b| middle(a).total_cmp(&middle(b))).unwrap();
    row(&format!("tokens a second {when}, Wick"), &format!("{:.1}", middle(&wick)), "");
    row("this by the best of them", &format!("{:.2}", ratio(&wick, best)), "≥ 0.90");
}
