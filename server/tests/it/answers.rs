//! Messages, answers, and what becomes of them.

use wick_protocol::{AnswerState, Author, ClientMessage, Finish, Queued, Sampling, ServerMessage};

use crate::support::{SMOL, Wick, likeliest, state, stats};

#[tokio::test]
async fn an_answer_streams_in_and_the_next_turn_reads_only_what_is_new() {
    let Some(wick) = Wick::unread(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(20)).await;
    page.say("What is the capital of France?").await;
    let first = page.answer().await;
    assert!(matches!(state(&first), AnswerState::Finished { .. }), "{first:?}");
    assert!(!first.text.is_empty());
    assert_eq!(stats(&first).kept.all(), 0);
    page.say("And of Spain?").await;
    let second = page.answer().await;
    let all = stats(&first).n_read + stats(&first).n_tokens;
    assert!(all <= stats(&second).kept.all() + 1, "{:?} after {:?}", stats(&second), stats(&first));
    assert!(stats(&second).n_read < 40, "{:?}", stats(&second));
}

#[tokio::test]
async fn a_second_page_sees_the_same_answer() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(60)).await;
    page.say("Tell me a story about a lighthouse.").await;
    page.until_text().await;
    let mut other = wick.page().await;
    other.open(page.chat.unwrap()).await;
    let (one, two) = tokio::join!(page.answer(), other.answer());
    assert_eq!(one, two);
    assert_eq!(state(&one), &AnswerState::Finished { why: Finish::Length });
    assert_eq!(stats(&one).n_tokens, 60);
}

#[tokio::test]
async fn stop_keeps_what_is_there_and_continue_goes_on_from_it() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    page.say("Write a long story about a ship.").await;
    page.until_text().await;
    let message = page.shown.as_ref().unwrap().id;
    page.ask(ClientMessage::Stop { message }).await;
    let stopped = page.answer().await;
    assert_eq!(state(&stopped), &AnswerState::Finished { why: Finish::Stopped });
    let took = stats(&stopped);
    assert!(0 < took.n_tokens && 0 < took.n_read && took.how.is_some(), "{took:?}");
    page.sample(likeliest(10)).await;
    page.ask(ClientMessage::Continue { message }).await;
    page.until_state(AnswerState::is_live).await;
    let longer = page.answer().await;
    assert!(longer.text.starts_with(&stopped.text), "{:?} {:?}", stopped.text, longer.text);
    assert!(stopped.text.len() < longer.text.len());
    assert_eq!(longer.id, stopped.id);
}

#[tokio::test]
async fn sampling_is_obeyed() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    let mut say = async |sampling: Sampling| {
        page.sample(sampling).await;
        page.chat = None;
        page.say("Write a long story about a lighthouse.").await;
        page.answer().await
    };
    let greedy = say(likeliest(30)).await;
    assert_eq!(say(likeliest(30)).await.text, greedy.text);
    let seeded = Sampling { seed: Some(7), temperature: 1.5, ..likeliest(30) };
    let seeded_text = say(seeded.clone()).await.text;
    assert_eq!(say(seeded).await.text, seeded_text);
    let word = greedy.text.split_whitespace().nth(5).unwrap();
    let cut = say(Sampling { stop: vec![word.into()], ..likeliest(200) }).await;
    assert_eq!(state(&cut), &AnswerState::Finished { why: Finish::StopString });
    assert_eq!(cut.text, greedy.text.split(word).next().unwrap());
}

#[tokio::test]
async fn the_same_message_twice_is_one_message() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(3)).await;
    let say = ClientMessage::Say {
        key: "once".into(),
        chat: None,
        text: "Hello".into(),
        is_temporary: false,
        instructions: None,
    };
    let mut chats = Vec::new();
    for _ in 0..2 {
        page.ask(say.clone()).await;
        let accepted = page.until(|message| match message {
            ServerMessage::Accepted { chat, .. } => Some(Ok(*chat)),
            ServerMessage::Refused { reason, .. } => Some(Err(reason.clone())),
            _ => None,
        });
        chats.push(accepted.await.unwrap());
    }
    assert_eq!(chats[0], chats[1]);
    page.ask(ClientMessage::Open { chat: Some(chats[0]), message: None }).await;
    let n_messages = page
        .until(|message| match message {
            ServerMessage::Thread { messages, .. } => Some(messages.len()),
            _ => None,
        })
        .await;
    assert_eq!(n_messages, 2);
}

#[tokio::test]
async fn a_second_message_waits_for_the_end_of_the_answer() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(60)).await;
    page.say("Write a long story about a ship.").await;
    page.until_text().await;
    let (chat, text) = (page.chat, "And?".to_owned());
    page.ask(ClientMessage::Say {
        key: "two".into(),
        chat,
        text,
        is_temporary: false,
        instructions: None,
    })
    .await;
    let queue = page
        .until(|message| match message {
            ServerMessage::QueueChanged { queue, .. } => Some(queue.clone()),
            _ => None,
        })
        .await;
    assert_eq!(queue, [Queued { key: "two".into(), text: "And?".into() }]);
    let change = |key: &str, text: &str| ClientMessage::ChangeQueued {
        chat: chat.unwrap(),
        key: key.into(),
        text: Some(text.into()),
    };
    page.ask(change("two", "And then?")).await;
    page.ask(change("three", "No?")).await;
    let reason = page.refusal().await;
    assert_eq!(reason, "That message was sent already");
    // Its turn comes with the end of the first answer.
    let said = page
        .until(|message| match message {
            ServerMessage::ThreadChanged { messages, .. } => messages.first().cloned(),
            _ => None,
        })
        .await;
    assert_eq!((said.author, said.text.as_str()), (Author::Person, "And then?"));
    assert!(0 < stats(&page.answer().await).n_tokens);
}

#[tokio::test]
async fn answers_in_two_chats_are_written_at_the_same_time() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let (mut one, mut two) = (wick.page().await, wick.page().await);
    one.sample(likeliest(1500)).await;
    one.say("Write a long story about a ship.").await;
    one.until_text().await;
    two.sample(likeliest(5)).await;
    two.say("Write a long story about a hill.").await;
    let answer = tokio::select! {
        answer = two.answer() => answer,
        answer = one.answer() => panic!("the long one ended first: {answer:?}"),
    };
    assert_eq!(stats(&answer).n_tokens, 5);
}

#[tokio::test]
async fn a_message_that_is_longer_than_the_context_says_so_and_nothing_is_lost() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    let long = "one two three four ".repeat(3000);
    page.say(&long).await;
    let answer = page.answer().await;
    let AnswerState::Interrupted { reason, .. } = state(&answer) else { panic!("{answer:?}") };
    assert!(reason.contains("can look back on 8,192"), "{reason}");
    page.chat = None;
    page.sample(likeliest(3)).await;
    page.say("Hello").await;
    assert_eq!(stats(&page.answer().await).n_tokens, 3);
}

#[tokio::test]
async fn a_context_grows_with_the_chat_and_nothing_is_read_twice() {
    let Some(wick) = Wick::with(&[SMOL], &["--context-first", "256"]) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(3)).await;
    // An answer of no tokens would not be in the next prompt.
    page.say(&"The keeper lights the lamp. ".repeat(28)).await;
    let first = stats(&page.answer().await);
    assert!(first.n_read < 256 && 0 < first.n_tokens, "{first:?}");
    page.say(&"The keeper climbs the stairs. ".repeat(20)).await;
    let second = stats(&page.answer().await);
    assert!(256 < second.kept.all() + second.n_read, "{second:?}");
    assert!(first.n_read <= second.kept.all(), "{second:?} after {first:?}");
}

#[tokio::test]
async fn what_is_no_message_is_refused() {
    let wick = Wick::without_models();
    let mut page = wick.page().await;
    let mut refusal = async |message: ClientMessage| {
        page.ask(message).await;
        page.refusal().await
    };
    let say = |text: String| ClientMessage::Say {
        key: "k".into(),
        chat: None,
        text,
        is_temporary: false,
        instructions: None,
    };
    assert_eq!(refusal(say("  \n".into())).await, "The message is empty");
    assert!(refusal(say("x".repeat(600_000))).await.contains("600000 bytes"));
    assert!(refusal(say("Hello".into())).await.contains("There is no model to answer"));
    let hot = Sampling { temperature: 9.0, ..Sampling::default() };
    let reason = refusal(ClientMessage::SetSampling { sampling: hot }).await;
    assert_eq!(reason, "Temperature is 9; it goes from 0 to 5");
    let nowhere = ClientMessage::Rename { chat: wick_protocol::ChatId(9), title: "x".into() };
    assert_eq!(refusal(nowhere).await, "It is not there any more");
}
