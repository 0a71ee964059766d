//! Our own JSON: what is written is what is read.

use proptest::prelude::*;
use wick_protocol::{AnswerState, Finish, How, Kept, Offer, Sampling, Stats, WhyRead};

use super::{SAMPLES, chat, lines, model, only, person, read};
use crate::{Archive, Author, Chat, Format, Message, ReadError};

#[test]
fn everything_is_in_it() {
    let chat = only(SAMPLES[0]);
    assert_eq!(chat.folder.as_deref(), Some("Kitchen"));
    assert!(chat.is_pinned && !chat.is_archived);
    assert_eq!(
        lines(&chat),
        [
            "-*You: How long does an egg take?",
            "0 SmolLM2 360M: About",
            "0*SmolLM2 360M: About **eight** minutes."
        ]
    );
    let Author::Model { stats: Some(stats), .. } = &chat.messages[2].author else {
        panic!("a model wrote it, and it is known what that took");
    };
    assert_eq!((stats.n_tokens, stats.n_left_out), (9, 0));
}

#[test]
fn the_example_of_the_documentation_can_be_read() {
    let (_, example) = include_str!("../../FORMAT.md").split_once("```json\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    assert_eq!(lines(&only(example)), ["-*You: Hello", "0*SmolLM2 360M: Hi there!"]);
}

#[test]
fn a_newer_version_is_refused() {
    let newer = br#"{"wick_archive": 2, "chats": "something else"}"#;
    let err = Archive::read(newer).unwrap_err();
    assert_eq!(err, ReadError::TooNew { version: 2, known: 1 });
    assert!(err.to_string().contains("newer version of Wick"));
}

#[test]
fn a_message_before_its_parent_is_refused() {
    let chats = vec![chat("Loop", vec![person(Some(1), "a"), person(Some(0), "b")])];
    let written = Archive { chats }.write(Format::Json);
    assert!(matches!(Archive::read(written.as_bytes()), Err(ReadError::Damaged(_))));
}

#[test]
fn numbers_that_are_none_do_not_lose_an_answer() {
    let mut answer = model(None, "Yes");
    if let Author::Model { stats, .. } = &mut answer.author {
        *stats = Some(Stats { tokens_per_second: f32::INFINITY, ..Stats::default() });
    }
    let written = Archive { chats: vec![chat("Fast", vec![answer])] }.write(Format::Json);
    assert_eq!(only(written).messages, [model(None, "Yes")]);
}

#[test]
fn what_is_too_long_is_cut_once_and_says_so() {
    let long = Archive { chats: vec![chat("Long", vec![person(None, &"ö".repeat(3 << 20))])] };
    let short = read(long.write(Format::Json));
    assert!(short.chats[0].messages[0].text.ends_with("more bytes were left out]"));
    assert_eq!(read(short.write(Format::Json)), short);
}

#[test]
fn instructions_are_in_it_and_were_not_always() {
    assert_eq!(only(SAMPLES[0]).instructions, "", "the sample is of a Wick that had none");
    let told = |instructions: &str| Archive {
        chats: vec![Chat { instructions: instructions.into(), ..chat("Told", Vec::new()) }],
    };
    let brief = told("Be brief.\n\n<b>");
    assert_eq!(read(brief.write(Format::Json)), brief);
    let long = read(told(&"ö".repeat(32 << 10)).write(Format::Json));
    assert_eq!(long.chats[0].instructions.len(), 32 << 10);
}

#[test]
fn fields_that_are_not_known_are_passed_over() {
    let with_more = String::from_utf8_lossy(SAMPLES[0])
        .replace(r#""wick_archive""#, r#""mood": "good", "wick_archive""#)
        .replace(r#""is_shown""#, r#""colour": [1], "is_shown""#);
    assert_eq!(read(with_more), read(SAMPLES[0]));
}

proptest! {
    #[test]
    fn what_is_written_is_what_is_read(chats in prop::collection::vec(a_chat(), 1..4)) {
        let archive = Archive { chats };
        prop_assert_eq!(Archive::read(archive.write(Format::Json).as_bytes()), Ok(archive));
    }
}

prop_compose! {
    fn a_chat()(
        title in any::<String>(),
        (created, changed) in any::<(i64, i64)>(),
        (is_pinned, is_archived) in any::<(bool, bool)>(),
        folder in any::<Option<String>>(),
        instructions in any::<String>(),
        messages in prop::collection::vec((any::<prop::sample::Index>(), a_message()), 0..12),
    ) -> Chat {
        let place = |(at, (parent, mut message)): (usize, (prop::sample::Index, Message))| {
            // One in so many is a root.
            message.parent = parent.index(at + 1).checked_sub(1);
            message
        };
        let messages = messages.into_iter().enumerate().map(place).collect();
        Chat { title, created, changed, is_pinned, is_archived, folder, instructions, messages }
    }
}

prop_compose! {
    fn a_message()(
        author in prop_oneof![Just(Author::Person), a_model()],
        text in any::<String>(),
        sent in any::<i64>(),
        is_shown in any::<bool>(),
    ) -> Message {
        Message { parent: None, author, text, sent, is_shown }
    }
}

prop_compose! {
    fn a_model()(
        name in any::<String>(),
        state in prop_oneof![
            Just(AnswerState::Finished { why: Finish::Edited }),
            Just(AnswerState::Writing),
            any::<String>().prop_map(|reason| {
                AnswerState::Interrupted { reason, offer: Some(Offer::LoadAnyway) }
            }),
        ],
        stats in prop::option::of(some_stats()),
    ) -> Author {
        Author::Model { name, state, stats }
    }
}

prop_compose! {
    fn some_stats()(
        (n_tokens, n_read, n_left_out, live) in any::<(u32, u32, u32, u32)>(),
        tokens_per_second in prop::num::f32::NORMAL,
        (first_token_ms, read_ms) in any::<(u32, u32)>(),
    ) -> Stats {
        Stats {
            n_tokens: n_tokens as usize,
            tokens_per_second,
            first_token_ms,
            n_read: n_read as usize,
            read_ms,
            kept: Kept { live: live as usize, shared: 0, parked: 1 },
            why_read: Some(WhyRead::GaveWay),
            n_left_out: n_left_out as usize,
            thought_ms: read_ms / 2,
            memory: u64::from(read_ms) << 8,
            how: Some(How { seed: Some(first_token_ms), ..How::from(&Sampling::default()) }),
        }
    }
}
