use super::*;

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn memory(total: u64) -> Memory {
    Memory { total, weights: total / 2 }
}

fn written(n: f64) -> Tokens {
    Tokens { read: 0.0, written: n }
}

/// Totals of memory, by where samples begin and end in seconds.
fn totals(history: &History) -> Vec<(f64, f64, u64)> {
    let at = |it: Instant| (it - history.began()).as_secs_f64();
    history.samples().map(|it| (at(it.from), at(it.to), it.memory.total)).collect()
}

#[test]
fn nothing_is_kept_of_a_time_in_which_nothing_was_loaded() {
    let began = Instant::now();
    let mut history = History::new(began);
    history.look(memory(9), began + seconds(1));
    assert_eq!(totals(&history), []);
    history.begin(began + seconds(10));
    history.look(memory(100), began + seconds(11));
    history.end(began + seconds(13));
    history.look(memory(9), began + seconds(14));
    history.begin(began + seconds(60));
    history.look(memory(50), began + seconds(62));
    assert_eq!(totals(&history), [(10.0, 11.0, 100), (11.0, 13.0, 100), (60.0, 62.0, 50)]);
}

#[test]
fn looks_within_a_second_are_one_sample_with_what_was_there_last() {
    let began = Instant::now();
    let mut history = History::new(began);
    history.begin(began);
    for (at, total) in [(300, 10), (600, 90), (900, 40), (1_200, 70)] {
        history.look(memory(total), began + Duration::from_millis(at));
    }
    assert_eq!(totals(&history), [(0.0, 0.9, 40), (0.9, 1.2, 70)]);
}

#[test]
fn a_day_is_kept_in_a_bounded_number_of_samples_and_its_peaks_stay() {
    let began = Instant::now();
    let mut history = History::new(began);
    history.begin(began);
    let more_than_a_day = 25 * 60 * 60;
    for second in 1..=more_than_a_day {
        let now = began + seconds(second);
        history.count(written(50.0), began + seconds(second - 1), now);
        history.look(memory(if second == more_than_a_day - 7_200 { 999 } else { 100 }), now);
        history.mark("a", What::Parked(1), now);
    }
    assert!(
        (900..MOST_SAMPLES).contains(&history.samples().count()),
        "{}",
        history.samples().count()
    );
    assert_eq!(history.marks().count(), MOST_MARKS);
    let kept = totals(&history);
    assert!(kept.iter().any(|it| it.2 == 999), "the peak two hours ago");
    let apart = |two: &[(f64, f64, u64)]| two[1].0 - two[0].1;
    assert!(kept.windows(2).all(|two| apart(two).abs() < 1e-9), "there is no gap");
    assert!((more_than_a_day as f64 - kept[0].0 - 86_400.0).abs() < 300.0, "{:?}", kept[0]);
    assert!(history.samples().all(|it| (it.written.a_second() - 50.0).abs() < 0.01));
}

#[test]
fn samples_are_bounded_even_when_nothing_can_be_joined() {
    let began = Instant::now();
    let mut history = History::new(began);
    for nth in 0..5_000 {
        let now = began + seconds(2 * nth);
        history.begin(now);
        history.look(memory(1), now + seconds(1));
        history.end(now + seconds(1));
    }
    assert!(history.samples().count() <= MOST_SAMPLES);
}

#[test]
fn tokens_are_spread_over_the_time_they_took() {
    let began = Instant::now();
    let mut history = History::new(began);
    history.begin(began);
    for second in 1..=10 {
        history.look(memory(1), began + seconds(second));
    }
    // A batch of 512 that took 8 seconds.
    history.count(Tokens { read: 512.0, written: 0.0 }, began + seconds(3), began + seconds(11));
    history.look(memory(1), began + seconds(11));
    let read: Vec<f64> = history.samples().map(|it| it.read.a_second()).collect();
    assert_eq!(read, [0.0, 0.0, 0.0, 64.0, 64.0, 64.0, 64.0, 64.0, 64.0, 64.0, 64.0]);
}

#[test]
fn the_speed_of_a_long_sample_is_that_of_the_time_in_which_tokens_came() {
    let began = Instant::now();
    let mut history = History::new(began);
    history.begin(began);
    for second in 1..=10 {
        let now = began + seconds(second);
        if second <= 4 {
            history.count(written(30.0), began + seconds(second - 1), now);
        }
        history.look(memory(1), now);
    }
    let mut samples: VecDeque<Sample> = history.samples().copied().collect();
    thin(&mut samples, |_| seconds(10));
    assert_eq!(samples.len(), 1);
    assert!((samples[0].written.a_second() - 30.0).abs() < 1e-9);
}
