//! Files that are broken, or made to break something.

use proptest::prelude::*;

use super::{SAMPLES, zips::zip};
use crate::{Archive, Format, ReadError};

#[track_caller]
fn refused(bytes: impl AsRef<[u8]>) -> ReadError {
    Archive::read(bytes.as_ref()).expect_err("it is refused")
}

#[test]
fn what_is_something_else_says_what_can_be_read() {
    let others: [&[u8]; 6] = [b"", b"# Hello", b"\xff\xd8\xff", b"7", br#"{"a": 1}"#, b"[[], {}]"];
    for other in others {
        let err = refused(other);
        assert_eq!(err, ReadError::Unknown);
        assert!(err.to_string().contains("Open WebUI"));
    }
}

#[test]
fn half_a_file_is_damaged() {
    let half = &SAMPLES[2][..SAMPLES[2].len() / 2];
    assert!(matches!(refused(half), ReadError::Damaged(_)));
    assert!(matches!(refused("{"), ReadError::Damaged(_)));
}

#[test]
fn a_file_of_nothing_but_empty_chats_is_empty() {
    assert_eq!(refused(r#"[{"title": "Nothing", "mapping": {}}]"#), ReadError::Empty);
    assert_eq!(refused(r#"{"wick_archive": 1, "chats": []}"#), ReadError::Empty);
}

#[test]
fn fields_of_another_kind_are_as_if_they_were_missing() {
    let chat = r#"{"title": 7, "create_time": "now", "mapping": {"a": 1, "b": {"children": 3,
        "parent": [], "message": {"author": {"role": "user"}, "create_time": -1e300,
        "content": {"content_type": [], "parts": ["Hello", null, {"text": 8}, 9]}}}}}"#;
    let archive = Archive::read(chat.as_bytes()).unwrap();
    let message = &archive.chats[0].messages[0];
    assert_eq!(
        (&*message.text, message.sent),
        ("Hello\n\n[attachment]\n\n[attachment]\n\n[attachment]", 0)
    );
}

#[test]
fn what_is_nested_too_deeply_is_refused() {
    assert!(matches!(refused("[".repeat(1 << 20)), ReadError::Damaged(_)));
    assert!(matches!(refused(r#"{"a":"#.repeat(1 << 20)), ReadError::Damaged(_)));
}

#[test]
fn more_chats_than_anybody_has_are_refused() {
    let chat = r#"{"messages":[{"role":"user","content":"a"}]}"#;
    let many = format!("[{}]", vec![chat; 100_002].join(","));
    let err = refused(many);
    assert!(matches!(err, ReadError::TooLarge(_)));
    assert!(err.to_string().contains("100000 can be read"));
}

proptest! {
    #[test]
    fn any_part_of_a_file_is_read_or_refused(which in 0..SAMPLES.len(), at: prop::sample::Index) {
        let sample = SAMPLES[which];
        let _ = Archive::read(&sample[..at.index(sample.len())]);
    }

    #[test]
    fn any_change_of_a_file_is_read_or_refused(
        which in 0..SAMPLES.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut sample = SAMPLES[which].to_vec();
        change(&mut sample, changes);
        if let Ok(archive) = Archive::read(&sample) {
            let _ = Format::ALL.map(|format| archive.write(format));
        }
    }

    #[test]
    fn any_change_of_a_zip_is_read_or_refused(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut sample = zip(&[("conversations.json", SAMPLES[1])]);
        change(&mut sample, changes);
        let _ = Archive::read(&sample);
    }
}

fn change(bytes: &mut [u8], changes: Vec<(prop::sample::Index, u8)>) {
    for (at, byte) in changes {
        let at = at.index(bytes.len());
        bytes[at] = byte;
    }
}
