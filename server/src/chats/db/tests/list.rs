//! The list of chats, what is looked for in it, and what is begun in it.

use super::*;

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
        exchange(&mut db, "a", None, "Das Café", "It is near the **HARBOUR**, they `say`.");
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
