//! What is kept, and comes back.

mod file;
mod instructions;
mod list;
mod tree;

use wick_protocol::{Author, Chat, Finish, FolderId, MOST_PRESETS, Place, Queued, Sampling};

use super::super::{Preset, Said, Spot};
use super::*;

/// Says something; the chat and the answer that was made for it.
fn say(db: &mut Db, key: &str, chat: Option<ChatId>, text: &str) -> (Chat, Message) {
    say_at(db, key, chat.map_or(NEW, Spot::End), text)
}

const NEW: Spot = Spot::New { is_temporary: false, instructions: None };

const TEMPORARY: Spot = Spot::New { is_temporary: true, instructions: None };

fn say_at(db: &mut Db, key: &str, spot: Spot, text: &str) -> (Chat, Message) {
    match db.say(key, spot, text, "Smol").expect("there is room") {
        Said::New(new) => (new.chat, new.answer),
        Said::Before(chat) => panic!("{key} was said before in {chat:?}"),
    }
}

/// Says something and has it answered.
fn exchange(
    db: &mut Db,
    key: &str,
    chat: Option<ChatId>,
    said: &str,
    answer: &str,
) -> (Chat, Message) {
    let (chat, message) = say(db, key, chat, said);
    db.finish(message.id, answer, &DONE, None).expect("there is room");
    (chat, message)
}

fn texts(db: &Db, chat: ChatId) -> Vec<String> {
    let thread = db.thread(chat).expect("it is there");
    thread.messages.into_iter().map(|message| message.text).collect()
}

const DONE: AnswerState = AnswerState::Finished { why: Finish::EndOfTurn };

#[test]
fn what_was_said_is_there_and_the_answer_grows() {
    let mut db = Db::empty();
    let (chat, answer) = say(&mut db, "a", None, "How are you?");
    assert_eq!(chat.title, "How are you?");
    db.append(answer.id, 0, "I am ").expect("there is room");
    db.append(answer.id, 5, "fine é").expect("there is room");
    assert_eq!(texts(&db, chat.id), ["How are you?", "I am fine é"]);
    db.finish(answer.id, "I am fine é.", &DONE, None).expect("there is room");
    assert_eq!(texts(&db, chat.id), ["How are you?", "I am fine é."]);
}

#[test]
fn the_same_message_twice_is_one_message() {
    let mut db = Db::empty();
    let (chat, _) = say(&mut db, "a", None, "Hello");
    let again = db.say("a", Spot::End(chat.id), "Hello", "Smol").expect("it is known");
    assert_eq!(again, Said::Before(chat.id));
    assert_eq!(texts(&db, chat.id), ["Hello", ""]);
}

#[test]
fn an_answer_that_nobody_writes_any_more_keeps_its_text() {
    let folder = tempfile::tempdir().expect("there is a folder for these");
    let path = folder.path().join("wick.db");
    let mut db = Db::open(&path, u64::MAX).expect("it is new");
    let (chat, answer) = say(&mut db, "a", None, "Hello");
    db.append(answer.id, 0, "I was abo").expect("there is room");
    // As a power cut would: the file stays as it is.
    drop(db);
    let mut db = Db::open(&path, u64::MAX).expect("it was made by this version");
    let thread = db.thread(chat.id).expect("it is there").messages;
    assert_eq!(thread[1].text, "I was abo");
    assert!(matches!(
        &thread[1].author,
        Author::Model { state: AnswerState::Interrupted { .. }, .. }
    ));
    let unfinished = db.resume(answer.id, "Other").expect("it is there");
    assert_eq!(unfinished.before.len(), 1);
    assert_eq!(unfinished.answer.text, "I was abo");
    let Author::Model { name, state, .. } = unfinished.answer.author else { panic!("not a model") };
    assert_eq!((name.as_str(), state.is_live()), ("Other", true));
}

#[test]
fn messages_wait_for_their_turn_once_each() {
    let mut db = Db::empty();
    let (chat, answer) = say(&mut db, "a", None, "One");
    for (key, text) in [("b", "Two"), ("c", "Three"), ("b", "Two")] {
        assert!(db.queue(key, chat.id, text).expect("there is room"));
    }
    db.change_queued(chat.id, "c", Some("Four")).expect("it waits");
    let queued = |key: &str, text: &str| Queued { key: key.into(), text: text.into() };
    let all = [queued("b", "Two"), queued("c", "Four")];
    assert_eq!(db.queued(chat.id).expect("it can be read"), all);
    db.finish(answer.id, "1", &DONE, None).expect("there is room");
    let turn = db.say_queued(chat.id, "Smol").expect("there is room").expect("one waits");
    assert_eq!(turn.before.len(), 3);
    assert_eq!(db.queued(chat.id).expect("it can be read"), all[1..]);
    // Its receipt was lost.
    let again = db.say("b", Spot::End(chat.id), "Two", "Smol").expect("it is known");
    assert_eq!(again, Said::Before(chat.id));
    db.change_queued(chat.id, "c", None).expect("it waits");
    assert_eq!(db.say_queued(chat.id, "Smol").expect("it can be read"), None);
    assert!(matches!(db.change_queued(chat.id, "c", None), Err(DbError::Gone)));
}
