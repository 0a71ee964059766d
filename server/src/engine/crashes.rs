//! Remembers which models crashed lately, so that a file that always crashes is left alone.

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// So many crashes …
const MOST: usize = 3;

/// … within this time, and the model is left alone for as long.
const WITHIN: Duration = Duration::from_mins(1);

/// When each model file crashed the engine. Bounded by the number of model files.
#[derive(Default)]
pub struct Crashes(HashMap<PathBuf, VecDeque<Instant>>);

impl Crashes {
    /// This model crashed.
    pub fn add(&mut self, path: &Path, now: Instant) {
        let times = self.0.entry(path.to_owned()).or_default();
        times.push_back(now);
        if MOST < times.len() {
            times.pop_front();
        }
    }

    /// How long this model should still be left alone; `None` when it may be tried.
    pub fn wait(&self, path: &Path, now: Instant) -> Option<Duration> {
        let times = self.0.get(path).filter(|times| times.len() == MOST)?;
        let oldest = now.duration_since(*times.front()?);
        let newest = now.duration_since(*times.back()?);
        let in_a_row = oldest.saturating_sub(newest) < WITHIN;
        WITHIN.checked_sub(newest).filter(|wait| in_a_row && !wait.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_that_crashes_three_times_in_a_minute_is_left_alone_for_one() {
        let (path, start) = (Path::new("bad.gguf"), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut crashes = Crashes::default();
        crashes.add(path, at(0));
        crashes.add(path, at(10));
        assert_eq!(crashes.wait(path, at(11)), None);
        crashes.add(path, at(20));
        assert_eq!(crashes.wait(path, at(30)), Some(Duration::from_secs(50)));
        assert_eq!(crashes.wait(Path::new("good.gguf"), at(30)), None);
        assert_eq!(crashes.wait(path, at(81)), None);
    }

    #[test]
    fn crashes_far_apart_do_not_count() {
        let (path, start) = (Path::new("bad.gguf"), Instant::now());
        let mut crashes = Crashes::default();
        for minutes in 0..5 {
            crashes.add(path, start + Duration::from_secs(60 * minutes));
        }
        assert_eq!(crashes.wait(path, start + Duration::from_secs(241)), None);
    }
}
