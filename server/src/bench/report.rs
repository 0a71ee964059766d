//! The figures of all runs: medians, as Markdown for people and as JSON for programs.

use std::fmt;

use serde::Serialize;

use super::run::Bench;
use super::step::{Held, Run, STATES, State, Step};
use crate::engine::memory::readable;
use crate::processor;

/// Everything, with the median of each figure.
#[derive(Serialize)]
pub struct Report {
    model: String,
    bytes: u64,
    threads: u32,
    /// What it computes with.
    instructions: Option<&'static str>,
    runs: usize,
    load_ms: f64,
    context_ms: f64,
    prefill_tokens_per_second: f64,
    decode_tokens_per_second: f64,
    steps: Vec<Step>,
}

impl Report {
    /// Of these runs.
    pub fn new(bench: &Bench, runs: &[Run]) -> Self {
        let of = |value: fn(&Run) -> f64| median(runs.iter().map(value));
        Self {
            model: bench.model.name.clone(),
            bytes: bench.model.bytes,
            threads: bench.threads,
            instructions: processor::instructions(),
            runs: runs.len(),
            load_ms: of(|run| run.load_ms),
            context_ms: of(|run| run.context_ms),
            prefill_tokens_per_second: of(|run| run.prefill),
            decode_tokens_per_second: median(runs.iter().flat_map(|run| run.decode.clone())),
            steps: STATES.map(|state| middle(runs, state)).into(),
        }
    }
}

/// The medians of one state.
fn middle(runs: &[Run], state: State) -> Step {
    let steps: Vec<&Step> =
        runs.iter().flat_map(|run| &run.steps).filter(|step| step.state == state).collect();
    let of = |value: &dyn Fn(&Step) -> f64| median(steps.iter().map(|&step| value(step)));
    let held = |which: fn(&Step) -> Held| Held {
        total: of(&|step| which(step).total as f64) as u64,
        anonymous: of(&|step| which(step).anonymous as f64) as u64,
        file: of(&|step| which(step).file as f64) as u64,
    };
    Step {
        state,
        first_token_ms: of(&|step| step.first_token_ms),
        n_kept: of(&|step| step.n_kept as f64) as usize,
        n_read: of(&|step| step.n_read as f64) as usize,
        before: held(|step| step.before),
        after: held(|step| step.after),
    }
}

/// The value in the middle; 0 of none.
pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

impl fmt::Display for Report {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        let Self { model, bytes, threads, runs, .. } = self;
        write!(to, "{model}, {} on the disk, {threads} threads", readable(*bytes))?;
        if let Some(instructions) = self.instructions {
            write!(to, ", {instructions}")?;
        }
        writeln!(to, ", medians of {runs} runs.\n")?;
        writeln!(to, "| What | Measured |\n| --- | ---: |")?;
        writeln!(to, "| loading the model | {:.0} ms |", self.load_ms)?;
        writeln!(to, "| making a context | {:.0} ms |", self.context_ms)?;
        writeln!(to, "| reading | {:.1} tokens/s |", self.prefill_tokens_per_second)?;
        writeln!(to, "| writing | {:.1} tokens/s |\n", self.decode_tokens_per_second)?;
        writeln!(
            to,
            "| First token | Measured | Tokens kept | Tokens read | Memory before | Memory after |\n\
             | --- | ---: | ---: | ---: | ---: | ---: |"
        )?;
        for Step { state, first_token_ms, n_kept, n_read, before, after } in &self.steps {
            let what = state.words();
            writeln!(
                to,
                "| {what} | {first_token_ms:.0} ms | {n_kept} | {n_read} | {before} | {after} |"
            )?;
        }
        writeln!(
            to,
            "\nMemory is what the engine holds: all of it (its own + of files, which the system \
             takes back when it needs room).\n\n\
             To compare, from the project's first document and not measured here: LM Studio's \
             figure is 2.6 GB where the Electron app took 3.3 GB."
        )
    }
}
