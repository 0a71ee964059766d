//! Several models at once: they stay loaded while there is memory, and give way by bytes.

use wick_protocol::{AnswerState, ClientMessage, ModelId, Stage};

use crate::models::choose;
use crate::support::{GEMMA, Page, SMOL, Wick, likeliest, state, stats};

/// Answers of a few tokens by these models, one after the other.
async fn answers(page: &mut Page, models: &[&str]) {
    for model in models {
        choose(page, model).await;
        page.say("Hello").await;
        assert_eq!(stats(&page.answer().await).n_tokens, 4);
    }
}

/// The models that have a process, the one that was asked last first.
fn running(page: &Page) -> Vec<&str> {
    page.engine.as_ref().unwrap().running.iter().map(|it| it.model.0.as_str()).collect()
}

#[tokio::test]
async fn models_stay_loaded_while_there_is_memory() {
    let Some(wick) = Wick::with(&[SMOL, GEMMA], &[]) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(4)).await;
    answers(&mut page, &[SMOL, GEMMA]).await;
    let both = wick.engines();
    assert_eq!(both.len(), 2);
    answers(&mut page, &[SMOL]).await;
    assert_eq!(wick.engines(), both, "nothing was loaded again");
    page.until_engine(|it| it.running[0].model.0 == SMOL).await;
    assert_eq!(running(&page), [SMOL, GEMMA]);
    let memory = page.memory().unwrap();
    let each = page.engine.as_ref().unwrap().running.iter().map(|it| it.memory.unwrap().total);
    assert_eq!(memory.total, each.sum::<u64>());
    page.ask(ClientMessage::Rest).await;
    page.until_stage(None).await;
    assert!(wick.engines().is_empty());
    let receipt = page.engine.as_ref().unwrap().receipt.unwrap();
    assert!(400_000_000 < receipt.before, "of both: {receipt:?}");
}

#[tokio::test]
async fn the_model_used_longest_ago_gives_way_to_another() {
    let Some(wick) = Wick::with(&[SMOL, GEMMA], &["--memory", "500"]) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(4)).await;
    answers(&mut page, &[SMOL]).await;
    let chat = page.chat.take();
    choose(&mut page, GEMMA).await;
    page.say("Hello").await;
    page.answer().await;
    assert_eq!((running(&page), wick.engines().len()), (vec![GEMMA], 1));
    // What it knew was parked.
    choose(&mut page, SMOL).await;
    page.open(chat.unwrap()).await;
    page.say("Hello again").await;
    let stats = stats(&page.answer().await);
    assert!(30 < stats.kept.parked && stats.why_read.is_none(), "{stats:?}");
    assert_eq!((running(&page), wick.engines().len()), (vec![SMOL], 1));
}

#[tokio::test]
async fn a_model_in_use_is_waited_for_and_not_taken_away() {
    let Some(wick) = Wick::with(&[SMOL, GEMMA], &["--memory", "500"]) else { return };
    let (mut page, mut other) = (wick.page().await, wick.page().await);
    page.sample(likeliest(2000)).await;
    choose(&mut page, SMOL).await;
    page.say("Tell a long story about a ship.").await;
    page.until_text().await;
    other.sample(likeliest(4)).await;
    choose(&mut other, GEMMA).await;
    other.say("Hello").await;
    other.until_state(|it| matches!(it, AnswerState::Waiting { ahead: 1 })).await;
    assert_eq!(running(&other), [SMOL]);
    let seen = page.shown.clone().unwrap();
    page.ask(ClientMessage::Stop { message: seen.id }).await;
    assert!(matches!(state(&page.answer().await), AnswerState::Finished { .. }));
    assert_eq!(stats(&other.answer().await).n_tokens, 4);
    other.until_engine(|it| it.running.iter().all(|it| it.model == ModelId(GEMMA.into()))).await;
    other.until_stage(Some(Stage::Ready)).await;
}

#[tokio::test]
async fn a_model_over_the_limit_is_refused_in_numbers() {
    let Some(wick) = Wick::with(&[SMOL], &["--memory", "100"]) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(4)).await;
    page.say("Hello").await;
    let answer = page.answer().await;
    let AnswerState::Interrupted { reason, .. } = state(&answer) else { panic!("{answer:?}") };
    assert!(reason.contains("163 MB of memory and 100 MB are free"), "{reason}");
    assert!(wick.engines().is_empty());
    page.ask(ClientMessage::LoadAnyway { message: answer.id }).await;
    page.until_state(AnswerState::is_live).await;
    assert_eq!(stats(&page.answer().await).n_tokens, 4);
}
