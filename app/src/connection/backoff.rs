//! How long to wait before connecting again.

/// Doubles from 60 ms to eight seconds: a network that is said to be back often is so a moment later.
#[derive(Default)]
pub(crate) struct Backoff {
    n_failed: u32,
}

impl Backoff {
    const FIRST: u32 = 60;
    const LONGEST: u32 = 8_000;

    /// The next pause in milliseconds. `chance` from 0 to 1 spreads pages that lost their
    /// server at the same moment.
    pub(crate) fn next_pause(&mut self, chance: f64) -> u32 {
        let pause = Self::LONGEST.min(Self::FIRST << self.n_failed.min(8));
        self.n_failed += 1;
        (f64::from(pause) * (0.75 + chance / 4.0)) as u32
    }

    /// The connection works.
    pub(crate) fn reset(&mut self) {
        self.n_failed = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_eight_seconds_and_begin_anew() {
        let mut backoff = Backoff::default();
        let pauses: Vec<_> = (0..10).map(|_| backoff.next_pause(1.0)).collect();
        assert_eq!(pauses, [60, 120, 240, 480, 960, 1_920, 3_840, 7_680, 8_000, 8_000]);
        backoff.reset();
        assert_eq!(backoff.next_pause(0.0), 45);
    }
}
