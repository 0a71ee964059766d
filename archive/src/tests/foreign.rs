//! One sample of each program.

use super::{SAMPLES, lines, only, read};

#[test]
fn chatgpt_keeps_its_branches_and_what_was_thought() {
    let chat = only(SAMPLES[1]);
    assert_eq!(chat.title, "Tea and time");
    assert_eq!((chat.created, chat.changed), (1_760_000_000_500, 1_760_000_100_250));
    assert!(chat.is_archived && !chat.is_pinned);
    assert_eq!(
        lines(&chat),
        [
            "-*You: [attachment: tea.pdf]\n\n[image]\n\nHow long does this tea need?",
            "0 gpt-made-up-mini: Three minutes.",
            "0*gpt-made-up: <think>\nLooking at the box\n\nIt is green tea.\n</think>\n\nTwo minutes. ",
        ]
    );
    assert_eq!(chat.messages[1].sent, 1_760_000_002_000);
}

#[test]
fn open_webui_keeps_the_answers_of_several_models() {
    let chat = only(SAMPLES[2]);
    assert_eq!((&*chat.title, chat.is_pinned), ("Names for a cat", true));
    assert_eq!((chat.created, chat.changed), (1_760_000_000_000, 1_760_000_010_000));
    assert_eq!(
        lines(&chat),
        [
            "-*You: [image]\n\nName my cat",
            "0*qwen-made-up:8b: <think>\nA cat & a name.\nShort.\n</think>\n\nMika",
            "1*You: Thanks",
            "0 llama-made-up: Tom",
        ]
    );
}

#[test]
fn open_webui_is_read_without_a_history_too() {
    let chat = only(
        r#"{"chat": {"title": "Old", "models": ["tiny"], "messages": [
            {"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi"}]}}"#,
    );
    assert_eq!(lines(&chat), ["-*You: Hello", "0*tiny: Hi"]);
}

#[test]
fn lm_studio_versions_are_versions() {
    let chat = only(SAMPLES[3]);
    assert_eq!((chat.created, chat.changed), (1_760_000_000_000, 1_760_000_009_000));
    assert_eq!(
        lines(&chat),
        [
            "-*You: Write a haiku\n\n[image]",
            "0 qwen-made-up: No",
            "0*qwen-made-up: <think>\nFive, seven, five.\n</think>\n\nRain on the window",
            "2*You: More",
        ]
    );
    assert_eq!(chat.messages[2].sent, 1_760_000_002_000);
}

#[test]
fn llama_server_is_read_as_lines_and_as_one_array() {
    let chat = only(SAMPLES[4]);
    assert_eq!((&*chat.title, chat.is_pinned), ("Sum", true));
    assert_eq!((chat.created, chat.changed), (1_760_000_001_000, 1_760_000_100_000));
    assert_eq!(
        lines(&chat),
        [
            "-*You: [attachment: notes.txt]\n\n2 + 2?",
            "0 qwen-made-up: 5",
            "0*qwen-made-up: <think>\nCount them.\n</think>\n\n4",
        ]
    );
    assert_eq!(only(SAMPLES[5]), chat);
}

#[test]
fn llama_server_lines_can_be_of_several_chats() {
    let twice = [SAMPLES[5], SAMPLES[5]].concat();
    assert_eq!(read(twice).chats.len(), 2);
}

#[test]
fn plain_messages_follow_each_other() {
    let chat = only(
        r#"{"id": "c", "lastModified": 1760000000000, "messages": [
            {"id": 1, "role": "user", "content": "Hello\nthere"},
            {"id": 2, "role": "assistant", "content": null},
            {"id": 3, "role": "assistant", "content": "Hi"}]}"#,
    );
    assert_eq!(chat.title, "Hello");
    assert_eq!(lines(&chat), ["-*You: Hello\nthere", "0*llama-server: Hi"]);
}

#[test]
fn what_is_unknown_among_chats_is_passed_over() {
    let sample = String::from_utf8_lossy(SAMPLES[1]).into_owned();
    let mixed = sample.replacen('[', r#"[7, {"user": "made-up"}, null, "#, 1);
    assert_eq!(read(mixed), read(SAMPLES[1]));
}
