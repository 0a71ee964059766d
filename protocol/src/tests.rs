use super::*;

#[track_caller]
fn check<T>(message: &T, json: &str)
where
    T: Serialize + for<'de> Deserialize<'de> + PartialEq + std::fmt::Debug,
{
    assert_eq!(serde_json::to_string(message).expect("it is plain data"), json);
    let back: T = serde_json::from_str(json).expect("it was just written");
    assert_eq!(&back, message);
}

#[test]
fn a_message_says_what_it_is() {
    check(
        &ClientMessage::Say {
            key: "k".into(),
            chat: Some(ChatId(7)),
            text: "hi".into(),
            is_temporary: false,
            instructions: Some("Be brief.".into()),
        },
        r#"{"say":{"key":"k","chat":7,"text":"hi","is_temporary":false,"instructions":"Be brief."}}"#,
    );
    check(
        &ClientMessage::SetInstructions { chat: ChatId(7), text: String::new() },
        r#"{"set_instructions":{"chat":7,"text":""}}"#,
    );
    check(
        &ServerMessage::InstructionsChanged { chat: None, text: "Be brief.".into() },
        r#"{"instructions_changed":{"chat":null,"text":"Be brief."}}"#,
    );
    check(
        &ServerMessage::Prompt { text: "<s>".into(), says: "It is short.".into() },
        r#"{"prompt":{"text":"<s>","says":"It is short."}}"#,
    );
    check(
        &ClientMessage::Open { chat: None, message: None },
        r#"{"open":{"chat":null,"message":null}}"#,
    );
    let what = Box::new(ServerMessage::ChatGone { chat: ChatId(7) });
    check(
        &ServerMessage::News { number: 4, what },
        r#"{"news":{"number":4,"what":{"chat_gone":{"chat":7}}}}"#,
    );
    check(&ClientMessage::LookForModels, r#""look_for_models""#);
    check(
        &ServerMessage::Delta { message: MessageId(3), at: 5, text: "é".into() },
        r#"{"delta":{"message":3,"at":5,"text":"é"}}"#,
    );
    check(
        &ServerMessage::StateChanged {
            message: MessageId(3),
            state: AnswerState::Finished { why: Finish::EndOfTurn },
        },
        r#"{"state_changed":{"message":3,"state":{"finished":{"why":"end_of_turn"}}}}"#,
    );
}

#[test]
fn a_message_without_instructions_begins_a_chat_as_new_ones_begin() {
    let json = r#"{"say":{"key":"k","chat":null,"text":"hi","is_temporary":false}}"#;
    let said: ClientMessage = serde_json::from_str(json).expect("other programs send these");
    assert!(matches!(said, ClientMessage::Say { instructions: None, .. }));
}

#[test]
fn what_was_saved_before_there_were_offers_is_still_read() {
    let state = |offer| AnswerState::Interrupted { reason: "No.".into(), offer };
    check(&state(None), r#"{"interrupted":{"reason":"No."}}"#);
    check(
        &state(Some(Offer::LoadAnyway)),
        r#"{"interrupted":{"reason":"No.","offer":"load_anyway"}}"#,
    );
}

#[test]
fn a_model_fits_when_it_leaves_something_to_others() {
    let verdict = |need, free| Fit { need, free }.verdict();
    assert_eq!(verdict(0, 0), Verdict::Fits);
    assert_eq!(verdict(8_500, 10_000), Verdict::Fits);
    assert_eq!(verdict(8_501, 10_000), Verdict::Tight);
    assert_eq!(verdict(10_000, 10_000), Verdict::Tight);
    assert_eq!(verdict(10_001, 10_000), Verdict::WontFit);
    assert_eq!(verdict(u64::MAX, u64::MAX), Verdict::Tight);
}

#[test]
fn a_field_that_nobody_knows_is_refused() {
    let with_extra = r#"{"stop":{"message":1,"force":true}}"#;
    assert!(serde_json::from_str::<ClientMessage>(with_extra).is_err());
}

#[test]
fn sampling_says_which_value_is_out_of_range() {
    assert_eq!(Sampling::default().check(), Ok(()));
    let hot = Sampling { temperature: 9.0, ..Sampling::default() };
    assert_eq!(
        hot.check().expect_err("9 is above 5").to_string(),
        "Temperature is 9; it goes from 0 to 5"
    );
    let odd = Sampling { top_p: f32::NAN, ..Sampling::default() };
    assert!(odd.check().is_err());
    let empty_stop = Sampling { stop: vec![String::new()], ..Sampling::default() };
    assert!(empty_stop.check().is_err());
    let none = Sampling { max_tokens: Some(0), ..Sampling::default() };
    assert_eq!(none.check(), Err(SamplingError::NoTokens));
}
