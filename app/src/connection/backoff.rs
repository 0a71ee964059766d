//! How long to wait before connecting again.

/// Doubles from a quarter of a second to eight seconds.
#[derive(Default)]
pub(crate) struct Backoff {
    n_failed: u32,
}

impl Backoff {
    const FIRST: u32 = 250;
    const LONGEST: u32 = 8_000;

    /// The next pause in milliseconds. `chance` from 0 to 1 spreads pages that lost their
    /// server at the same moment.
    pub(crate) fn next_pause(&mut self, chance: f64) -> u32 {
        let pause = Self::LONGEST.min(Self::FIRST << self.n_failed.min(5));
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
        let pauses: Vec<_> = (0..8).map(|_| backoff.next_pause(1.0)).collect();
        assert_eq!(pauses, [250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
        backoff.reset();
        assert_eq!(backoff.next_pause(0.0), 187);
    }
}
