//! The file itself: its versions, its disk, and who may write it.

use wick_protocol::{ApiKey, Device, DeviceId, KeyId, ModelId, Scope};

use super::super::super::{KeptDevice, KeptKey};
use super::*;

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
fn chats_take_no_more_than_was_said_and_those_that_do_already_are_read() {
    let folder = tempfile::tempdir().expect("there is a folder for these");
    let path = folder.path().join("wick.db");
    let mut db = Db::open(&path, 1 << 20).expect("it is new");
    let (chat, answer) = say(&mut db, "a", None, "Hello");
    let long = "x".repeat(2 << 20);
    assert!(matches!(db.append(answer.id, 0, &long), Err(DbError::Full)));
    drop(db);
    let mut db = Db::open(&path, 1 << 24).expect("it is this version");
    db.append(answer.id, 0, &long).expect("there is room");
    drop(db);
    let mut db = Db::open(&path, 1 << 20).expect("it can be read");
    assert_eq!(texts(&db, chat.id), ["Hello", &long]);
    assert!(matches!(db.say("b", Spot::End(chat.id), &long, "Smol"), Err(DbError::Full)));
}

#[test]
fn chats_of_a_newer_wick_are_left_alone() {
    let folder = tempfile::tempdir().expect("there is a folder for these");
    let path = folder.path().join("wick.db");
    drop(Db::open(&path, u64::MAX).expect("it is new"));
    let newer = Connection::open(&path).expect("it is there");
    newer.pragma_update(None, "user_version", 99).expect("it is a number");
    drop(newer);
    assert!(matches!(Db::open(&path, u64::MAX), Err(DbError::TooNew)));
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
fn chats_of_the_first_version_are_brought_along_and_a_copy_is_kept() {
    let folder = tempfile::tempdir().expect("there is a folder for these");
    let path = folder.path().join("wick.db");
    let old = Connection::open(&path).expect("it is new");
    old.execute_batch(include_str!("../../schema_1.sql")).expect("it is the first version");
    old.execute_batch(
        r#"INSERT INTO chat (title, created, changed) VALUES ('Ships', 1, 1);
           INSERT INTO message (chat, parent, author, text, sent, key) VALUES (1, NULL, 'person', 'Do they float?', 1, 'k');
           INSERT INTO message (chat, parent, author, model, text, state, sent)
               VALUES (1, 1, 'model', 'Smol', 'Mostly.', '{"finished":{"why":"end_of_turn"}}', 1);
           PRAGMA user_version = 1;"#,
    )
    .expect("it has these tables");
    drop(old);
    let mut db = Db::open(&path, u64::MAX).expect("it is an older version");
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
    for schema in [include_str!("../../schema_1.sql"), include_str!("../../schema_2.sql")] {
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
    let mut db = Db::open(&path, u64::MAX).expect("it is an older version");
    assert_eq!(texts(&db, ChatId(1)), ["Do they float?"]);
    assert_eq!(db.search("float").expect("it can be asked").len(), 1);
    assert_eq!(db.presets().expect("they can be read"), []);
    assert_eq!(db.instructions(Some(ChatId(1))).expect("it is there"), "");
    db.set_instructions(ChatId(1), "Be brief.").expect("there is room");
    drop(db);
    let db = Db::open(&path, u64::MAX).expect("it is this version");
    assert_eq!(db.instructions(Some(ChatId(1))).expect("it is there"), "Be brief.");
    assert!(folder.path().join("wick.version-2.db").is_file());
}

#[test]
fn chats_of_the_third_version_let_nobody_in_and_keep_who_is_from_then_on() {
    let folder = tempfile::tempdir().expect("there is a folder for these");
    let path = folder.path().join("wick.db");
    let old = Connection::open(&path).expect("it is new");
    for schema in [
        include_str!("../../schema_1.sql"),
        include_str!("../../schema_2.sql"),
        include_str!("../../schema_3.sql"),
    ] {
        old.execute_batch(schema).expect("it is the third version");
    }
    old.execute_batch(
        "INSERT INTO chat (title, created, changed, instructions) VALUES ('Ships', 1, 1, 'Be brief.');
         INSERT INTO message (chat, author, text, sent, key, walked)
             VALUES (1, 'person', 'Do they float?', 1, 'k', 1);
         PRAGMA user_version = 3;",
    )
    .expect("it has these tables");
    drop(old);
    let mut db = Db::open(&path, u64::MAX).expect("it is an older version");
    assert_eq!(texts(&db, ChatId(1)), ["Do they float?"]);
    assert_eq!(db.instructions(Some(ChatId(1))).expect("it is there"), "Be brief.");
    assert_eq!(db.devices().expect("they can be read"), []);
    let device = Device {
        id: DeviceId(3),
        name: "Firefox, Linux".into(),
        seen: 5,
        address: "127.0.0.1".into(),
    };
    let device = KeptDevice { device, cookie: [1; 32], secret: [2; 32] };
    db.add_device(&device).expect("there is room");
    let key = ApiKey {
        id: KeyId(1),
        name: "Editor".into(),
        start: "wick-0123".into(),
        scope: Scope::Chat,
        models: vec![ModelId("a.gguf".into())],
        used: None,
    };
    let key = KeptKey { key, hash: [3; 32] };
    db.add_api_key(&key).expect("there is room");
    // What was put out meanwhile does not come back.
    let gone = Device { id: DeviceId(9), ..device.device.clone() };
    db.change_device(&gone).expect("there is room");
    db.use_api_key(KeyId(9), 7).expect("there is room");
    drop(db);
    let mut db = Db::open(&path, u64::MAX).expect("it is this version");
    assert_eq!(db.devices().expect("they can be read"), [device]);
    assert_eq!(db.api_keys().expect("they can be read"), [key]);
    db.drop_device(DeviceId(3)).expect("there is room");
    db.drop_api_key(KeyId(1)).expect("there is room");
    assert!(db.devices().expect("they can be read").is_empty());
    assert!(folder.path().join("wick.version-3.db").is_file());
    // What a newer version keeps in its own words lets nobody in.
    db.file
        .execute_batch(
            "INSERT INTO api_key VALUES (2, 'New', zeroblob(32), 'wick-', '\"more\"', '[]', NULL)",
        )
        .expect("it has this table");
    assert_eq!(db.api_keys().expect("they can be read"), []);
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
