//! Numbered headings, and how long each step took.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// A row of steps; the first one that fails ends it.
pub(crate) struct Steps {
    n_steps: usize,
    done: Vec<(&'static str, Duration)>,
}

impl Steps {
    /// So many steps are going to be run.
    pub(crate) fn new(n_steps: usize) -> Self {
        Self { n_steps, done: Vec::with_capacity(n_steps) }
    }

    /// Runs the next step under its heading.
    pub(crate) fn run(
        &mut self,
        name: &'static str,
        work: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        let heading = format!("{} of {}: {name}", self.done.len() + 1, self.n_steps);
        eprintln!("\n{heading}");
        let start = Instant::now();
        work().with_context(|| format!("{heading} failed after {}", time(start.elapsed())))?;
        self.done.push((name, start.elapsed()));
        Ok(())
    }

    /// Says how long each step took.
    pub(crate) fn report(&self) {
        eprintln!("\nAll went well:");
        for (name, took) in &self.done {
            eprintln!("  {:<24}{:>12}", name, time(*took));
        }
        let total = self.done.iter().map(|(_, took)| *took).sum();
        eprintln!("  {:<24}{:>12}", "together", time(total));
    }
}

/// A duration as people say it.
pub(crate) fn time(duration: Duration) -> String {
    match duration.as_secs() {
        0..10 => format!("{:.1} s", duration.as_secs_f32()),
        secs @ 10..60 => format!("{secs} s"),
        secs => format!("{} min {} s", secs / 60, secs % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(seconds: f32, said: &str) {
        assert_eq!(time(Duration::from_secs_f32(seconds)), said);
    }

    #[test]
    fn a_duration_has_as_many_digits_as_matter() {
        check(0.25, "0.2 s");
        check(9.5, "9.5 s");
        check(59.9, "59 s");
        check(605.0, "10 min 5 s");
    }

    #[test]
    fn the_first_failure_names_its_step() {
        let mut steps = Steps::new(2);
        steps.run("tools", || Ok(())).expect("it does nothing");
        let err = steps.run("build", || anyhow::bail!("no disk")).expect_err("it fails");
        assert!(err.to_string().starts_with("2 of 2: build failed after"), "{err}");
    }
}
