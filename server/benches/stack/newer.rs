//! What the kernels for this processor are worth: a bare loop that reads with them, against one with
//! those of llama-cpp-2, in two child processes in turns. On a model of the kind that most people have
//! (`Q4_K`).

use std::io::{BufRead, BufReader, Write, stdin};

use wick_kernels::Kernels;

use super::PAUSE;
use super::again::Again;
use super::bare::{Llama, n_cores};
use super::kernels::take_best;
use super::support::GEMMA;
use super::table::{ratio, row};
use super::words::Words;

const COMMON: &str = "read-with-the-common-kernels";
const BEST: &str = "read-with-the-best-kernels";

/// Prompts that are measured each way.
const RUNS: usize = 7;

/// Tokens of a prompt.
const LONG: usize = 600;

/// Whether this is a child process.
pub fn is_this() -> bool {
    Again::is(COMMON) || Again::is(BEST)
}

/// What a child does: reads every line that it is told, and says how fast, in tokens a second.
pub fn answer() {
    if Again::is(BEST) {
        take_best();
    }
    let llama = Llama::load_as_it_is(GEMMA);
    let mut bare = llama.context(n_cores(), 1);
    for line in stdin().lock().lines() {
        println!("{}", bare.answer(&line.unwrap(), 0, 1, |_| ()).read_per_second);
    }
}

/// Prints the row, where this processor has better ones.
pub fn measure(words: &mut Words) {
    let Some(best) = Kernels::here().into_iter().next() else { return };
    let mut children = [COMMON, BEST].map(Again::start);
    let mut said =
        children.each_mut().map(|it| BufReader::new(it.0.stdout.take().unwrap()).lines());
    let mut read = [vec![], vec![]];
    for _ in 0..=RUNS {
        let text = words.long(LONG);
        for ((child, said), read) in children.iter_mut().zip(&mut said).zip(&mut read) {
            std::thread::sleep(PAUSE);
            writeln!(child.0.stdin.as_mut().unwrap(), "{text}").unwrap();
            read.push(said.next().unwrap().unwrap().parse::<f64>().unwrap());
        }
    }
    // The first one each way warms up.
    let by = ratio(&read[1][1..], &read[0][1..]);
    let what = format!("tokens of a Q4_K model read a second with {}, by AVX2", best.name);
    row(&what, &format!("{by:.2}"), "≥ 1");
}
