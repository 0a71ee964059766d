//! Which chats there are, and which one is open.

use super::*;

#[test]
fn only_the_last_thread_that_was_asked_for_counts() {
    let (_owner, state) = reading();
    state.go(None);
    state.go(Some(CHAT));
    assert_eq!(state.apply(of(None, &[])), []);
    assert_eq!(state.open().get_untracked(), Some(CHAT));
    state.apply(thread(&[person(1, "hi")]));
    assert_eq!(texts(&state), ["hi"]);
}

#[test]
fn a_chat_that_does_not_exist_makes_way_for_a_new_one() {
    let (_owner, state) = page(Some(ChatId(99)));
    state.apply(welcome());
    let next = state.apply(of(None, &[]));
    assert_eq!(next, [open(None), Next::Show(None)]);
    assert_eq!(state.open().get_untracked(), None);
}

#[test]
fn chats_are_newest_first_and_keep_their_lines() {
    let (_owner, state) = reading();
    assert_eq!(titles(&state), ["third", "seventh"]);
    let line = state.chats().get_untracked()[1].clone();
    state.apply(ServerMessage::ChatChanged { chat: chat(7, "renamed", 40) });
    assert_eq!(titles(&state), ["renamed", "third"]);
    assert_eq!(line.title.get_untracked(), "renamed");
    assert_eq!(state.title(), "renamed");
    state.apply(ServerMessage::ChatChanged { chat: chat(9, "ninth", 50) });
    assert_eq!(titles(&state), ["ninth", "renamed", "third"]);
}

#[test]
fn only_who_deleted_a_chat_is_offered_to_undo_it() {
    let (_owner, state) = reading();
    state.apply(ServerMessage::ChatGone { chat: ChatId(3) });
    assert_eq!(state.news.list().get_untracked(), []);
    assert_eq!(state.delete(CHAT), ClientMessage::Delete { chat: CHAT });
    let next = state.apply(ServerMessage::ChatGone { chat: CHAT });
    assert_eq!(next, [Next::Show(None), open(None)]);
    let deleted = Notice::Deleted { chat: CHAT, title: "seventh".into(), was_open: true };
    assert_eq!(state.news.list().get_untracked()[0].1, deleted);
    assert_eq!(titles(&state), Vec::<String>::new());
}
