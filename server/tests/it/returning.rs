//! Pages that were away come back.

use wick_protocol::{Author, Chat, ClientMessage, ServerMessage};

use crate::support::{Page, SMOL, Wick, likeliest, state};

/// The kinds of what a page hears until its answer has ended, or is what is waited for.
async fn heard(page: &mut Page, is_over: impl Fn(&Page) -> bool) -> Vec<&'static str> {
    let mut kinds = Vec::new();
    while !is_over(page) {
        kinds.push(match page.next().await {
            ServerMessage::Welcome { .. } => "welcome",
            ServerMessage::Resumed { .. } => "resumed",
            ServerMessage::Thread { .. } => "thread",
            ServerMessage::ThreadChanged { .. } => "thread changed",
            ServerMessage::Delta { .. } => "delta",
            ServerMessage::MessageChanged { .. } => "message changed",
            ServerMessage::ChatChanged { .. } => "chat changed",
            _ => "else",
        });
    }
    kinds
}

fn has_ended(page: &Page) -> bool {
    page.shown.as_ref().is_some_and(|it| !state(it).is_live())
}

#[tokio::test]
async fn a_page_that_comes_back_gets_what_it_lacks_and_nothing_twice() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(80)).await;
    page.say("Write a long story about a ship.").await;
    let mut other = wick.page().await;
    other.open(page.chat.unwrap()).await;
    page.until_text().await;
    // News come in their order: with this all that is older has come.
    let chat = page.chat.unwrap();
    page.ask(ClientMessage::Rename { chat, title: "A ship".into() }).await;
    let is_it = |chat: &Chat| (chat.title == "A ship").then_some(());
    page.until(|message| match message {
        ServerMessage::ChatChanged { chat } => is_it(chat),
        _ => None,
    })
    .await;
    page.cut().await;
    let had = page.shown.clone().unwrap().text.len();
    while other.shown.as_ref().unwrap().text.len() < had + 40 {
        other.next().await;
    }
    other.ask(ClientMessage::Rename { chat, title: "Ships".into() }).await;
    let renamed = |it: &ServerMessage| match it {
        ServerMessage::ChatChanged { chat } => (chat.title == "Ships").then_some(()),
        _ => None,
    };
    other.until(renamed).await;

    // In the middle of an answer.
    let mut page = wick.back(page).await;
    let grown = |page: &Page| had + 40 <= page.shown.as_ref().unwrap().text.len();
    let kinds = heard(&mut page, grown).await;
    assert_eq!(kinds[..3], ["resumed", "chat changed", "delta"]);

    // After its end.
    page.cut().await;
    let whole = other.answer().await;
    let mut page = wick.back(page).await;
    let kinds = heard(&mut page, has_ended).await;
    assert_eq!(kinds[0], "resumed");
    assert!(!kinds.contains(&"thread") && !kinds.contains(&"thread changed"), "{kinds:?}");
    assert_eq!(page.answer().await, whole);

    // After something else was said.
    page.cut().await;
    other.sample(likeliest(8)).await;
    other.say("And then?").await;
    let whole = other.answer().await;
    let mut page = wick.back(page).await;
    let kinds = heard(&mut page, |page| page.shown.as_ref() == Some(&whole)).await;
    assert_eq!(kinds[0], "resumed");
    assert!(kinds.contains(&"thread changed"), "{kinds:?}");
    assert!(!kinds.contains(&"welcome"), "{kinds:?}");

    // After a restart.
    page.cut().await;
    let wick = wick.started_again();
    let mut page = wick.back(page).await;
    page.shown = None;
    let kinds = heard(&mut page, has_ended).await;
    assert_eq!(kinds, ["welcome", "thread"]);
    assert_eq!(page.answer().await, whole);
}

#[tokio::test]
async fn a_page_that_says_nothing_sensible_first_is_sent_away() {
    let wick = Wick::without_models();
    let mut page = wick.page().await;
    page.ask(ClientMessage::Hello { seen: None, chat: None, reached: None }).await;
    let reason = page.refusal().await;
    assert_eq!(reason, "The page said where it stands");
}

#[tokio::test]
async fn a_page_cannot_say_that_it_is_in_the_middle_of_a_character() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(60)).await;
    page.say("Write a long story about a ship.").await;
    page.until_text().await;
    page.cut().await;
    // More than there is.
    let shown = page.shown.as_mut().unwrap();
    assert!(matches!(shown.author, Author::Model { .. }));
    shown.text.push_str(&"x".repeat(100_000));
    let mut page = wick.back(page).await;
    page.shown = None;
    while page.shown.is_none() {
        page.next().await;
    }
    assert!(page.answer().await.text.len() < 100_000);
}
