//! How much is put through the model in one step, and by how many threads.

use std::fs;
use std::time::{Duration, Instant};

/// A step takes about so long while others are written: they wait for it.
const AMONG_OTHERS: Duration = Duration::from_millis(160);

/// A step takes at most about so long when nobody waits: its end is when progress shows. Each one
/// reads all weights: prompts were read a twentieth slower in steps of 1.5 s and 400 tokens than in
/// the longest ones of 512.
const ALONE: Duration = Duration::from_secs(3);

/// The fewest tokens of prompts in a step, and the first guess.
const FEWEST: usize = 8;
const FIRST: usize = 64;

/// Other processes are looked at this often.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// The kernel counts time in hundredths of a second (`USER_HZ`).
const TICKS: f64 = 100.0;

/// Follows the speed of the machine and what else it does.
pub struct Pace {
    /// Prompt tokens read in a second, lately; none before the first slice.
    speed: Option<f64>,
    most_threads: u32,
    threads: u32,
    looked: Option<Look>,
}

/// What the processors had done at a moment.
#[derive(Clone, Copy)]
struct Look {
    at: Instant,
    /// Seconds of all processors that were not idle, the hypervisor's included.
    busy: f64,
    /// Seconds of this process.
    own: f64,
}

impl Pace {
    /// With at most so many threads.
    pub fn new(most_threads: u32) -> Self {
        Self { speed: None, most_threads, threads: most_threads, looked: None }
    }

    /// How many prompt tokens the next step may read. Others have waited for so long already,
    /// when there are others.
    pub fn slice(&self, others_waited: Option<Duration>, most: usize) -> usize {
        let time = others_waited.map_or(ALONE, |waited| AMONG_OTHERS.saturating_sub(waited));
        if time.is_zero() {
            return 0;
        }
        let fitting = self.speed.map_or(FIRST, |speed| (speed * time.as_secs_f64()) as usize);
        fitting.clamp(FEWEST.min(most), most)
    }

    /// So many prompt tokens took so long.
    pub fn read(&mut self, n_tokens: usize, took: Duration) {
        if FEWEST <= n_tokens {
            let speed = n_tokens as f64 / took.as_secs_f64().max(1e-6);
            // A machine that becomes slow is believed at once, one that becomes fast by and by.
            self.speed = Some(match self.speed {
                Some(before) if before < speed => before.mul_add(0.5, speed * 0.5),
                _ => speed,
            });
        }
    }

    /// Threads to compute with now: as many as there are processors that others leave free.
    /// llama.cpp's threads wait for each other by spinning, so one too many costs more than one
    /// too few.
    pub fn threads(&mut self) -> u32 {
        if self.looked.is_some_and(|look| look.at.elapsed() < LOOK_EVERY) || self.most_threads < 2 {
            return self.threads;
        }
        let now = look();
        if let (Some(before), Some(now)) = (self.looked, now) {
            self.threads = threads(before, now, n_processors(), self.most_threads);
        }
        self.looked = now;
        self.threads
    }

    /// Nothing is computed for a while: what was seen before says nothing about afterwards.
    pub fn pause(&mut self) {
        self.looked = None;
    }
}

fn threads(before: Look, now: Look, n_processors: f64, most: u32) -> u32 {
    let passed = (now.at - before.at).as_secs_f64().max(1e-3);
    let others = ((now.busy - before.busy) - (now.own - before.own)).max(0.0) / passed;
    let free = (n_processors - others + 0.5).floor();
    (free.max(1.0) as u32).min(most)
}

fn n_processors() -> f64 {
    std::thread::available_parallelism().map_or(1.0, |n| n.get() as f64)
}

/// Reads `/proc`; none where there is none.
fn look() -> Option<Look> {
    let at = Instant::now();
    let stat = fs::read_to_string("/proc/stat").ok()?;
    let times = numbers(stat.lines().next()?.strip_prefix("cpu ")?);
    // user, nice, system, idle, iowait, irq, softirq, steal; guests are in user already.
    let busy: f64 = [0, 1, 2, 5, 6, 7].iter().filter_map(|&idx| times.get(idx)).sum();
    let own = fs::read_to_string("/proc/self/stat").ok()?;
    let times = numbers(own.rsplit(')').next()?);
    // After the name: the state, which is no number, then fields 4 and on; 14 and 15 are times.
    let own = times.get(10)? + times.get(11)?;
    Some(Look { at, busy: busy / TICKS, own: own / TICKS })
}

fn numbers(text: &str) -> Vec<f64> {
    text.split_whitespace().filter_map(|it| it.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_follow_the_speed_of_the_machine() {
        let mut pace = Pace::new(1);
        let waited = Some(Duration::ZERO);
        assert_eq!(pace.slice(None, 512), FIRST);
        pace.read(32, Duration::from_millis(32));
        assert_eq!((pace.slice(waited, 512), pace.slice(None, 512)), (160, 512));
        assert_eq!(pace.slice(Some(Duration::from_millis(100)), 512), 60);
        assert_eq!(pace.slice(Some(Duration::from_millis(155)), 512), FEWEST);
        assert_eq!(pace.slice(Some(Duration::from_secs(1)), 512), 0, "they come first");
        pace.read(100, Duration::from_secs(1));
        assert_eq!((pace.slice(waited, 512), pace.slice(None, 512)), (16, 300));
        pace.read(100, Duration::from_secs(100));
        assert_eq!(pace.slice(waited, 512), FEWEST);
        assert_eq!(pace.slice(waited, 3), 3);
    }

    #[track_caller]
    fn check(others: f64, own: f64, expected: u32) {
        let at = Instant::now();
        let before = Look { at, busy: 100.0, own: 50.0 };
        let now =
            Look { at: at + Duration::from_secs(1), busy: 100.0 + others + own, own: 50.0 + own };
        assert_eq!(threads(before, now, 2.0, 2), expected, "{others} {own}");
    }

    #[test]
    fn threads_are_as_many_as_others_leave_free() {
        check(0.0, 2.0, 2);
        check(0.2, 1.8, 2);
        check(0.7, 1.3, 1);
        check(1.0, 1.0, 1);
        check(1.5, 0.5, 1);
        check(0.0, 1.0, 2);
    }

    #[test]
    fn this_process_uses_its_processor() {
        let before = look().expect("there is a /proc");
        let mut n: u64 = 0;
        while look().is_some_and(|it| it.own <= before.own) {
            n = std::hint::black_box(n + 1);
        }
        assert!(before.busy <= look().expect("there is a /proc").busy);
    }
}
