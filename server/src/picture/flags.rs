//! What is said of marks, placed so that no words lie on others.

use wick_words::Picture;

use super::svg::{Anchor, width_of};
use crate::engine::history::{Mark, What};

/// The longest name of a model that is shown, in characters.
const LONGEST_NAME: usize = 22;

/// Room between a line and its words.
const GAP: f64 = 4.0;

/// A line with words at its top.
#[derive(Clone, Debug)]
pub struct Flag {
    /// Where the line is.
    pub x: f64,
    /// The words.
    pub says: String,
    /// It happens often, and others come first.
    is_minor: bool,
}

impl Flag {
    /// Of a mark. Which model it was is said where that is not clear.
    pub fn new(mark: &Mark, x: f64, is_one_model: bool, words: &Picture) -> Self {
        let what = mark.what.says(words);
        let says = if is_one_model && mark.what != What::Loaded {
            what
        } else {
            format!("{} {what}", short(&mark.model))
        };
        Self { x, says, is_minor: matches!(mark.what, What::Parked(_)) }
    }

    /// Where its words are: right of the line, or left of it where they would reach beyond.
    pub fn words_at(&self, right: f64) -> (f64, Anchor) {
        if self.x + GAP + width_of(&self.says) <= right {
            (self.x + GAP, Anchor::Start)
        } else {
            (self.x - GAP, Anchor::End)
        }
    }

    fn words(&self, right: f64) -> (f64, f64) {
        let width = width_of(&self.says);
        match self.words_at(right) {
            (x, Anchor::Start) => (x, x + width),
            (x, _) => (x - width, x),
        }
    }
}

/// A lane for each flag, counted from the top, or none where there is no room for its words. The
/// last flags are the first to choose, and take the lowest lane that they can have; minor ones choose
/// when all others have.
pub fn place(flags: &[Flag], n_lanes: usize, right: f64) -> Vec<Option<usize>> {
    let mut lanes: Vec<Option<usize>> = vec![None; flags.len()];
    let mut order: Vec<usize> = (0..flags.len()).rev().collect();
    order.sort_by_key(|&idx| flags[idx].is_minor);
    for idx in order {
        let flag = &flags[idx];
        let (from, to) = flag.words(right);
        if from < 0.0 {
            continue;
        }
        let is_free = |lane: &usize| {
            let placed = flags.iter().zip(&lanes).filter_map(|(it, lane)| Some((it, (*lane)?)));
            placed.into_iter().all(|(other, others)| {
                let (begins, ends) = other.words(right);
                others != *lane || to + GAP <= begins || ends + GAP <= from
            })
        };
        lanes[idx] = (0..n_lanes).rev().find(is_free);
    }
    lanes
}

fn short(name: &str) -> String {
    if name.chars().count() <= LONGEST_NAME {
        return name.to_owned();
    }
    name.chars().take(LONGEST_NAME - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn flag(x: f64, says: &str) -> Flag {
        Flag { x, says: says.into(), is_minor: false }
    }

    #[test]
    fn words_at_one_moment_are_below_each_other() {
        let flags = [flag(100.0, "a loaded"), flag(100.5, "context 2,048")];
        assert_eq!(place(&flags, 4, 325.0), [Some(2), Some(3)]);
    }

    #[test]
    fn what_happens_often_crowds_nothing_else_out() {
        let minor = Flag { is_minor: true, ..flag(102.0, "1 chat parked") };
        let flags = [flag(100.0, "a loaded"), flag(101.0, "context 2,048"), minor];
        assert_eq!(place(&flags, 2, 325.0), [Some(0), Some(1), None]);
    }

    #[test]
    fn no_words_lie_on_others_however_many_there_are() {
        let flags: Vec<Flag> =
            (0..300).map(|nth| flag(40.0 + f64::from(nth * 37 % 285), "grown to 4,096")).collect();
        let lanes = place(&flags, 4, 325.0);
        let placed: Vec<_> =
            flags.iter().zip(&lanes).filter_map(|(it, lane)| Some((it, (*lane)?))).collect();
        assert!((4..=12).contains(&placed.len()), "{}", placed.len());
        for (idx, (one, lane)) in placed.iter().enumerate() {
            let (from, to) = one.words(325.0);
            assert!(0.0 <= from && to <= 325.0);
            for (other, others) in &placed[idx + 1..] {
                let (begins, ends) = other.words(325.0);
                assert!(lane != others || to < begins || ends < from, "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn the_model_is_named_where_it_is_not_clear() {
        let mark = |what| Mark { at: Instant::now(), model: "long".repeat(9), what };
        let words = wick_words::picture("en");
        let says = |what, is_one| Flag::new(&mark(what), 0.0, is_one, words).says;
        assert_eq!(says(What::ContextFreed, true), "context freed");
        assert_eq!(says(What::ContextFreed, false), "longlonglonglonglongl… context freed");
        assert_eq!(says(What::Loaded, true), "longlonglonglonglongl… loaded");
    }
}
