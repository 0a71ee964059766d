//! What the lines under an answer say.

use wick_protocol::{AnswerState, Finish, Kept, Stats, WhyRead};

use crate::numbers::{count, grouped, roughly, seconds, tenths};

/// What is being done before text arrives.
pub(crate) fn doing(state: &AnswerState) -> Option<String> {
    Some(match state {
        AnswerState::Waiting { ahead } => {
            format!("Waiting for {}", count(*ahead, "other answer", "other answers"))
        }
        AnswerState::Loading { percent } => format!("Loading the model: {percent} %"),
        AnswerState::Reading { done, total } => {
            format!("Reading: {} of {}", grouped(*done as u64), count(*total, "token", "tokens"))
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
        Finish::Edited => "Edited.".into(),
        Finish::Stopped => "Stopped.".into(),
        Finish::Length => "Ended at the longest answer that the settings allow.".into(),
        Finish::ContextFull => {
            // The last token is written, and no room was left to read it.
            let n_tokens = (stats.kept.all() + stats.n_read + stats.n_tokens).saturating_sub(1);
            let all = count(n_tokens, "token", "tokens");
            format!("Ended because the context is full: the chat takes all {all}.")
        }
    }
}

/// The line in which a thought is folded.
pub(crate) fn thought_for(is_open: bool, is_live: bool, ms: u32) -> String {
    match (is_open, is_live, ms) {
        (true, true, _) => "Thinking…".into(),
        (true, false, _) => "Was cut off while it thought".into(),
        (false, _, 0) => "Thought".into(),
        (false, _, ms) => format!("Thought for {}", roughly(ms)),
    }
}

/// What the server says, with the full stop that it leaves out.
pub(crate) fn sentence(text: &str) -> String {
    let stop = if text.is_empty() || text.ends_with('.') { "" } else { "." };
    format!("{text}{stop}")
}

/// What an answer took.
pub(crate) fn took(stats: &Stats) -> String {
    let mut parts = vec![count(stats.n_tokens, "token", "tokens")];
    if 0.0 < stats.tokens_per_second {
        parts.push(format!("{} a second", tenths(stats.tokens_per_second.into())));
    }
    if 0 < stats.n_tokens {
        parts.push(format!("first after {}", seconds(stats.first_token_ms)));
    }
    format!("{} · {}, {}", parts.join(", "), kept(stats.kept), read(stats))
}

/// What was not read, and where it came from unless it was simply there.
pub(super) fn kept(kept: Kept) -> String {
    let mut elsewhere = Vec::new();
    for (n_tokens, place) in [(kept.parked, "parked on disk"), (kept.shared, "shared")] {
        if n_tokens == 0 {
            continue;
        }
        let many = match n_tokens {
            1 => "1".to_owned(),
            all if all == kept.all() => "all".to_owned(),
            some => grouped(some as u64),
        };
        elsewhere.push(format!("{many} {place}"));
    }
    let all = count(kept.all(), "token", "tokens");
    if elsewhere.is_empty() {
        format!("{all} kept")
    } else {
        format!("{all} kept ({})", elsewhere.join(", "))
    }
}

/// What was read, how long that took, and why it was not kept.
pub(super) fn read(stats: &Stats) -> String {
    let mut text = format!("{} read", grouped(stats.n_read as u64));
    // Answers of older versions have no time.
    if 0 < stats.read_ms {
        text += " in ";
        text += &roughly(stats.read_ms);
    }
    if let Some(why) = stats.why_read {
        text += ": ";
        text += why_read(why);
    }
    text
}

fn why_read(why: WhyRead) -> &'static str {
    match why {
        WhyRead::NotSeen => "this model had not read this chat",
        WhyRead::Damaged => "what was parked was damaged",
        WhyRead::GaveWay => "what was parked had to make room",
        WhyRead::Lost => "the engine had ended before it was parked",
        WhyRead::CannotGoBack => "this kind of model can't go back",
        WhyRead::LeftOut => "the oldest messages left the prompt",
        WhyRead::OtherKind => "the context changed between 16 and 8 bits",
        WhyRead::Temporary => "nothing of a temporary chat is put on the disk",
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
