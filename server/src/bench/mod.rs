//! `wick bench`: how fast a model is on this computer, how long the first token takes from every
//! state that Wick rests in, and what memory each of them holds.
//!
//! Reading order: `text` (what is said), `talk` (one answer, watched), `run` (one run through all
//! states), `step` (what is noted of each), `report` (medians, as Markdown or JSON).
//! `server` asks a running server instead.

mod report;
mod run;
mod server;
mod step;
mod talk;
mod text;

use std::fmt::Display;
use std::io::{Write, stderr};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use clap::Args;
use serde::Serialize;

use self::report::Report;
use self::run::Bench;
use crate::models;
use crate::settings::physical_cores;

/// What is measured.
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// The GGUF file of the model.
    #[arg(value_name = "MODEL.gguf", required_unless_present = "server")]
    model: Option<PathBuf>,
    /// Ask a running server instead, and measure what can be seen from outside; its key comes in
    /// `OPENAI_API_KEY` [default: <http://127.0.0.1:8080>].
    #[arg(
        long,
        value_name = "URL",
        num_args = 0..=1,
        default_missing_value = "http://127.0.0.1:8080",
        conflicts_with_all = ["model", "threads"]
    )]
    server: Option<String>,
    /// Threads that compute, at most [default: the physical cores].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=512))]
    threads: Option<u32>,
    /// How often everything is measured; medians are shown.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    runs: u32,
    /// Tokens of the first message, about; no more than half of what the model looks back on.
    #[arg(long, value_name = "TOKENS", default_value_t = 1500, value_parser = clap::value_parser!(u32).range(100..=100_000))]
    prompt: u32,
    /// Tokens of each answer.
    #[arg(long, value_name = "TOKENS", default_value_t = 64, value_parser = clap::value_parser!(u32).range(4..=10_000))]
    answer: u32,
    /// Print JSON instead of Markdown.
    #[arg(long)]
    json: bool,
}

/// Measures; gives what is to be printed.
pub async fn run(args: BenchArgs) -> Result<String> {
    match (&args.server, &args.model) {
        (Some(url), _) => {
            let sizes = (args.prompt as usize, args.answer);
            print(&server::measure(url, sizes, args.runs).await?, args.json)
        }
        (None, Some(path)) => print(&measure(path, &args).await?, args.json),
        (None, None) => Err(anyhow!("Say which model, as in: wick bench MODEL.gguf")),
    }
}

async fn measure(path: &Path, args: &BenchArgs) -> Result<Report> {
    let (model, context) = models::named(path).map_err(|reason| anyhow!(reason))?;
    let threads = args.threads.unwrap_or_else(physical_cores);
    let program = std::env::current_exe().context("Wick does not know where it is itself")?;
    let mut bench = Bench::new(program, threads, (model, args.answer));
    progress("warming up");
    bench.warm_up(args.prompt as usize, context as usize).await?;
    let mut runs = Vec::new();
    for number in 1..=args.runs {
        let of = args.runs;
        runs.push(
            bench.run(number, |step| progress(&format!("run {number} of {of}: {step}"))).await?,
        );
    }
    Ok(Report::new(&bench, &runs))
}

fn print(report: &(impl Display + Serialize), as_json: bool) -> Result<String> {
    Ok(if as_json { serde_json::to_string_pretty(report)? } else { report.to_string() })
}

/// To the error stream: measuring takes a while.
fn progress(line: &str) {
    // Nothing depends on it.
    let _ = writeln!(stderr(), "{line}");
}
