//! The engine process: when it is there, and what happens when it goes.

use wick_protocol::{AnswerState, ClientMessage, Engine, Finish, Running, Stage, WhyRead};

use crate::support::{GEMMA, SMOL, Wick, likeliest, signal, state, stats};

fn loads(engine: &Engine) -> bool {
    matches!(engine.running[..], [Running { stage: Stage::Loading { .. }, .. }])
}

#[tokio::test]
async fn there_is_no_engine_before_the_first_message() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    assert!(page.engine.as_ref().unwrap().running.is_empty());
    assert_eq!(page.memory(), None);
    assert_eq!(wick.engine(), None);
    assert!(String::from_utf8_lossy(&wick.get("/health", "").body).contains(r#""engine":"off""#));
    page.sample(likeliest(3)).await;
    page.say("Hello").await;
    page.until_engine(loads).await;
    page.until_stage(Some(Stage::Ready)).await;
    page.answer().await;
    assert!(wick.engine().is_some());
    // What it holds after the answer is told behind the answer.
    page.until_engine(|it| it.memory().is_some_and(|it| 80_000_000 < it.weights)).await;
    let memory = page.memory().unwrap();
    assert!(memory.weights < 200_000_000, "{memory:?}");
    assert!(20_000_000 < memory.rest(), "{memory:?}");
}

#[tokio::test]
async fn a_load_that_nobody_waits_for_any_more_can_be_given_up() {
    let Some(wick) = Wick::with(&[GEMMA], &[]) else { return };
    let mut page = wick.page().await;
    page.say("Hello").await;
    page.until_engine(loads).await;
    let message = page.shown.as_ref().unwrap().id;
    page.ask(ClientMessage::Stop { message }).await;
    let stopped = AnswerState::Finished { why: Finish::Stopped };
    assert_eq!(state(&page.answer().await), &stopped);
    page.ask(ClientMessage::Rest).await;
    page.until_stage(None).await;
    assert_eq!(wick.engine(), None);
    page.sample(likeliest(3)).await;
    page.say("Hello again").await;
    assert_eq!(stats(&page.answer().await).n_tokens, 3);
}

#[tokio::test]
async fn a_killed_engine_loses_no_word_and_the_next_message_works() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    page.say("Write a long story about a ship.").await;
    page.until_text().await;
    signal(wick.engine().unwrap(), "KILL");
    let cut = page.answer().await;
    let AnswerState::Interrupted { reason, .. } = state(&cut) else { panic!("{cut:?}") };
    assert!(reason.contains("signal 9") && reason.contains("is kept"), "{reason}");
    assert!(!cut.text.is_empty());
    page.until_stage(None).await;
    page.sample(likeliest(10)).await;
    page.ask(ClientMessage::Continue { message: cut.id }).await;
    page.until_state(AnswerState::is_live).await;
    let whole = page.answer().await;
    assert!(whole.text.starts_with(&cut.text) && cut.text.len() < whole.text.len());
    // What it had read was in no file, and is said to be lost once.
    assert_eq!(stats(&whole).why_read, Some(WhyRead::Lost));
    page.say("And then?").await;
    assert_eq!(stats(&page.answer().await).why_read, None);
}

#[tokio::test]
async fn a_killed_server_keeps_the_answer_and_takes_the_engine_with_it() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    page.say("Write a long story about a ship.").await;
    page.until_text().await;
    // Text is on the disk 50 ms later: wait until more has come.
    let seen = page.shown.as_ref().unwrap().text.clone();
    while page.shown.as_ref().unwrap().text.len() < seen.len() + 200 {
        page.next().await;
    }
    let chat = page.chat.unwrap();
    // It waits for the end of the engine.
    let wick = wick.killed_and_started_again();
    let mut page = wick.page().await;
    page.open(chat).await;
    let kept = page.shown.clone().unwrap();
    let AnswerState::Interrupted { reason, .. } = state(&kept) else { panic!("{kept:?}") };
    assert_eq!(reason, "Wick ended while this answer was being written");
    assert!(kept.text.starts_with(&seen), "{:?} {:?}", kept.text, seen);
}

#[tokio::test]
async fn what_rests_is_given_back_in_steps() {
    let Some(wick) = Wick::with(&[SMOL], &["--context-idle", "200ms", "--model-idle", "2s"]) else {
        return;
    };
    let mut page = wick.page().await;
    page.sample(likeliest(3)).await;
    page.say("Hello").await;
    page.answer().await;
    page.until_stage(Some(Stage::Ready)).await;
    let busy = page.memory().unwrap();
    page.until_stage(Some(Stage::Resting)).await;
    let resting = page.memory().unwrap();
    assert!(resting.total + 30_000_000 < busy.total, "{resting:?} after {busy:?}");
    page.until_stage(None).await;
    assert_eq!(page.memory(), None);
    assert_eq!(wick.engine(), None);
    page.say("Again").await;
    assert_eq!(state(&page.answer().await), &AnswerState::Finished { why: Finish::Length });
}
