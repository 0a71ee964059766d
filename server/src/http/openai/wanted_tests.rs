//! Tests of what programs may ask for.

use serde_json::{Value, json};

use super::*;

fn wanted(body: Value) -> Wanted {
    let body: Body = serde_json::from_value(body).expect("it has the right shape");
    Wanted::try_from(body).expect("it can be done")
}

#[track_caller]
fn refused(field: &str, value: Value, expected: &str) {
    let mut body = json!({ "messages": [{ "role": "user", "content": "Hello" }] });
    body[field] = value;
    let said = match serde_json::from_value::<Body>(body) {
        Ok(body) => Wanted::try_from(body).expect_err("it can't be done").to_string(),
        Err(err) => err.to_string(),
    };
    assert!(said.contains(expected), "{field}: {said}");
}

#[test]
fn what_is_left_out_or_null_is_as_in_llama_server() {
    let wanted = wanted(json!({
        "messages": [{ "role": "user", "content": "Hello" }],
        "temperature": null, "stop": null, "stream": null, "seed": -1, "max_tokens": -1,
        "presence_penalty": 0.5, "tools": [], "user": "me",
    }));
    assert_eq!(wanted.sampling, Sampling::default());
    assert_eq!((wanted.model.as_str(), wanted.in_pieces, wanted.with_usage), ("", false, false));
    assert_eq!(wanted.turns, [Turn { role: Role::User, text: "Hello".into() }]);
}

#[test]
fn every_field_is_understood() {
    let wanted = wanted(json!({
        "model": "m", "messages": [
            { "role": "developer", "content": "Be short" },
            { "role": "user", "content": [
                { "type": "text", "text": "one" }, { "type": "text", "text": "two" },
            ] },
            { "role": "assistant", "content": "It be" },
        ],
        "stream": true, "stream_options": { "include_usage": true }, "n": 1, "temperature": 0,
        "top_k": -1, "top_p": 0.5, "min_p": 0.25, "repeat_penalty": 1.5, "seed": 7,
        "max_tokens": 9, "max_completion_tokens": 8, "stop": "end", "ignore_eos": true,
    }));
    let sampling = Sampling {
        temperature: 0.0,
        top_k: 0,
        top_p: 0.5,
        min_p: 0.25,
        repeat_penalty: 1.5,
        seed: Some(7),
        max_tokens: Some(8),
        stop: vec!["end".into()],
        format: String::new(),
    };
    assert_eq!(wanted.sampling, sampling);
    assert!(wanted.in_pieces && wanted.with_usage && wanted.ignore_end);
    let turn = |role, text: &str| Turn { role, text: text.into() };
    assert_eq!(wanted.turns, [turn(Role::System, "Be short"), turn(Role::User, "one\ntwo")]);
    assert_eq!((wanted.model.as_str(), wanted.begun.as_str()), ("m", "It be"));
}

#[test]
fn a_schema_comes_in_any_of_its_ways() {
    let format = |fields: Value| {
        let mut body = json!({ "messages": [{ "role": "user", "content": "Hello" }] });
        let Value::Object(fields) = fields else { panic!("fields have names") };
        body.as_object_mut().expect("it is one").extend(fields);
        wanted(body).sampling.format
    };
    let schema = json!({ "type": "array" });
    let written = schema.to_string();
    let named = json!({ "name": "list", "strict": true, "schema": schema });
    assert_eq!(
        format(json!({ "response_format": { "type": "json_schema", "json_schema": named } })),
        written
    );
    assert_eq!(
        format(json!({ "response_format": { "type": "json_object", "schema": schema } })),
        written
    );
    assert_eq!(format(json!({ "json_schema": schema })), written);
    assert_eq!(
        format(json!({ "response_format": { "type": "json_object" } })),
        r#"{"type":"object"}"#
    );
    assert_eq!(format(json!({ "response_format": { "type": "text" }, "grammar": "" })), "");
}

#[test]
fn what_cannot_be_done_is_refused() {
    refused("grammar", json!("root ::= \"a\""), "reads no GBNF");
    refused("json_schema", json!("a"), "is an object");
    refused("response_format", json!({ "type": "xml" }), "xml");
    refused("n", json!(2), "n is 1");
    refused("messages", json!([]), "no messages");
    refused("messages", json!([{ "role": "tool", "content": "x" }]), "unknown variant `tool`");
    refused("messages", json!([{ "role": "user", "content": null }]), "content is a text");
    let sound = json!([{ "type": "input_audio", "input_audio": { "data": "x" } }]);
    refused("messages", json!([{ "role": "user", "content": sound }]), "content is a text");
    refused("temperature", json!(9), "it goes from 0 to 5");
    refused("max_tokens", json!(0), "at least 1");
    refused("stop", json!([""]), "stop strings");
    refused("stop", json!(3), "stop is a text");
}
