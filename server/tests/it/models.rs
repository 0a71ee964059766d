//! Model files, good and bad.

use std::fs::{self, File};
use std::path::Path;

use wick_protocol::{AnswerState, ClientMessage, Model, ModelId, Offer, ServerMessage, Template};

use crate::support::{GEMMA, Page, SMOL, Wick, likeliest, state, stats, test_models};

/// The models that a page is told of after it asked for them again, once there are so many.
async fn listed(page: &mut Page, count: usize) -> Vec<Model> {
    page.ask(ClientMessage::LookForModels).await;
    page.until(|message| match message {
        ServerMessage::ModelsChanged { models } if models.list.len() == count => {
            Some(models.list.clone())
        }
        _ => None,
    })
    .await
}

/// Chooses a model, and says what is known of it.
pub async fn choose(page: &mut Page, file: &str) -> Model {
    let id = ModelId(file.into());
    page.ask(ClientMessage::ChooseModel { model: id.clone() }).await;
    page.until(|message| match message {
        ServerMessage::ModelsChanged { models } if models.chosen.as_ref() == Some(&id) => {
            models.list.iter().find(|model| model.id == id).cloned()
        }
        _ => None,
    })
    .await
}

fn part_of(from: &Path, to: &Path, n_bytes: u64) {
    use std::io::Read;
    let mut from = File::open(from).unwrap().take(n_bytes);
    std::io::copy(&mut from, &mut File::create(to).unwrap()).unwrap();
}

#[tokio::test]
async fn another_model_can_be_chosen_in_a_chat() {
    let Some(wick) = Wick::with(&[SMOL, GEMMA], &[]) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(8)).await;
    choose(&mut page, SMOL).await;
    page.say("Hello").await;
    assert_eq!(stats(&page.answer().await).n_tokens, 8);
    choose(&mut page, GEMMA).await;
    page.say("Hello again").await;
    let answer = page.answer().await;
    assert!(!matches!(state(&answer), AnswerState::Interrupted { .. }), "{answer:?}");
}

#[tokio::test]
async fn models_say_what_they_are() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    let folder = wick.data.path().join("models");
    std::os::unix::fs::symlink(test_models().unwrap().join(GEMMA), folder.join(GEMMA)).unwrap();
    let models = listed(&mut page, 2).await;
    let facts: Vec<_> = models
        .iter()
        .map(|it| (it.name.as_str(), it.quantisation.as_str(), it.bytes, it.context, it.template))
        .collect();
    assert_eq!(
        facts,
        [
            ("gemma-3-270m", "Q4_K_M", 253_113_024, 32768, Template::ChatMl),
            ("SmolLM2-135M-Instruct", "Q4_1", 98_362_432, 8192, Template::InFile),
        ]
    );
    assert!(models.iter().all(|model| model.trouble.is_none()));
}

#[tokio::test]
async fn bad_files_are_named_and_the_good_one_still_answers() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    let (good, folder) = (test_models().unwrap().join(SMOL), wick.data.path().join("models"));
    fs::write(folder.join("a-text.gguf"), "Once upon a time").unwrap();
    part_of(&good, &folder.join("a-part.gguf"), 50_000_000);
    part_of(&good, &folder.join("a-head.gguf"), 10_000);
    let models = listed(&mut page, 4).await;
    let trouble = |file: &str| {
        let model = models.iter().find(|model| model.file == file).unwrap();
        model.trouble.clone().unwrap_or_default()
    };
    assert_eq!(trouble("a-text.gguf"), "This is not a GGUF file");
    let cut =
        "The file is cut off: 50,000,000 of at least 98,362,432 bytes are there. Fetch it again";
    assert_eq!(trouble("a-part.gguf"), cut);
    assert!(trouble("a-head.gguf").starts_with("The file is cut off: 10,000 of at least"));
    page.sample(likeliest(3)).await;
    choose(&mut page, "a-part.gguf").await;
    page.say("Hello").await;
    let answer = page.answer().await;
    let AnswerState::Interrupted { reason, .. } = state(&answer) else { panic!("{answer:?}") };
    assert_eq!(*reason, format!("a-part.gguf can't be used. {cut}"));
    assert_eq!(wick.engine(), None);
    choose(&mut page, SMOL).await;
    page.ask(ClientMessage::Continue { message: answer.id }).await;
    page.until_state(AnswerState::is_live).await;
    assert_eq!(stats(&page.answer().await).n_tokens, 3);
}

#[tokio::test]
async fn a_model_that_is_too_big_is_refused_with_numbers() {
    let Some(wick) = Wick::with(&[], &[]) else { return };
    let big = wick.data.path().join("models/big.gguf");
    part_of(&test_models().unwrap().join(SMOL), &big, u64::MAX);
    // Holes take no room on the disk.
    File::options().write(true).open(&big).unwrap().set_len(900_000_000_000).unwrap();
    let mut page = wick.page().await;
    page.say("Hello").await;
    let answer = page.answer().await;
    let AnswerState::Interrupted { reason, offer } = state(&answer) else { panic!("{answer:?}") };
    assert_eq!(*offer, Some(Offer::LoadAnyway));
    assert!(reason.starts_with("big needs about 900.1 GB of memory and"), "{reason}");
    assert_eq!(wick.engine(), None);
}

#[tokio::test]
async fn a_file_that_llama_cpp_does_not_take_ends_no_server() {
    let Some(wick) = Wick::with(&[], &[]) else { return };
    let odd = wick.data.path().join("models/odd.gguf");
    let mut bytes = fs::read(test_models().unwrap().join(SMOL)).unwrap();
    // Another architecture, by the same number of letters.
    let at = bytes.windows(25).position(|it| it == b"general.architecture\x08\0\0\0\x05").unwrap();
    bytes[at + 32..at + 37].copy_from_slice(b"llomo");
    fs::write(odd, bytes).unwrap();
    let mut page = wick.page().await;
    page.say("Hello").await;
    let answer = page.answer().await;
    let AnswerState::Interrupted { reason, .. } = state(&answer) else { panic!("{answer:?}") };
    assert!(reason.contains("odd can't be loaded") && reason.contains("llomo"), "{reason}");
    assert_eq!(wick.get("/health", "").status, 200);
}
