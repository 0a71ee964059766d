//! Chats as Markdown.

use super::{chat, model, person};
use crate::{Archive, Chat, Format, Message};

#[test]
fn only_what_is_shown_is_written() {
    let hidden = Message { is_shown: false, ..model(Some(0), "No") };
    let messages = vec![person(None, "Is it?"), model(Some(0), "# Yes\n\nIt is.\n"), hidden];
    let archive = Archive { chats: vec![chat("A\nquestion", messages), chat("Empty", vec![])] };
    assert_eq!(
        archive.write(Format::Markdown),
        "# A question\n\n4 October 2026, 09:05 UTC\n\n## You\n\nIs it?\n\n## Tiny\n\n# Yes\n\nIt is.\n\n\
         # Empty\n\n4 October 2026, 09:05 UTC\n"
    );
}

#[test]
fn instructions_stand_above_what_was_said() {
    let told = Chat { instructions: "Be brief.\n".into(), ..chat("Told", vec![person(None, "?")]) };
    let written = Archive { chats: vec![told] }.write(Format::Markdown);
    assert!(written.ends_with("\n\n## Instructions\n\nBe brief.\n\n## You\n\n?\n"), "{written}");
}

#[test]
fn the_newest_version_is_written_where_none_is_marked() {
    let messages = vec![person(None, "1"), person(None, "2"), person(Some(1), "3")];
    let unmarked = messages.into_iter().map(|message| Message { is_shown: false, ..message });
    let chat = chat("Tree", unmarked.collect());
    assert_eq!(chat.shown().map(|message| &*message.text).collect::<Vec<_>>(), ["2", "3"]);
}

#[test]
fn a_parent_that_is_not_before_its_child_leads_nowhere() {
    let chat = chat("Loop", vec![person(None, "1"), person(Some(1), "2"), person(Some(9), "3")]);
    assert_eq!(chat.shown().count(), 1);
    let _ = Format::ALL.map(|format| Archive { chats: vec![chat.clone()] }.write(format));
}

#[test]
fn formats_are_known_by_their_ending() {
    for format in Format::ALL {
        assert_eq!(format.ending().parse(), Ok(format));
    }
    assert!("exe".parse::<Format>().is_err());
}
