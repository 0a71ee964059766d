//! What the lines under an answer say.

use wick_protocol::{AnswerState, Finish, Kept, Stats, WhyRead};

use crate::numbers::{grouped, roughly, seconds, tenths};
use crate::words;

/// What is being done before text arrives.
pub(crate) fn doing(state: &AnswerState) -> Option<String> {
    Some(match state {
        AnswerState::Waiting { ahead } => words::thread::waiting_for(*ahead),
        AnswerState::Loading { percent } => words::thread::loading(&percent.to_string()),
        AnswerState::Reading { done, total } => {
            words::thread::reading(&grouped(*done as u64), &words::common::tokens(*total))
        }
        AnswerState::Looking { picture, of } => {
            words::thread::looking(&picture.to_string(), &of.to_string())
        }
        AnswerState::Writing | AnswerState::Finished { .. } | AnswerState::Interrupted { .. } => {
            return None;
        }
    })
}

/// How far that is, of a hundred, where it is known.
pub(crate) fn percent_done(state: &AnswerState) -> Option<u64> {
    match state {
        AnswerState::Loading { percent } => Some((*percent).into()),
        AnswerState::Reading { done, total } => {
            (done * 100).checked_div(*total).map(|it| it as u64)
        }
        _ => None,
    }
}

/// Why an answer ended before the model would have ended it; empty when it did not. What it took
/// is known by then.
pub(crate) fn ended_early(why: Finish, stats: &Stats) -> String {
    match why {
        Finish::EndOfTurn | Finish::StopString => String::new(),
        Finish::Edited => words::thread::edited().into(),
        Finish::Stopped => words::thread::stopped().into(),
        Finish::Length => words::thread::longest().into(),
        Finish::ContextFull => {
            // The last token is written, and no room was left to read it.
            let n_tokens = (stats.kept.all() + stats.n_read + stats.n_tokens).saturating_sub(1);
            words::thread::context_full(n_tokens)
        }
    }
}

/// The line in which a thought is folded.
pub(crate) fn thought_for(is_open: bool, is_live: bool, ms: u32) -> String {
    match (is_open, is_live, ms) {
        (true, true, _) => words::thread::thinking().into(),
        (true, false, _) => words::thread::cut_off().into(),
        (false, _, 0) => words::thread::thought().into(),
        (false, _, ms) => words::thread::thought_for(&roughly(ms)),
    }
}

/// What an answer took.
pub(crate) fn took(stats: &Stats) -> String {
    let mut parts = vec![words::common::tokens(stats.n_tokens)];
    if 0.0 < stats.tokens_per_second {
        parts.push(words::thread::a_second(&tenths(stats.tokens_per_second.into())));
    }
    if 0 < stats.n_tokens {
        parts.push(words::thread::first_after(&seconds(stats.first_token_ms)));
    }
    format!("{} · {}, {}", parts.join(", "), kept(stats.kept), read(stats))
}

/// What was not read, and where it came from unless it was simply there.
pub(super) fn kept(kept: Kept) -> String {
    let is_all = |n_tokens: usize| 1 < n_tokens && n_tokens == kept.all();
    let parked = match kept.parked {
        0 => None,
        all if is_all(all) => Some(words::thread::all_parked().to_owned()),
        some => Some(words::thread::parked(&grouped(some as u64))),
    };
    let shared = match kept.shared {
        0 => None,
        all if is_all(all) => Some(words::thread::all_shared().to_owned()),
        some => Some(words::thread::shared(&grouped(some as u64))),
    };
    let elsewhere: Vec<_> = [parked, shared].into_iter().flatten().collect();
    if elsewhere.is_empty() {
        words::thread::kept(kept.all())
    } else {
        words::thread::kept_elsewhere(kept.all(), &elsewhere.join(", "))
    }
}

/// What was read, how long that took, and why it was not kept.
pub(super) fn read(stats: &Stats) -> String {
    let n_read = grouped(stats.n_read as u64);
    let mut text = match stats.read_ms {
        // Answers of older versions have no time.
        0 => words::thread::read(&n_read),
        ms => words::thread::read_in(&n_read, &roughly(ms)),
    };
    if let Some(why) = stats.why_read {
        text += ": ";
        text += why_read(why);
    }
    text
}

fn why_read(why: WhyRead) -> &'static str {
    match why {
        WhyRead::NotSeen => words::thread::not_read_before(),
        WhyRead::Damaged => words::thread::damaged(),
        WhyRead::GaveWay => words::thread::gave_way(),
        WhyRead::Lost => words::thread::lost(),
        WhyRead::CannotGoBack => words::thread::cannot_go_back(),
        WhyRead::LeftOut => words::thread::oldest_left(),
        WhyRead::OtherKind => words::thread::other_kind(),
        WhyRead::Temporary => words::thread::temporary(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thought_says_how_long_it_took_once_it_is_over() {
        assert_eq!(thought_for(true, true, 900), "Thinking…");
        assert_eq!(thought_for(true, false, 900), "Was cut off while it thought");
        assert_eq!(thought_for(false, true, 0), "Thought");
        assert_eq!(thought_for(false, false, 12_300), "Thought for 12.3 s");
    }

    #[test]
    fn what_is_done_is_said_in_numbers() {
        let texts = [
            AnswerState::Waiting { ahead: 1 },
            AnswerState::Waiting { ahead: 2 },
            AnswerState::Loading { percent: 43 },
            AnswerState::Reading { done: 310, total: 1_204 },
            AnswerState::Reading { done: 0, total: 1 },
            AnswerState::Looking { picture: 1, of: 2 },
        ]
        .map(|state| doing(&state).expect("something is done"));
        assert_eq!(
            texts,
            [
                "Waiting for 1 other answer",
                "Waiting for 2 other answers",
                "Loading the model: 43 %",
                "Reading: 310 of 1,204 tokens",
                "Reading: 0 of 1 token",
                "Looking at picture 1 of 2",
            ]
        );
        assert_eq!(doing(&AnswerState::Writing), None);
    }

    #[test]
    fn what_it_took_is_one_line() {
        let stats = Stats {
            n_tokens: 128,
            tokens_per_second: 41.23,
            first_token_ms: 300,
            n_read: 31,
            read_ms: 200,
            kept: Kept { live: 1_204, ..Kept::default() },
            ..Stats::default()
        };
        assert_eq!(
            took(&stats),
            "128 tokens, 41.2 a second, first after 0.30 s · 1,204 tokens kept, 31 read in 0.2 s"
        );
        let one = Stats { n_tokens: 1, tokens_per_second: 0.0, kept: Kept::default(), ..stats };
        assert_eq!(took(&one), "1 token, first after 0.30 s · 0 tokens kept, 31 read in 0.2 s");
        let none = Stats { n_tokens: 0, read_ms: 0, ..one };
        assert_eq!(took(&none), "0 tokens · 0 tokens kept, 31 read");
    }

    #[test]
    fn what_was_kept_elsewhere_says_where() {
        let says = |live, shared, parked| kept(Kept { live, shared, parked });
        assert_eq!(says(1_204, 0, 0), "1,204 tokens kept");
        assert_eq!(says(0, 204, 1_000), "1,204 tokens kept (1,000 parked on disk, 204 shared)");
        assert_eq!(says(1_000, 204, 0), "1,204 tokens kept (204 shared)");
        assert_eq!(says(0, 0, 1_204), "1,204 tokens kept (all parked on disk)");
        assert_eq!(says(0, 1, 0), "1 token kept (1 shared)");
    }

    #[test]
    fn what_is_read_again_says_why() {
        let says = |why| read(&Stats { n_read: 1_204, why_read: Some(why), ..Stats::default() });
        assert_eq!(says(WhyRead::NotSeen), "1,204 read: this model had not read this chat");
        assert_eq!(says(WhyRead::Damaged), "1,204 read: what was parked was damaged");
        assert_eq!(says(WhyRead::GaveWay), "1,204 read: what was parked had to make room");
        assert_eq!(says(WhyRead::CannotGoBack), "1,204 read: this kind of model can't go back");
        assert_eq!(says(WhyRead::LeftOut), "1,204 read: the oldest messages left the prompt");
        let other = "1,204 read: the context changed between 16 and 8 bits";
        assert_eq!(says(WhyRead::OtherKind), other);
    }

    #[test]
    fn only_an_early_end_is_explained() {
        for why in [
            Finish::EndOfTurn,
            Finish::StopString,
            Finish::Stopped,
            Finish::Length,
            Finish::ContextFull,
        ] {
            assert_eq!(!ended_early(why, &Stats::default()).is_empty(), why.is_early());
        }
        let kept = Kept { parked: 1_000, ..Kept::default() };
        let stats = Stats { n_read: 40, n_tokens: 9, kept, ..Stats::default() };
        assert_eq!(
            ended_early(Finish::ContextFull, &stats),
            "Ended because the context is full: the chat takes all 1,048 tokens."
        );
    }
}
