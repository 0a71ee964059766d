//! Ten thousand chats of a million words, and one chat of 500 messages.

use std::time::{Duration, Instant};

use rusqlite::{Connection, params};
use wick_protocol::{ChatId, ClientMessage, ServerMessage};

use super::at;
use super::cuts::Dice;
use super::support::{SMOL, Wick};
use super::table::row;

const CHATS: i64 = 10_000;

/// Words of each of its two messages.
const WORDS: usize = 50;

/// Messages of the long chat, of 400 bytes each.
const LONG: i64 = 500;

/// Prints the rows.
pub async fn measure() {
    let wick = Wick::computing(&[SMOL], &[]).unwrap();
    fill(&wick);
    let wick = wick.started_again();
    let mut page = wick.page().await;
    let mut dice = Dice::new(0x5ea5);
    let mut times = Vec::new();
    for n in 0..100 {
        let word = dice.below(20_000);
        let text = match n % 4 {
            // A word, the beginning of many, two words, and one that is nowhere.
            0 => format!("word{word}"),
            1 => format!("wo{}", word % 10),
            2 => format!("word{word} word{}", dice.below(20_000)),
            _ => "nowhere".to_owned(),
        };
        let began = Instant::now();
        page.ask(ClientMessage::Search { text }).await;
        page.until(|it| matches!(it, ServerMessage::Found { .. }).then_some(())).await;
        times.push(began.elapsed());
    }
    row("search in 10,000 chats of a million words, 99 of 100", &at(&times, 0.99), "≤ 50 ms");
    let opened = async |page: &mut super::support::Page| -> Duration {
        let began = Instant::now();
        page.open(ChatId(CHATS + 1)).await;
        began.elapsed()
    };
    let mut times = Vec::new();
    for _ in 0..20 {
        times.push(opened(&mut page).await);
    }
    row("a chat of 500 messages (200 kB) is sent, 99 of 100", &at(&times, 0.99), "");
    assert!(wick.end().success());
}

fn fill(wick: &Wick) {
    let mut database = Connection::open(wick.data.path().join("wick.db")).unwrap();
    let mut dice = Dice::new(0xf111);
    let all = database.transaction().unwrap();
    let say = |chat: i64, parent: Option<i64>, n: i64, text: &str| -> i64 {
        let (author, model, state) = match n % 2 {
            0 => ("person", None, None),
            _ => ("model", Some("m"), Some(r#"{"finished":{"why":"end_of_turn"}}"#)),
        };
        let insert = "INSERT INTO message (chat, parent, author, model, text, state, sent)
            VALUES (?, ?, ?, ?, ?, ?, 1)";
        all.execute(insert, params![chat, parent, author, model, text, state]).unwrap();
        all.last_insert_rowid()
    };
    for chat in 1..=CHATS + 1 {
        let begin = "INSERT INTO chat (id, title, created, changed) VALUES (?1, ?2, ?1, ?1)";
        all.execute(begin, params![chat, format!("Chat {chat}")]).unwrap();
        let (n_messages, n_words) = if chat <= CHATS { (2, WORDS) } else { (LONG, 44) };
        let mut parent = None;
        for n in 0..n_messages {
            let words = (0..n_words).map(|_| format!("word{} ", dice.below(20_000)));
            let text: String = words.collect();
            parent = Some(say(chat, parent, n, &text));
        }
    }
    all.commit().unwrap();
}
