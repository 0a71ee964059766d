//! Several versions of an answer, written at once.

use std::fs;

use wick_protocol::{
    AnswerState, Author, ClientMessage, Message, MessageId, ModelId, Sampling, ServerMessage,
    WhyRead,
};

use crate::models::choose;
use crate::support::{GEMMA, Page, SMOL, Wick, likeliest, stats};

/// The versions of the last message, as the page is told when its chat changes.
async fn versions(page: &mut Page, count: usize) -> Vec<MessageId> {
    page.until(|it| match it {
        ServerMessage::ThreadChanged { forks, .. } => {
            forks.last().map(|it| it.versions.clone()).filter(|it| it.len() == count)
        }
        _ => None,
    })
    .await
}

async fn walk(page: &mut Page, message: MessageId) {
    page.ask(ClientMessage::Walk { message }).await;
    while page.shown.as_ref().is_none_or(|it| it.id != message) {
        page.next().await;
    }
}

fn name(answer: &Message) -> &str {
    match &answer.author {
        Author::Model { name, .. } => name,
        Author::Person => "",
    }
}

fn is_live(page: &Page) -> bool {
    page.shown.as_ref().is_some_and(|it| crate::support::state(it).is_live())
}

#[tokio::test]
async fn versions_are_written_at_once_and_none_reads_the_chat_again() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(8)).await;
    page.say("Write a long story about a ship.").await;
    let first = page.answer().await;
    let lively = Sampling { temperature: 1.0, seed: None, ..likeliest(70) };
    page.sample(lively).await;
    page.ask(ClientMessage::Again { message: first.id, times: 3 }).await;
    let all = versions(&mut page, 4).await;
    assert_eq!(all[0], first.id);
    // The page sees one of them, and any of them when it walks there.
    page.until_text().await;
    walk(&mut page, all[1]).await;
    page.until_text().await;
    assert!(is_live(&page), "{:?}", page.shown);
    walk(&mut page, all[3]).await;
    assert!(is_live(&page), "{:?}", page.shown);
    let mut texts = Vec::new();
    for &version in &all[1..] {
        walk(&mut page, version).await;
        let answer: Message = page.answer().await;
        let stats = stats(&answer);
        assert_eq!((stats.n_read, stats.why_read), (1, None), "{stats:?}");
        texts.push(answer.text);
    }
    // All of them can be seen beside each other.
    page.ask(ClientMessage::ShowVersions { message: all[2] }).await;
    let shown = page
        .until(|it| match it {
            ServerMessage::Versions { messages } => Some(messages.clone()),
            _ => None,
        })
        .await;
    assert_eq!(shown.iter().map(|it| it.id).collect::<Vec<_>>(), all);
    assert_eq!(shown[1..].iter().map(|it| &it.text).collect::<Vec<_>>(), Vec::from_iter(&texts));
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), 3, "{texts:?}");
}

#[tokio::test]
async fn stop_ends_one_version_and_a_message_waits_for_all() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(4)).await;
    page.say("Write a long story about a ship.").await;
    let first = page.answer().await;
    page.sample(likeliest(60)).await;
    page.ask(ClientMessage::Again { message: first.id, times: 2 }).await;
    let all = versions(&mut page, 3).await;
    page.until_text().await;
    page.ask(ClientMessage::Stop { message: all[2] }).await;
    page.answer().await;
    let chat = page.chat;
    let (key, text) = ("next".to_owned(), "And then?".to_owned());
    page.ask(ClientMessage::Say { key, chat, text, is_temporary: false, instructions: None }).await;
    walk(&mut page, all[1]).await;
    let other = page.answer().await;
    assert_ne!(stats(&other).n_tokens, 0);
    // Then it is said, behind the version that is shown.
    page.until_state(AnswerState::is_live).await;
    let next = page.answer().await;
    assert!(all.iter().all(|it| *it != next.id));
}

#[tokio::test]
async fn a_chat_that_is_continued_in_a_new_one_is_not_read_again() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(4)).await;
    page.say("Name a colour of the sea, and say at what time of the day the sea has it.").await;
    let message = page.answer().await.id;
    let fork = async |page: &mut Page| {
        page.ask(ClientMessage::Fork { message }).await;
        let began = |it: &ServerMessage| match it {
            ServerMessage::Began { chat } => Some(*chat),
            _ => None,
        };
        let chat = page.until(began).await;
        page.open(chat).await;
        page.say("And then?").await;
        stats(&page.answer().await)
    };
    let shared = fork(&mut page).await;
    assert!(shared.n_read < shared.kept.shared && shared.why_read.is_none(), "{shared:?}");

    let wick = wick.started_again();
    for file in wick.parked() {
        fs::remove_file(file).unwrap();
    }
    let mut page = wick.page().await;
    let unknown = fork(&mut page).await;
    assert_eq!(unknown.why_read, Some(WhyRead::NotSeen), "{unknown:?}");
}

#[tokio::test]
async fn another_model_answers_beside_the_one_that_writes() {
    let Some(wick) = Wick::with(&[SMOL, GEMMA], &[]) else { return };
    let mut page = wick.page().await;
    choose(&mut page, SMOL).await;
    page.sample(likeliest(90)).await;
    page.say("Write a long story about a ship.").await;
    page.until_text().await;
    let first = page.shown.clone().expect("it is being written");
    let sampling = Sampling { temperature: 0.5, ..likeliest(6) };
    let compare = |model: &str, sampling: &Sampling| ClientMessage::Compare {
        message: first.id,
        model: ModelId(model.into()),
        sampling: sampling.clone(),
    };

    page.ask(compare(GEMMA, &sampling)).await;

    let all = versions(&mut page, 2).await;
    let other = page.answer().await;
    assert_eq!(other.id, all[1]);
    assert_ne!(name(&other), name(&first));
    assert_eq!(stats(&other).how.map(|it| it.temperature), Some(0.5));
    // The first one was neither stopped nor changed, and the choices are as they were.
    walk(&mut page, first.id).await;
    let ended = page.answer().await;
    assert_eq!(stats(&ended).n_tokens, 90, "{ended:?}");
    assert_eq!(stats(&ended).how.map(|it| it.temperature), Some(likeliest(1).temperature));

    page.ask(compare("gone.gguf", &sampling)).await;
    assert_eq!(page.refusal().await, "That model is not there any more. Choose another one");
    page.ask(compare(GEMMA, &Sampling { temperature: 9.0, ..sampling })).await;
    assert_eq!(page.refusal().await, "Temperature is 9; it goes from 0 to 5");
}
