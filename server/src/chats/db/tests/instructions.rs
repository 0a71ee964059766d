//! Instructions and presets.

use super::*;

/// Where a chat with these instructions begins.
fn told(is_temporary: bool, instructions: &str) -> Spot {
    Spot::New { is_temporary, instructions: Some(instructions.into()) }
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
