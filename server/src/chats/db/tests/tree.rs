//! Versions, branches, forks and copies.

use super::*;

#[test]
fn another_version_of_a_message_stands_beside_it_and_each_remembers_how_it_went_on() {
    let mut db = Db::empty();
    let (chat, first) = exchange(&mut db, "a", None, "Red?", "Yes");
    exchange(&mut db, "b", Some(chat.id), "Sure?", "Very");
    let red = db.thread(chat.id).expect("it is there").messages[0].id;

    let (_, answer) = say_at(&mut db, "c", Spot::Beside(red), "Blue?");
    db.finish(answer.id, "No", &DONE, None).expect("there is room");
    assert_eq!(texts(&db, chat.id), ["Blue?", "No"]);
    let again = db.again(answer.id, "Other").expect("it is there");
    assert_eq!(again.before.len(), 1);
    db.finish(again.answer.id, "Never", &DONE, None).expect("there is room");
    assert_eq!(texts(&db, chat.id), ["Blue?", "Never"]);
    let forks = db.thread(chat.id).expect("it is there").forks;
    let blue = again.before[0].id;
    assert_eq!(forks.iter().map(|it| it.message).collect::<Vec<_>>(), [blue, again.answer.id]);
    assert_eq!(forks[0].versions, [red, blue]);
    assert_eq!(forks[1].versions, [answer.id, again.answer.id]);

    db.walk(red).expect("it is there");
    assert_eq!(texts(&db, chat.id), ["Red?", "Yes", "Sure?", "Very"]);
    db.edit_answer(first.id, "Maybe").expect("it is there");
    assert_eq!(texts(&db, chat.id), ["Red?", "Maybe"]);
    db.walk(blue).expect("it is there");
    assert_eq!(texts(&db, chat.id), ["Blue?", "Never"]);
}

#[test]
fn a_message_goes_with_all_that_follows_it_and_comes_back_the_same() {
    let mut db = Db::empty();
    let (chat, first) = exchange(&mut db, "a", None, "One", "Two");
    exchange(&mut db, "b", Some(chat.id), "Three", "Four");
    let gone = db.delete_message(first.id).expect("it is there");
    assert_eq!(gone.len(), 3);
    assert_eq!(texts(&db, chat.id), ["One"]);
    assert_eq!(db.search("Four").expect("it can be asked"), []);
    db.restore_message(first.id).expect("it is there");
    assert_eq!(texts(&db, chat.id), ["One", "Two", "Three", "Four"]);
    db.delete_message(first.id).expect("it is there");
    db.purge(i64::MAX).expect("there is room");
    assert!(matches!(db.restore_message(first.id), Err(DbError::Gone)));
    assert_eq!(texts(&db, chat.id), ["One"]);
}

#[test]
fn a_fork_has_what_was_said_until_then() {
    let mut db = Db::empty();
    let (chat, first) = exchange(&mut db, "a", None, "One", "Two");
    exchange(&mut db, "b", Some(chat.id), "Three", "Four");
    let fork = db.fork(first.id).expect("it is there");
    assert_ne!(fork.id, chat.id);
    assert_eq!(texts(&db, fork.id), ["One", "Two"]);
    exchange(&mut db, "c", Some(fork.id), "Five", "Six");
    assert_eq!(texts(&db, fork.id), ["One", "Two", "Five", "Six"]);
    assert_eq!(texts(&db, chat.id), ["One", "Two", "Three", "Four"]);
}

#[test]
fn a_chat_comes_back_from_its_copy_with_all_its_versions() {
    let mut db = Db::empty();
    let (chat, first) = exchange(&mut db, "a", None, "One", "Two");
    db.edit_answer(first.id, "Two, better").expect("it is there");
    exchange(&mut db, "b", Some(chat.id), "Three", "Four");
    db.name_folder(None, "Numbers", Some(chat.id)).expect("there is room");
    let kept = db.pack(chat.id).expect("it is there");
    let copy = db.unpack(&kept).expect("there is room");
    assert_ne!(copy.id, chat.id);
    assert_eq!(texts(&db, copy.id), ["One", "Two, better", "Three", "Four"]);
    assert_eq!(db.pack(copy.id).expect("it is there"), kept);
    assert_eq!(db.folders().expect("they can be read").len(), 1, "the folder is the same");
    assert_eq!(db.search("better").expect("it can be asked").len(), 2);

    let (chat, answer) = say(&mut db, "c", None, "Live?");
    db.append(answer.id, 0, "So f").expect("there is room");
    let copy = db.pack(chat.id).and_then(|kept| db.unpack(&kept)).expect("there is room");
    let live = db.thread(copy.id).expect("it is there").messages.pop().expect("it was answered");
    assert_eq!(live.text, "So f");
    assert!(matches!(live.author, Author::Model { state: AnswerState::Interrupted { .. }, .. }));
}
