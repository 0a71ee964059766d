//! Answers that keep to a format: a JSON schema or a grammar.

use serde_json::{Value, json};
use wick_protocol::{AnswerState, ClientMessage, Finish, Message, Sampling};

use crate::support::{GEMMA, Page, SMOL, Wick, likeliest, state};

/// Nothing that this schema allows is long.
fn schema() -> Value {
    let name = json!({ "type": "string", "maxLength": 24 });
    let places = json!({ "type": "array", "items": { "enum": ["north", "south"] }, "maxItems": 3 });
    json!({
        "type": "object",
        "properties": { "name": name, "height": { "type": "integer", "maximum": 999 }, "places": places },
        "required": ["name", "height", "places"],
        "additionalProperties": false,
    })
}

#[track_caller]
fn check(text: &str) {
    let said: Value = serde_json::from_str(text).unwrap_or_else(|err| panic!("{err}: {text}"));
    let said = said.as_object().unwrap();
    assert_eq!(said.len(), 3, "{text}");
    assert!(said["name"].as_str().unwrap().chars().count() <= 24, "{text}");
    assert!(said["height"].as_i64().unwrap() <= 999, "{text}");
    let is_place = |it: &Value| it == "north" || it == "south";
    assert!(said["places"].as_array().unwrap().iter().all(is_place), "{text}");
}

async fn ask(page: &mut Page, sampling: Sampling) -> Message {
    page.sample(sampling).await;
    page.chat = None;
    page.say("Describe a lighthouse.").await;
    page.answer().await
}

#[tokio::test]
async fn an_answer_keeps_to_a_schema_whatever_the_dice_say() {
    let dice = [(0.0, 1), (5.0, 2)];
    // Each token of the larger vocabulary takes longer to be chosen.
    for (file, dice) in [(SMOL, &dice[..]), (GEMMA, &dice[1..])] {
        let Some(wick) = Wick::with(&[file], &[]) else { return };
        let mut page = wick.page().await;
        let format = schema().to_string();
        for &(temperature, seed) in dice {
            let seed = Some(seed);
            let sampling = Sampling { temperature, seed, format: format.clone(), ..likeliest(400) };
            let answer = ask(&mut page, sampling).await;
            assert_eq!(state(&answer), &AnswerState::Finished { why: Finish::EndOfTurn });
            check(&answer.text);
        }
    }
}

#[tokio::test]
async fn an_answer_keeps_to_a_grammar() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    let format = r#"start: "A " ("tall" | "low") " one""#.to_owned();
    let answer = ask(&mut page, Sampling { format, ..likeliest(40) }).await;
    assert!(["A tall one", "A low one"].contains(&answer.text.as_str()), "{}", answer.text);
    // The next one is free again.
    let answer = ask(&mut page, likeliest(20)).await;
    assert!(20 < answer.text.len(), "{}", answer.text);
}

#[tokio::test]
async fn an_answer_that_was_cut_short_goes_on_in_its_format() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    let with = |n_tokens| Sampling { format: schema().to_string(), ..likeliest(n_tokens) };
    let begun = ask(&mut page, with(8)).await;
    assert_eq!(state(&begun), &AnswerState::Finished { why: Finish::Length });
    page.sample(with(400)).await;
    page.ask(ClientMessage::Continue { message: begun.id }).await;
    page.until_state(AnswerState::is_live).await;
    let whole = page.answer().await;
    assert!(whole.text.starts_with(&begun.text), "{:?} {:?}", begun.text, whole.text);
    check(&whole.text);
}

#[tokio::test]
async fn a_format_that_can_not_be_used_is_said_and_the_next_message_works() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    for format in
        ["{", r#"{"type": "tower"}"#, "start: tower", "no grammar at all", r#"start: ("a"*)* "#]
    {
        let answer = ask(&mut page, Sampling { format: format.into(), ..likeliest(4) }).await;
        match state(&answer) {
            AnswerState::Interrupted { reason, .. } => {
                assert!(reason.starts_with("The format of answers can't be used: "), "{reason}");
                assert!(reason.len() < 400, "{format}: {reason}");
            }
            // An empty answer is one of this kind.
            it => assert!(format.contains("\"a\""), "{format}: {it:?}"),
        }
    }
    assert!(!ask(&mut page, likeliest(4)).await.text.is_empty());
}

#[tokio::test]
async fn stop_is_heard_before_the_format_is_read() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    let formatted = Sampling { format: schema().to_string(), ..likeliest(400) };
    page.sample(formatted.clone()).await;
    page.say("Describe a lighthouse.").await;
    page.until_state(AnswerState::is_live).await;
    let message = page.shown.as_ref().unwrap().id;
    page.ask(ClientMessage::Stop { message }).await;
    let stopped = page.answer().await;
    assert_eq!(state(&stopped), &AnswerState::Finished { why: Finish::Stopped });
    assert_eq!(stopped.text, "");
    check(&ask(&mut page, formatted).await.text);
}
