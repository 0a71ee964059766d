use wick_protocol::{Author, Chat, Finish, FolderId, MOST_PRESETS, Place, Queued, Sampling};

use super::super::{Preset, Said, Spot};
use super::*;

/// Says something; the chat and the answer that was made for it.
fn say(db: &mut Db, key: &str, chat: Option<ChatId>, text: &str) -> (Chat, Message) {
    say_at(db, key, chat.map_or(NEW, Spot::End), text)
}

const NEW: Spot = Spot::New { is_temporary: false, instructions: None };

const TEMPORARY: Spot = Spot::New { is_temporary: true, instructions: None };

/// Where a chat with these instructions begins.
fn told(is_temporary: bool, instructions: &str) -> Spot {
    Spot::New { is_temporary, instructions: Some(instructions.into()) }
}

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
    let mut db = Db::open(&path).expect("it is new");
    let (chat, answer) = say(&mut db, "a", None, "Hello");
    db.append(answer.id, 0, "I was abo").expect("there is room");
    // As a power cut would: the file stays as it is.
    drop(db);
    let mut db = Db::open(&path).expect("it was made by this version");
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
fn a_chat_that_was_taken_away_comes_back_whole_until_it_is_purged() {
    let mut db = Db::empty();
    let (chat, _) = say(&mut db, "a", None, "Hello");
    db.delete(chat.id).expect("it is there");
    assert_eq!(db.chats().expect("it can be read"), []);
    assert!(matches!(db.thread(chat.id), Err(DbError::Gone)));
    assert!(matches!(db.say("b", Spot::End(chat.id), "Still?", "Smol"), Err(DbError::Gone)));
    db.restore(chat.id).expect("it is still there");
    assert_eq!(texts(&db, chat.id), ["Hello", ""]);
    db.delete(chat.id).expect("it is there");
    db.purge(i64::MAX).expect("there is room");
    assert!(matches!(db.restore(chat.id), Err(DbError::Gone)));
}

#[test]
fn the_newest_chat_is_first() {
    let mut db = Db::empty();
    let (first, _) = say(&mut db, "a", None, "First");
    let (second, _) = say(&mut db, "b", None, "Second");
    db.file.execute("UPDATE chat SET changed = 1", []).expect("they are there");
    say(&mut db, "c", Some(first.id), "Again");
    let ids: Vec<ChatId> = db.chats().expect("they can be read").iter().map(|it| it.id).collect();
    assert_eq!(ids, [first.id, second.id]);
}

#[test]
fn a_full_disk_is_told_apart_and_loses_nothing() {
    let mut db = Db::empty();
    let (chat, answer) = say(&mut db, "a", None, "Hello");
    let n_pages: i64 =
        db.file.pragma_query_value(None, "page_count", |row| row.get(0)).expect("it is a number");
    db.file.pragma_update(None, "max_page_count", n_pages).expect("it is a setting");
    let long = "x".repeat(1 << 20);
    assert!(matches!(db.append(answer.id, 0, &long), Err(DbError::Full)));
    assert!(matches!(db.say("b", Spot::End(chat.id), &long, "Smol"), Err(DbError::Full)));
    assert_eq!(texts(&db, chat.id), ["Hello", ""]);
    db.file.pragma_update(None, "max_page_count", 1 << 20).expect("it is a setting");
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
    let mut db = Db::empty();
    assert_eq!(db.setting::<Vec<u32>>("x").expect("it can be read"), None);
    db.set_setting("x", &vec![1, 2]).expect("there is room");
    assert_eq!(db.setting("x").expect("it can be read"), Some(vec![1, 2]));
    assert_eq!(db.setting::<String>("x").expect("it can be read"), None);
}

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

#[test]
fn drafts_are_kept_and_go_with_their_chat() {
    let mut db = Db::empty();
    let (chat, _) = say(&mut db, "a", None, "One");
    db.set_draft(None, "for a new one").expect("there is room");
    db.set_draft(Some(chat.id), "for this").expect("there is room");
    assert_eq!(db.draft(None).expect("it can be read"), "for a new one");
    assert_eq!(db.draft(Some(chat.id)).expect("it can be read"), "for this");
    db.set_draft(None, "").expect("there is room");
    assert_eq!(db.draft(None).expect("it can be read"), "");
    db.delete(chat.id).expect("it is there");
    db.purge(i64::MAX).expect("there is room");
    assert_eq!(db.draft(Some(chat.id)).expect("it can be read"), "");
    assert!(matches!(db.set_draft(Some(chat.id), "late"), Err(DbError::Gone)));
}

#[test]
fn words_are_found_in_titles_and_messages_whatever_their_case_and_accents() {
    let mut db = Db::empty();
    let (chat, answer) =
        exchange(&mut db, "a", None, "Das Café", "It is near the HARBOUR, they say.");
    let found = |db: &Db, text: &str| -> Vec<_> {
        let hits = db.search(text).expect("it can be asked");
        hits.into_iter().map(|hit| (hit.message, hit.excerpt.concat())).collect()
    };
    assert_eq!(found(&db, "harb"), [(Some(answer.id), "It is near the HARBOUR, they say.".into())]);
    let hits = db.search("near harbour").expect("it can be asked");
    assert_eq!(hits[0].excerpt, ["It is ", "near", " the ", "HARBOUR", ", they say."]);
    assert_eq!(found(&db, "cafe").len(), 2, "the title and the message");
    assert_eq!(found(&db, "\"' OR"), []);
    db.rename(chat.id, "Tea").expect("it is there");
    assert_eq!(found(&db, "tea"), [(None, "Tea".into())]);
    db.delete(chat.id).expect("it is there");
    assert_eq!(found(&db, "harbour"), []);
}

#[test]
fn chats_are_pinned_archived_and_put_into_folders() {
    let mut db = Db::empty();
    let (chat, _) = exchange(&mut db, "a", None, "One", "1");
    let in_folder = db.name_folder(None, "Work", Some(chat.id)).expect("there is room");
    let folder = in_folder.expect("it was put there").place.folder;
    let place = Place { is_pinned: true, is_archived: true, folder };
    assert_eq!(db.arrange(chat.id, place).expect("it is there").place, place);
    exchange(&mut db, "b", Some(chat.id), "Two", "2");
    let now = db.chat(chat.id).expect("it is there").place;
    assert_eq!(now, Place { is_archived: false, ..place }, "what is said in comes back");
    db.name_folder(folder, "Home", None).expect("it is there");
    let folders = db.folders().expect("they can be read");
    assert_eq!((folders.len(), folders[0].name.as_str()), (1, "Home"));
    let left = db.delete_folder(folders[0].id).expect("it is there");
    assert_eq!((left.len(), left[0].place.folder), (1, None));
    assert_eq!(db.chats().expect("they can be read"), left);
    let gone = db.name_folder(Some(FolderId(99)), "No", None);
    assert!(matches!(gone, Err(DbError::Gone)));
}

#[test]
fn a_temporary_chat_is_in_no_list_and_not_in_the_file() {
    let mut db = Db::empty();
    let (chat, answer) = say_at(&mut db, "a", TEMPORARY, "Secret");
    assert!(chat.id.is_temporary());
    db.append(answer.id, 0, "Hush").expect("there is room");
    db.finish(answer.id, "Hush.", &DONE, None).expect("there is room");
    let again = db.say("a", TEMPORARY, "Secret", "Smol");
    assert_eq!(again.expect("it is known"), Said::Before(chat.id));
    let (_, second) = say(&mut db, "b", Some(chat.id), "More");
    assert!(ChatId(second.id.0).is_temporary());
    db.set_draft(Some(chat.id), "and").expect("there is room");
    assert_eq!(texts(&db, chat.id), ["Secret", "Hush.", "More", ""]);
    assert_eq!(db.chats().expect("they can be read"), []);
    assert_eq!(db.search("secret").expect("it can be asked"), []);
    for table in ["chat", "message", "piece", "draft"] {
        let count = format!("SELECT count(*) FROM {table}");
        let n: i64 = db.file.query_row(&count, [], |row| row.get(0)).expect("it can be counted");
        assert_eq!(n, 0, "{table}");
    }
    db.drop_chat(chat.id).expect("it is there");
    assert!(matches!(db.thread(chat.id), Err(DbError::Gone)));
}

#[test]
fn chats_of_the_first_version_are_brought_along_and_a_copy_is_kept() {
    let folder = tempfile::tempdir().expect("there is a folder for these");
    let path = folder.path().join("wick.db");
    let old = Connection::open(&path).expect("it is new");
    old.execute_batch(include_str!("schema_1.sql")).expect("it is the first version");
    old.execute_batch(
        r#"INSERT INTO chat (title, created, changed) VALUES ('Ships', 1, 1);
           INSERT INTO message (chat, parent, author, text, sent, key) VALUES (1, NULL, 'person', 'Do they float?', 1, 'k');
           INSERT INTO message (chat, parent, author, model, text, state, sent)
               VALUES (1, 1, 'model', 'Smol', 'Mostly.', '{"finished":{"why":"end_of_turn"}}', 1);
           PRAGMA user_version = 1;"#,
    )
    .expect("it has these tables");
    drop(old);
    let mut db = Db::open(&path).expect("it is an older version");
    assert_eq!(texts(&db, ChatId(1)), ["Do they float?", "Mostly."]);
    assert_eq!(db.search("float").expect("it can be asked").len(), 1);
    assert!(!db.is_unnamed(ChatId(1)).expect("it is there"));
    exchange(&mut db, "l", Some(ChatId(1)), "All?", "No.");
    assert_eq!(texts(&db, ChatId(1)), ["Do they float?", "Mostly.", "All?", "No."]);

    let copy = Connection::open(folder.path().join("wick.version-1.db")).expect("it is there");
    let (n, version): (i64, i64) = (
        copy.query_row("SELECT count(*) FROM message", [], |row| row.get(0)).expect("it is whole"),
        copy.pragma_query_value(None, "user_version", |row| row.get(0)).expect("it is a number"),
    );
    assert_eq!((n, version), (2, 1));
}

#[test]
fn chats_of_the_second_version_have_no_instructions_and_can_be_given_some() {
    let folder = tempfile::tempdir().expect("there is a folder for these");
    let path = folder.path().join("wick.db");
    let old = Connection::open(&path).expect("it is new");
    for schema in [include_str!("schema_1.sql"), include_str!("schema_2.sql")] {
        old.execute_batch(schema).expect("it is the second version");
    }
    old.execute_batch(
        "INSERT INTO chat (title, created, changed, pinned) VALUES ('Ships', 1, 1, 1);
         INSERT INTO message (chat, author, text, sent, key, walked)
             VALUES (1, 'person', 'Do they float?', 1, 'k', 1);
         PRAGMA user_version = 2;",
    )
    .expect("it has these tables");
    drop(old);
    let mut db = Db::open(&path).expect("it is an older version");
    assert_eq!(texts(&db, ChatId(1)), ["Do they float?"]);
    assert_eq!(db.search("float").expect("it can be asked").len(), 1);
    assert_eq!(db.presets().expect("they can be read"), []);
    assert_eq!(db.instructions(Some(ChatId(1))).expect("it is there"), "");
    db.set_instructions(ChatId(1), "Be brief.").expect("there is room");
    drop(db);
    let db = Db::open(&path).expect("it is this version");
    assert_eq!(db.instructions(Some(ChatId(1))).expect("it is there"), "Be brief.");
    assert!(folder.path().join("wick.version-2.db").is_file());
}

#[test]
fn instructions_belong_to_a_chat_and_go_with_its_forks_and_copies() {
    let mut db = Db::empty();
    let (chat, answer) = say_at(&mut db, "a", told(false, "Be brief."), "One");
    db.finish(answer.id, "1", &DONE, None).expect("there is room");
    let again = db.again(answer.id, "Smol").expect("it is there");
    assert_eq!(again.instructions, "Be brief.");
    db.set_instructions(chat.id, "Rhyme.").expect("it is there");
    let resumed = db.resume(again.answer.id, "Smol").expect("it is there");
    assert_eq!(resumed.instructions, "Rhyme.");
    let fork = db.fork(answer.id).expect("it is there");
    let kept = db.pack(chat.id).expect("it is there");
    assert_eq!(kept.instructions, "Rhyme.");
    let copy = db.unpack(&kept).expect("there is room");
    db.set_instructions(chat.id, "").expect("it is there");
    for (chat, expected) in [(chat.id, ""), (fork.id, "Rhyme."), (copy.id, "Rhyme.")] {
        assert_eq!(db.instructions(Some(chat)).expect("it is there"), expected);
    }
    db.delete(chat.id).expect("it is there");
    assert!(matches!(db.set_instructions(chat.id, "Late."), Err(DbError::Gone)));
    assert!(matches!(db.instructions(Some(chat.id)), Err(DbError::Gone)));
}

#[test]
fn instructions_of_a_temporary_chat_are_not_in_the_file() {
    let mut db = Db::empty();
    let (chat, _) = say_at(&mut db, "a", told(true, "Secretly."), "Hush");
    assert_eq!(db.instructions(Some(chat.id)).expect("it is there"), "Secretly.");
    db.set_instructions(chat.id, "More so.").expect("it is there");
    assert_eq!(db.instructions(Some(chat.id)).expect("it is there"), "More so.");
    let count = "SELECT count(*) FROM chat";
    let n: i64 = db.file.query_row(count, [], |row| row.get(0)).expect("it can be counted");
    assert_eq!(n, 0);
}

fn preset(name: &str, instructions: &str) -> Preset {
    Preset {
        name: name.into(),
        instructions: instructions.into(),
        sampling: Sampling { temperature: 0.25, ..Sampling::default() },
        model: None,
        is_default: false,
    }
}

#[test]
fn presets_are_kept_by_name_and_one_is_for_new_chats() {
    let mut db = Db::empty();
    for (name, instructions) in [("pirate", "Arr."), ("Coder", "Code."), ("pirate", "Ahoy.")] {
        assert!(db.save_preset(&preset(name, instructions)).expect("there is room"));
    }
    let all = |db: &Db| db.presets().expect("they can be read");
    assert_eq!(all(&db), [preset("Coder", "Code."), preset("pirate", "Ahoy.")]);
    assert!(!db.rename_preset("pirate", "Coder").expect("it is there"), "it is taken");
    assert!(db.rename_preset("pirate", "Parrot").expect("it is there"));
    assert!(db.rename_preset("Parrot", "Parrot").expect("it is there"));
    assert!(matches!(db.rename_preset("pirate", "x"), Err(DbError::Gone)));

    assert_eq!(db.instructions(None).expect("it can be read"), "");
    for name in ["Coder", "Parrot"] {
        db.set_default_preset(Some(name)).expect("it is there");
    }
    assert_eq!(all(&db).iter().filter(|it| it.is_default).count(), 1);
    let (chat, _) = say(&mut db, "a", None, "Hello");
    let (bare, _) = say_at(&mut db, "b", told(false, ""), "Hello");
    assert_eq!(db.instructions(Some(chat.id)).expect("it is there"), "Ahoy.");
    assert_eq!(db.instructions(Some(bare.id)).expect("it is there"), "");
    assert!(db.save_preset(&preset("Parrot", "Squawk.")).expect("there is room"));
    let (temporary, _) = say_at(&mut db, "c", TEMPORARY, "Hello");
    assert_eq!(db.instructions(Some(temporary.id)).expect("it is there"), "Squawk.");
    db.set_default_preset(None).expect("there is room");
    assert_eq!(db.instructions(None).expect("it can be read"), "");
    db.delete_preset("Parrot").expect("it is there");
    assert_eq!(all(&db), [preset("Coder", "Code.")]);
}

#[test]
fn there_are_not_more_presets_than_may_be() {
    let mut db = Db::empty();
    for n in 0..MOST_PRESETS {
        assert!(db.save_preset(&preset(&n.to_string(), "")).expect("there is room"));
    }
    assert!(!db.save_preset(&preset("one more", "")).expect("it can be asked"));
    assert!(db.save_preset(&preset("0", "Another.")).expect("there is room"));
    assert_eq!(db.presets().expect("they can be read").len(), MOST_PRESETS);
}

#[test]
fn a_preset_in_words_of_another_version_keeps_its_instructions() {
    let mut db = Db::empty();
    db.save_preset(&preset("Odd", "Code.")).expect("there is room");
    db.file.execute("UPDATE preset SET sampling = '{\"mood\":1}'", []).expect("it is there");
    let odd = db.preset("Odd").expect("it is there");
    assert_eq!((odd.instructions.as_str(), odd.sampling), ("Code.", Sampling::default()));
}

#[test]
fn a_file_that_can_only_be_read_is_shown_and_not_written() {
    let mut db = Db::empty();
    let (chat, answer) = exchange(&mut db, "a", None, "One", "1");
    db.file.pragma_update(None, "query_only", true).expect("it is a setting");
    assert_eq!(texts(&db, chat.id), ["One", "1"]);
    assert!(matches!(db.append(answer.id, 0, "more"), Err(DbError::ReadOnly)));
    assert!(matches!(db.say("b", Spot::End(chat.id), "Two", "Smol"), Err(DbError::ReadOnly)));
    db.file.pragma_update(None, "query_only", false).expect("it is a setting");
    exchange(&mut db, "b", Some(chat.id), "Two", "2");
    assert_eq!(texts(&db, chat.id), ["One", "1", "Two", "2"]);
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
