//! What the server says, in the orders in which it may arrive.

mod drafts;
mod lists;
mod sending;

use leptos::prelude::*;
use wick_protocol::attached::{File, Kind, written};
use wick_protocol::{AnswerState, Author, Chat, Finish, Message, MessageId, ServerMessage, Stats};
use wick_protocol::{ChatId, ClientMessage, Engine, Fork, Models, Place, Queued, Reached};
use wick_protocol::{Sampling, Seen, Starter};

use super::{Link, Next, Notice, State};

const CHAT: ChatId = ChatId(7);
const ANSWER: MessageId = MessageId(2);

/// A page that shows a chat in which an answer stands at "Hé".
fn reading() -> (Owner, State) {
    let (owner, state) = page(Some(CHAT));
    assert_eq!(state.apply(welcome()), []);
    assert_eq!(state.apply(thread(&[person(1, "hi"), answer("Hé")])), []);
    (owner, state)
}

fn page(open: Option<ChatId>) -> (Owner, State) {
    let owner = Owner::new();
    owner.set();
    (owner, State::new(open))
}

fn welcome() -> ServerMessage {
    ServerMessage::Welcome {
        version: env!("CARGO_PKG_VERSION").into(),
        seen: Seen { generation: 9, number: 4 },
        chats: vec![chat(3, "third", 30), chat(7, "seventh", 20)],
        folders: Vec::new(),
        models: Models::default(),
        sampling: Sampling::default(),
        engine: Engine::default(),
        starter: Starter::Idle,
        storage: None,
        presets: Vec::new(),
    }
}

fn chat(id: i64, title: &str, changed: i64) -> Chat {
    Chat { id: ChatId(id), title: title.into(), changed, place: Place::default() }
}

fn thread(messages: &[Message]) -> ServerMessage {
    of(Some(CHAT), messages)
}

fn of(chat: Option<ChatId>, messages: &[Message]) -> ServerMessage {
    ServerMessage::Thread {
        chat,
        messages: messages.to_vec(),
        forks: Vec::new(),
        queue: Vec::new(),
        draft: String::new(),
        instructions: "Be brief.".into(),
    }
}

/// What follows the messages up to this one is another now.
fn behind(after: i64, messages: &[Message]) -> ServerMessage {
    let (after, messages) = (Some(MessageId(after)), messages.to_vec());
    ServerMessage::ThreadChanged { chat: CHAT, after, messages, forks: Vec::new() }
}

fn person(id: i64, text: &str) -> Message {
    Message { id: MessageId(id), chat: CHAT, author: Author::Person, text: text.into() }
}

fn answer(text: &str) -> Message {
    let author = Author::Model { name: "m".into(), state: AnswerState::Writing, stats: None };
    Message { id: ANSWER, chat: CHAT, author, text: text.into() }
}

fn delta(at: usize, text: &str) -> ServerMessage {
    ServerMessage::Delta { message: ANSWER, at, text: text.into() }
}

fn open(chat: Option<ChatId>) -> Next {
    Next::Send(ClientMessage::Open { chat, message: None })
}

fn texts(state: &State) -> Vec<String> {
    state.thread().with_untracked(|thread| {
        thread.iter().map(|line| line.text.get_untracked().to_string()).collect()
    })
}

fn titles(state: &State) -> Vec<String> {
    state.chats().with_untracked(|chats| chats.iter().map(|it| it.title.get_untracked()).collect())
}

#[test]
fn a_delta_continues_the_text_by_bytes() {
    let (_owner, state) = reading();
    assert_eq!(state.apply(delta(3, "llo")), []);
    assert_eq!(texts(&state), ["hi", "Héllo"]);
}

#[test]
fn of_an_overlap_only_what_is_new_is_taken() {
    let (_owner, state) = reading();
    assert_eq!(state.apply(delta(0, "Héllo")), []);
    assert_eq!(texts(&state)[1], "Héllo");
    assert_eq!(state.apply(delta(1, "él")), []);
    assert_eq!(texts(&state)[1], "Héllo");
}

#[test]
fn a_gap_asks_for_the_thread_once_and_the_thread_closes_it() {
    let (_owner, state) = reading();
    assert_eq!(state.apply(delta(9, "!")), [open(Some(CHAT))]);
    assert_eq!(state.apply(delta(10, "?")), []);
    assert_eq!(texts(&state)[1], "Hé");
    assert_eq!(state.apply(thread(&[person(1, "hi"), answer("Hé there!?")])), []);
    assert_eq!(texts(&state)[1], "Hé there!?");
    assert_eq!(state.apply(delta(11, " Yes")), []);
    assert_eq!(texts(&state)[1], "Hé there!? Yes");
}

#[test]
fn an_overlap_in_the_middle_of_a_character_is_a_gap() {
    let (_owner, state) = reading();
    // The text has 3 bytes; the third byte of what comes lies inside the euro sign.
    assert_eq!(state.apply(delta(1, "a€")), [open(Some(CHAT))]);
}

#[test]
fn what_the_last_answer_left_out_ends_at_a_message() {
    let (_owner, state) = page(Some(CHAT));
    state.apply(welcome());
    let answer = |id, text: &str, stats| {
        let (name, state) = ("m".into(), AnswerState::Finished { why: Finish::EndOfTurn });
        Message { id: MessageId(id), author: Author::Model { name, state, stats }, ..answer(text) }
    };
    let left_out = |n_left_out| Some(Stats { n_left_out, ..Stats::default() });
    let mut messages = vec![
        person(1, "one"),
        answer(2, "", left_out(9)),
        person(3, "two"),
        answer(4, "two", left_out(0)),
    ];
    state.apply(thread(&messages));
    assert_eq!(state.left_out(), None);
    // The empty answer does not count.
    messages.extend([person(5, "three"), answer(6, "three", left_out(2))]);
    state.apply(thread(&messages));
    assert_eq!(state.left_out(), Some(MessageId(3)));
    // An answer that is being written does not know yet.
    messages.extend([person(7, "four"), answer(8, "fo", None)]);
    state.apply(thread(&messages));
    assert_eq!(state.left_out(), Some(MessageId(3)));
}

#[test]
fn a_token_wakes_its_own_text_and_nothing_else() {
    let (_owner, state) = reading();
    let before = state.thread().get_untracked();
    let (spoken, live) = (before[0].text.clone(), Memo::new(move |_| state.live()));
    assert_eq!(live.get_untracked(), Some(ANSWER));
    state.apply(delta(3, "y"));
    let after = state.thread().get_untracked();
    assert_eq!(&*spoken.get_untracked(), "hi");
    assert_eq!(&*after[1].text.get_untracked(), "Héy");
    // It is the same signal that grew: what shows the line need not be made anew.
    assert_eq!(&*before[1].text.get_untracked(), "Héy");
}

#[test]
fn a_message_that_is_there_is_replaced_and_a_new_one_added() {
    let (_owner, state) = reading();
    let stats = Stats { n_tokens: 2, tokens_per_second: 40.0, n_read: 5, ..Stats::default() };
    let over = AnswerState::Finished { why: Finish::EndOfTurn };
    let author = Author::Model { name: "m".into(), state: over, stats: Some(stats) };
    let whole = Message { author, ..answer("Hello") };
    state.apply(ServerMessage::MessageChanged { message: whole });
    state.apply(behind(2, &[person(3, "more")]));
    let elsewhere = Message { chat: ChatId(3), ..person(4, "elsewhere") };
    state.apply(ServerMessage::MessageChanged { message: elsewhere });
    assert_eq!(texts(&state), ["hi", "Hello", "more"]);
    assert_eq!(state.live(), None);
}

#[test]
fn a_state_changes_without_the_text() {
    let (_owner, state) = reading();
    let stopped = AnswerState::Finished { why: Finish::Stopped };
    let changed = ServerMessage::StateChanged { message: ANSWER, state: stopped };
    assert_eq!(state.apply(changed), []);
    assert_eq!(texts(&state)[1], "Hé");
    assert_eq!(state.live(), None);
}

#[test]
fn a_page_that_comes_back_says_how_far_it_is() {
    let (_owner, state) = page(Some(CHAT));
    let hello = |seen, reached| ClientMessage::Hello { seen, chat: Some(CHAT), reached };
    assert_eq!(state.hello(), hello(None, None));
    state.apply(welcome());
    let seen = |number| Some(Seen { generation: 9, number });
    assert_eq!(state.hello(), hello(seen(4), None));
    state.apply(thread(&[person(1, "hi"), answer("Hé")]));
    let what = Box::new(ServerMessage::ChatGone { chat: ChatId(3) });
    state.apply(ServerMessage::News { number: 6, what });
    assert_eq!(titles(&state), ["seventh"]);
    assert_eq!(state.hello(), hello(seen(6), Some(Reached { message: ANSWER, at: 3 })));
    state.lose_link();
    assert_eq!(state.apply(ServerMessage::Resumed { engine: Engine::default() }), []);
    assert_eq!(state.link().get_untracked(), Link::Up);
    state.apply(delta(3, "llo"));
    assert_eq!(texts(&state), ["hi", "Héllo"]);
}

#[test]
fn another_branch_takes_the_place_of_what_followed() {
    let (_owner, state) = reading();
    let line = state.thread().get_untracked()[0].clone();
    let fork = Fork { message: MessageId(5), versions: vec![ANSWER, MessageId(5)] };
    let again = Message { id: MessageId(5), ..answer("Yes") };
    state.apply(ServerMessage::ThreadChanged {
        chat: CHAT,
        after: Some(MessageId(1)),
        messages: vec![again, person(6, "why?")],
        forks: vec![fork],
    });
    assert_eq!(texts(&state), ["hi", "Yes", "why?"]);
    assert_eq!(state.versions(MessageId(5)), [ANSWER, MessageId(5)]);
    state.apply(behind(5, &[]));
    assert_eq!(texts(&state), ["hi", "Yes"]);
    assert_eq!(state.versions(MessageId(5)).len(), 2, "what stays keeps its versions");
    state.apply(behind(1, &[]));
    assert_eq!(state.versions(MessageId(5)), []);
    assert_eq!(&*line.text.get_untracked(), "hi", "it is the same line");
    assert_eq!(state.apply(behind(77, &[])), [open(Some(CHAT))], "something is missing");
}
