//! What is written and not sent, and instructions.

use super::*;

#[test]
fn each_chat_keeps_its_own_draft() {
    let (_owner, state) = reading();
    state.drafts.text.set("for seven".into());
    state.go(Some(ChatId(3)));
    assert_eq!(state.drafts.text.get_untracked(), "");
    state.say("k".into(), "to three".into());
    state.go(Some(CHAT));
    assert_eq!(state.drafts.text.get_untracked(), "for seven");
    state.apply(ServerMessage::Refused { key: Some("k".into()), reason: "Busy.".into() });
    assert_eq!(state.news.list().get_untracked()[0].1, Notice::Said("Busy.".into()));
    state.go(Some(ChatId(3)));
    assert_eq!(state.drafts.text.get_untracked(), "to three");
}

#[test]
fn what_is_attached_stays_with_what_is_written() {
    let (_owner, state) = reading();
    let drafts = state.drafts;
    let file = |name: &str| written(File { name, kind: Kind::Text, text: "x" });
    let attached = |names: &[&str]| {
        let names: Vec<_> = names.iter().map(|name| file(name)).collect();
        assert_eq!(drafts.attached.get_untracked(), names.join("\n\n"));
    };
    drafts.attach(&file("a"));
    drafts.attach(&file("b"));
    attached(&["a", "b"]);
    state.lose_link();
    state.apply(welcome());
    state.apply(thread(&[person(1, "hi"), answer("Hé")]));
    attached(&["a", "b"]);

    // It was being read when another chat was opened.
    state.go(Some(ChatId(3)));
    drafts.attach_to(Some(CHAT), &file("c"));
    attached(&[]);
    state.go(Some(CHAT));
    attached(&["a", "b", "c"]);

    drafts.text.set(" why? ".into());
    let message = drafts.take();
    assert!(message.starts_with("why?\n\nAttached: a"), "{message}");
    assert_eq!(drafts.whole(), "");
    state.say("k".into(), message);
    drafts.attach(&file("d"));
    state.apply(ServerMessage::Refused { key: Some("k".into()), reason: "Busy.".into() });
    assert_eq!(drafts.text.get_untracked(), "why?");
    attached(&["a", "b", "c", "d"]);

    state.apply(ServerMessage::ChatGone { chat: CHAT });
    assert_eq!(drafts.text.get_untracked(), "why?");
    attached(&["a", "b", "c", "d"]);
}

#[test]
fn what_was_written_for_a_chat_that_is_gone_stays_in_the_composer() {
    let (_owner, state) = page(Some(ChatId(99)));
    state.apply(welcome());
    state.drafts.text.set("half a".into());
    state.say("k".into(), "said".into());
    state.apply(of(None, &[]));
    assert_eq!(state.drafts.text.get_untracked(), "half a");
    state.apply(ServerMessage::Refused { key: Some("k".into()), reason: "It is gone.".into() });
    assert_eq!(state.drafts.text.get_untracked(), "said\n\nhalf a");

    let (_owner, state) = reading();
    state.drafts.text.set("more".into());
    state.apply(ServerMessage::ChatGone { chat: CHAT });
    assert_eq!(state.drafts.text.get_untracked(), "more");
}

#[test]
fn what_is_written_elsewhere_is_taken_over_unless_something_is_written_here() {
    let (_owner, state) = reading();
    let draft = |text: &str| ServerMessage::DraftChanged { chat: Some(CHAT), text: text.into() };
    state.apply(draft("from the phone"));
    assert_eq!(state.drafts.text.get_untracked(), "from the phone");
    assert_eq!(state.drafts.take_unkept(), None);
    state.drafts.text.set("from here".into());
    state.apply(draft("from the phone again"));
    assert_eq!(state.drafts.text.get_untracked(), "from here");
    assert_eq!(state.drafts.take_unkept(), Some("from here".into()));
    assert_eq!(state.drafts.take_unkept(), None);
}

#[test]
fn instructions_are_those_of_the_open_chat() {
    let (_owner, state) = reading();
    assert_eq!(state.instructions(), "Be brief.");
    let changed = |chat, text: &str| ServerMessage::InstructionsChanged { chat, text: text.into() };
    state.apply(changed(Some(ChatId(3)), "Elsewhere."));
    state.apply(changed(None, "New."));
    assert_eq!(state.instructions(), "Be brief.");
    state.apply(changed(Some(CHAT), "Rhyme."));
    assert_eq!(state.instructions(), "Rhyme.");
    state.go(Some(ChatId(3)));
    assert_eq!(state.instructions(), "", "they come with its thread");
}

#[test]
fn a_new_chat_begins_with_instructions_of_its_own_and_gives_them_back_when_it_is_refused() {
    let (_owner, state) = page(None);
    state.apply(welcome());
    state.apply(of(None, &[]));
    let instructions = |pending: crate::state::Pending| match pending.message() {
        ClientMessage::Say { instructions, .. } => instructions,
        other => panic!("{other:?}"),
    };
    assert_eq!(instructions(state.say("k".into(), "hi".into())), None);
    state.told.of_new.set(Some("Rhyme.".into()));
    assert_eq!(state.instructions(), "Rhyme.");
    assert_eq!(instructions(state.say("l".into(), "hi".into())), Some("Rhyme.".into()));
    assert_eq!(state.instructions(), "Be brief.", "the next one begins as all do");
    state.apply(ServerMessage::Refused { key: Some("l".into()), reason: "Busy.".into() });
    assert_eq!(state.instructions(), "Rhyme.");
    state.is_temporary.set(true);
    state.go(Some(CHAT));
    assert_eq!(state.told.of_new.get_untracked(), None, "nothing of a temporary chat stays");
}
