//! Messages on their way.

use super::*;

#[test]
fn the_first_message_begins_a_chat_and_stays_on_the_screen() {
    let (_owner, state) = page(None);
    assert_eq!(state.apply(welcome()), []);
    state.apply(of(None, &[]));
    state.say("k".into(), "hi".into());
    let accepted = ServerMessage::Accepted { key: "k".into(), chat: CHAT };
    assert_eq!(state.apply(accepted), [Next::Show(Some(CHAT)), open(Some(CHAT))]);
    assert_eq!(state.pending().get_untracked()[0].chat, Some(CHAT));
    state.apply(thread(&[person(1, "hi")]));
    assert_eq!(state.pending().get_untracked(), []);
    assert_eq!(texts(&state), ["hi"]);
}

#[test]
fn a_message_is_never_there_twice_whichever_news_comes_first() {
    let said = || behind(2, &[person(3, "more")]);
    let accepted = || ServerMessage::Accepted { key: "k".into(), chat: CHAT };
    for news in [[said(), accepted()], [accepted(), said()]] {
        let (_owner, state) = reading();
        state.say("k".into(), "more".into());
        for message in news {
            state.apply(message);
            let is_in_thread = texts(&state).contains(&"more".to_owned());
            let is_shown = state.pending().with_untracked(|list| list.iter().any(|it| !it.is_seen));
            assert!(is_in_thread != is_shown, "it is shown exactly once");
        }
        assert_eq!(state.pending().get_untracked(), []);
    }
}

#[test]
fn what_was_not_confirmed_is_sent_again_with_the_same_key() {
    let (_owner, state) = reading();
    let pending = state.say("k".into(), "more".into());
    state.lose_link();
    assert_eq!(state.link().get_untracked(), Link::Lost);
    assert_eq!(state.apply(welcome()), [Next::Send(pending.message())]);
    // The server had it all along; only its confirmation was lost.
    state.apply(thread(&[person(1, "hi"), answer("Hé"), person(3, "more")]));
    state.apply(ServerMessage::Accepted { key: "k".into(), chat: CHAT });
    assert_eq!(state.pending().get_untracked(), []);
}

#[test]
fn a_refused_message_goes_back_in_front_of_what_was_written_since() {
    let (_owner, state) = reading();
    state.say("k".into(), "more".into());
    state.drafts.text.set("and".into());
    state.apply(ServerMessage::Refused { key: Some("k".into()), reason: "Busy.".into() });
    assert_eq!(state.drafts.text.get_untracked(), "more\n\nand");
    assert_eq!(state.refusal.get_untracked(), Some("Busy.".into()));
    assert_eq!(state.pending().get_untracked(), []);
}

#[test]
fn a_message_that_waits_is_shown_once() {
    let (_owner, state) = reading();
    let queued = Queued { key: "k".into(), text: "more".into() };
    let waits = || ServerMessage::QueueChanged { chat: CHAT, queue: vec![queued.clone()] };
    let accepted = || ServerMessage::Accepted { key: "k".into(), chat: CHAT };
    for news in [[waits(), accepted()], [accepted(), waits()]] {
        state.apply(ServerMessage::QueueChanged { chat: CHAT, queue: Vec::new() });
        state.say("k".into(), "more".into());
        for message in news {
            state.apply(message);
        }
        assert_eq!(state.pending().get_untracked(), []);
        assert_eq!(state.queue().get_untracked(), std::slice::from_ref(&queued));
    }
}
