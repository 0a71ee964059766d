//! What a process of its own costs: the bare loop here, against the same loop in a child process
//! that sends every token through a pipe as the engine does, a length and then the text. And what
//! the cage around that process costs: Wick with it, against Wick without.

use std::io::{self, BufRead, Read, Write, stdin, stdout};
use std::time::Instant;

use super::again::Again;
use super::bare::{Bare, Llama, n_cores};
use super::support::{Page, SMOL, Wick, likeliest};
use super::table::{ratio, row};
use super::writing::ask;
use super::{PAUSE, message};

const WORD: &str = "answer-through-a-pipe";

/// Answers that are measured each way.
const RUNS: usize = 15;

/// Tokens of an answer.
const TOKENS: usize = 96;

/// What a frame with a token begins with. One of no bytes is the end of an answer.
const TEXT: u8 = 1;

/// Whether this is the child process.
pub fn is_this() -> bool {
    Again::is(WORD)
}

/// What the child does: answers every line that it is told, until there are no more.
pub fn answer() {
    let llama = Llama::load();
    let mut bare = llama.context(n_cores(), 1);
    let mut to = stdout().lock();
    for line in stdin().lock().lines() {
        let text = |bytes: &[u8]| send(&mut to, &[&[TEXT], bytes].concat()).unwrap();
        bare.answer(&line.unwrap(), 0, TOKENS, text);
        send(&mut to, &[]).unwrap();
    }
}

/// Prints the rows.
pub fn measure(bare: &mut Bare) {
    let mut child = Again::start(WORD);
    let (mut here, mut there) = (vec![], vec![]);
    for number in 200..=200 + RUNS {
        let text = message(number);
        std::thread::sleep(PAUSE);
        here.push(bare.answer(&text, 0, TOKENS, |bytes| _ = std::hint::black_box(bytes)));
        std::thread::sleep(PAUSE);
        there.push(through_pipe(&mut child, &text));
    }
    // The first one each way loads and warms up.
    let here: Vec<f64> = here.iter().skip(1).map(|it| it.tokens_per_second).collect();
    let costs = (1.0 - ratio(&there[1..], &here)) * 100.0;
    row("a process of its own costs, of tokens a second", &format!("{costs:.1} %"), "≤ 1 %");
}

/// Prints the row of the cage, in which the engine of this page is.
pub async fn measure_cage(page: &mut Page) {
    let open = Wick::computing(&[SMOL], &["--no-cage"]).unwrap();
    let mut other = open.page().await;
    page.sample(likeliest(TOKENS as u32)).await;
    other.sample(likeliest(TOKENS as u32)).await;
    let (mut inside, mut outside) = (vec![], vec![]);
    for number in 600..=600 + RUNS {
        inside.push(ask(page, number).await.written);
        outside.push(ask(&mut other, number).await.written);
    }
    // The first one each way loads and warms up.
    let by = ratio(&inside[1..], &outside[1..]);
    row("tokens a second inside the cage by outside", &format!("{by:.3}"), "≥ 0.99");
    assert!(open.end().success());
}

/// Tokens a second, as they come here.
fn through_pipe(child: &mut Again, text: &str) -> f64 {
    writeln!(child.0.stdin.as_mut().unwrap(), "{text}").unwrap();
    let from = child.0.stdout.as_mut().unwrap();
    receive(from).unwrap();
    let first = Instant::now();
    let mut last = first;
    let mut n_tokens = 0;
    while !receive(from).unwrap().is_empty() {
        n_tokens += 1;
        last = Instant::now();
    }
    f64::from(n_tokens) / (last - first).as_secs_f64()
}

fn send(to: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    let frame = [&(bytes.len() as u32).to_le_bytes(), bytes].concat();
    to.write_all(&frame)?;
    to.flush()
}

fn receive(from: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let mut bytes = vec![0; u32::from_le_bytes(length) as usize];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}
