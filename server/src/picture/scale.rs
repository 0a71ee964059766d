//! Numbers and times that people like on an axis.

use std::time::Duration;

use wick_words::Picture;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// How far a picture may reach back, and how far apart its times are, in seconds.
const SPANS: [(u64, u64); 6] = [
    (MINUTE, 15),
    (5 * MINUTE, MINUTE),
    (30 * MINUTE, 10 * MINUTE),
    (HOUR, 15 * MINUTE),
    (6 * HOUR, HOUR),
    (24 * HOUR, 6 * HOUR),
];

/// The shortest span that reaches back so far, or the longest one.
pub fn span_for(age: Duration) -> Duration {
    let enough = SPANS.iter().find(|(span, _)| age <= Duration::from_secs(*span));
    Duration::from_secs(enough.unwrap_or(&SPANS[SPANS.len() - 1]).0)
}

/// How far apart the times of a span are.
pub fn time_step(span: Duration) -> Duration {
    let step = SPANS.iter().find(|(it, _)| span.as_secs() <= *it).map_or(6 * HOUR, |it| it.1);
    Duration::from_secs(step)
}

/// As a person says it: "40 s", "12 min", "1.5 h".
pub fn ago(age: Duration, words: &Picture) -> String {
    let seconds = age.as_secs();
    if seconds < MINUTE {
        format!("{seconds} s")
    } else if seconds < HOUR {
        format!("{} min", seconds / MINUTE)
    } else if seconds % HOUR < HOUR / 2 {
        format!("{} h", seconds / HOUR)
    } else {
        format!("{}{}5 h", seconds / HOUR, words.point)
    }
}

/// From 0 to a round number, in round steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    step: f64,
    n_steps: u32,
}

impl Scale {
    /// Up to this or a little more, in so many steps at most. The steps are whole numbers.
    pub fn to(most: f64, n_most: u32) -> Self {
        let mut step = 1.0;
        // 1, 2, 5, 10, 20, 50 …
        for factor in [2.0, 2.5, 2.0].into_iter().cycle() {
            if most <= step * f64::from(n_most) || 1e12 < step {
                break;
            }
            step *= factor;
        }
        Self { step, n_steps: ((most / step).ceil() as u32).clamp(1, n_most) }
    }

    /// Where it ends.
    pub fn top(self) -> f64 {
        self.step * f64::from(self.n_steps)
    }

    /// The numbers on it.
    pub fn ticks(self) -> impl Iterator<Item = f64> {
        (0..=self.n_steps).map(move |nth| self.step * f64::from(nth))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_has_round_numbers() {
        let check = |most, n_most, expected: &[f64]| {
            let scale = Scale::to(most, n_most);
            assert_eq!(scale.ticks().collect::<Vec<_>>(), expected, "{most}");
            assert!(most <= scale.top() && 0.0 < scale.top());
        };
        check(0.0, 2, &[0.0, 1.0]);
        check(184.0, 3, &[0.0, 100.0, 200.0]);
        check(91.6, 2, &[0.0, 50.0, 100.0]);
        check(420.0, 1, &[0.0, 500.0]);
        check(6_000.0, 3, &[0.0, 2_000.0, 4_000.0, 6_000.0]);
    }

    #[test]
    fn times_are_said_as_people_do() {
        let words = wick_words::picture("en");
        let says = |seconds| ago(Duration::from_secs(seconds), words);
        assert_eq!(
            [0, 59, 60, 3_599, 3_600, 5_400, 86_400].map(says),
            ["0 s", "59 s", "1 min", "59 min", "1 h", "1.5 h", "24 h"]
        );
    }

    #[test]
    fn a_span_reaches_back_far_enough_a_day_at_most() {
        let minutes = |n: u64| span_for(Duration::from_secs(60 * n)).as_secs() / 60;
        assert_eq!([0, 1, 5, 6, 60, 61, 9_999].map(minutes), [1, 1, 5, 30, 60, 360, 1_440]);
        assert_eq!(time_step(Duration::from_mins(30)), Duration::from_mins(10));
    }
}
