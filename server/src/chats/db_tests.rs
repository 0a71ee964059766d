use wick_protocol::Finish;

use super::*;

fn empty() -> Db {
    Db::prepare(Connection::open_in_memory().expect("memory is there")).expect("it is new")
}

/// Says something; the chat and the answer that was made for it.
fn say(db: &mut Db, key: &str, chat: Option<ChatId>, text: &str) -> (Chat, Message) {
    match db.say(key, chat, text, "Smol").expect("there is room") {
        Said::New(new) => (new.chat, new.answer),
        Said::Before(chat) => panic!("{key} was said before in {chat:?}"),
    }
}

fn texts(db: &Db, chat: ChatId) -> Vec<String> {
    db.thread(chat).expect("it is there").into_iter().map(|message| message.text).collect()
}

const DONE: AnswerState = AnswerState::Finished { why: Finish::EndOfTurn };

#[test]
fn what_was_said_is_there_and_the_answer_grows() {
    let mut db = empty();
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
    let mut db = empty();
    let (chat, _) = say(&mut db, "a", None, "Hello");
    let again = db.say("a", Some(chat.id), "Hello", "Smol").expect("it is known");
    assert_eq!(again, Said::Before(chat.id));
    assert_eq!(texts(&db, chat.id), ["Hello", ""]);
}

#[test]
fn an_answer_that_nobody_writes_any_more_keeps_its_text() {
    let folder = tempfile::tempdir().expect("there is a folder for these");
    let path = folder.path().join("wick.db");
    let mut db = Db::open(&path).expect("it is new");
    let (chat, answer) = say(&mut db, "a", None, "Hello");
    db.append(answer.id, 0, "I was abo").expect("there is room");
    // As a power cut would: the file stays as it is.
    drop(db);
    let mut db = Db::open(&path).expect("it was made by this version");
    let thread = db.thread(chat.id).expect("it is there");
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
fn a_chat_that_was_taken_away_comes_back_whole_until_it_is_purged() {
    let mut db = empty();
    let (chat, _) = say(&mut db, "a", None, "Hello");
    db.delete(chat.id).expect("it is there");
    assert_eq!(db.chats().expect("it can be read"), []);
    assert!(matches!(db.thread(chat.id), Err(DbError::Gone)));
    assert!(matches!(db.say("b", Some(chat.id), "Still?", "Smol"), Err(DbError::Gone)));
    db.restore(chat.id).expect("it is still there");
    assert_eq!(texts(&db, chat.id), ["Hello", ""]);
    db.delete(chat.id).expect("it is there");
    db.purge(i64::MAX).expect("there is room");
    assert!(matches!(db.restore(chat.id), Err(DbError::Gone)));
}

#[test]
fn the_newest_chat_is_first() {
    let mut db = empty();
    let (first, _) = say(&mut db, "a", None, "First");
    let (second, _) = say(&mut db, "b", None, "Second");
    db.0.execute("UPDATE chat SET changed = 1", []).expect("they are there");
    say(&mut db, "c", Some(first.id), "Again");
    let ids: Vec<ChatId> = db.chats().expect("they can be read").iter().map(|it| it.id).collect();
    assert_eq!(ids, [first.id, second.id]);
}

#[test]
fn a_full_disk_is_told_apart_and_loses_nothing() {
    let mut db = empty();
    let (chat, answer) = say(&mut db, "a", None, "Hello");
    let n_pages: i64 =
        db.0.pragma_query_value(None, "page_count", |row| row.get(0)).expect("it is a number");
    db.0.pragma_update(None, "max_page_count", n_pages).expect("it is a setting");
    let long = "x".repeat(1 << 20);
    assert!(matches!(db.append(answer.id, 0, &long), Err(DbError::Full)));
    assert!(matches!(db.say("b", Some(chat.id), &long, "Smol"), Err(DbError::Full)));
    assert_eq!(texts(&db, chat.id), ["Hello", ""]);
    db.0.pragma_update(None, "max_page_count", 1 << 20).expect("it is a setting");
    db.finish(answer.id, &long, &DONE, None).expect("there is room again");
    assert_eq!(texts(&db, chat.id), ["Hello", &long]);
}

#[test]
fn chats_of_a_newer_wick_are_left_alone() {
    let folder = tempfile::tempdir().expect("there is a folder for these");
    let path = folder.path().join("wick.db");
    drop(Db::open(&path).expect("it is new"));
    let newer = Connection::open(&path).expect("it is there");
    newer.pragma_update(None, "user_version", 99).expect("it is a number");
    drop(newer);
    assert!(matches!(Db::open(&path), Err(DbError::TooNew)));
}

#[test]
fn settings_are_kept() {
    let mut db = empty();
    assert_eq!(db.setting::<Vec<u32>>("x").expect("it can be read"), None);
    db.set_setting("x", &vec![1, 2]).expect("there is room");
    assert_eq!(db.setting("x").expect("it can be read"), Some(vec![1, 2]));
    assert_eq!(db.setting::<String>("x").expect("it can be read"), None);
}

#[test]
fn a_title_is_the_beginning_of_the_message() {
    assert_eq!(title("\n  Hi there \nsecond line"), "Hi there");
    let long = "word ".repeat(40);
    let title = title(&long);
    assert!(title.chars().count() <= TITLE_LENGTH && title.ends_with("word…"), "{title}");
    assert_eq!(super::title("   "), "New chat");
}
