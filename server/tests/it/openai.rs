//! The door for other programs: what OpenAI's interface promises.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

use serde_json::{Value, json};
use wick_protocol::Stage;

use crate::support::{GEMMA, PATIENCE, Response, SMOL, Wick};

const COMPLETIONS: &str = "/v1/chat/completions";
const IS_JSON: &str = "Content-Type: application/json\r\n";

/// A request. In HTTP 1.0 a stream comes as it is, without the lengths of its pieces.
fn head(wick: &Wick, path: &str, headers: &str, n_bytes: usize) -> String {
    let (port, shown) = (wick.port, wick.shown());
    format!(
        "POST {path} HTTP/1.0\r\nHost: localhost:{port}\r\n{shown}{headers}Content-Length: {n_bytes}\r\n\r\n"
    )
}

fn post(wick: &Wick, path: &str, headers: &str, body: &str) -> Response {
    wick.request(&format!("{}{body}", head(wick, path, headers, body.len())))
}

/// What a program asks: always the likeliest token, and these fields besides.
fn body(text: &str, fields: Value) -> Value {
    let mut body = json!({
        "model": "SmolLM2-135M-Instruct", "temperature": 0, "max_tokens": 12,
        "messages": [{ "role": "user", "content": text }],
    });
    let Value::Object(fields) = fields else { panic!("fields have names") };
    body.as_object_mut().unwrap().extend(fields);
    body
}

fn complete(wick: &Wick, text: &str, fields: Value) -> Value {
    let response = post(wick, COMPLETIONS, IS_JSON, &body(text, fields).to_string());
    let said = String::from_utf8(response.body).unwrap();
    assert_eq!(response.status, 200, "{said}");
    serde_json::from_str(&said).unwrap()
}

/// A request that was sent, and nothing of its answer read yet.
fn send(wick: &Wick, body: &Value) -> TcpStream {
    let body = body.to_string();
    let mut stream = TcpStream::connect(("127.0.0.1", wick.port)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(head(wick, COMPLETIONS, IS_JSON, body.len()).as_bytes()).unwrap();
    stream.write_all(body.as_bytes()).unwrap();
    stream
}

/// The data of a stream, as it comes.
fn data(stream: TcpStream) -> impl Iterator<Item = String> {
    let lines = BufReader::new(stream).lines().map(Result::unwrap);
    lines.filter_map(|line| Some(line.strip_prefix("data: ")?.to_owned()))
}

/// Writes until its context is full, which takes longer than a test has patience.
fn endless(in_pieces: bool) -> Value {
    let any = json!({
        "stream": in_pieces, "max_tokens": null, "ignore_eos": true,
        "temperature": 5, "top_k": 0, "top_p": 1, "min_p": 0, "seed": 1,
    });
    body("Write a long story about a ship.", any)
}

#[test]
fn an_answer_keeps_to_a_schema() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let schema = json!({
        "type": "object", "properties": { "colour": { "enum": ["red", "blue"] } },
        "required": ["colour"], "additionalProperties": false,
    });
    let format =
        json!({ "type": "json_schema", "json_schema": { "name": "colour", "schema": schema } });
    let said =
        complete(&wick, "Name a colour.", json!({ "response_format": format, "max_tokens": 60 }));
    let text = said["choices"][0]["message"]["content"].as_str().unwrap();
    let answer: Value = serde_json::from_str(text).unwrap();
    assert!(answer["colour"] == "red" || answer["colour"] == "blue", "{text}");
    assert_eq!(said["choices"][0]["finish_reason"], "stop");
}

#[test]
fn models_are_listed_by_name_before_any_page_is_open() {
    let Some(wick) = Wick::with(&[SMOL, GEMMA], &[]) else { return };
    let read = |path: &str| -> Value { serde_json::from_slice(&wick.get(path, "").body).unwrap() };
    let list = read("/v1/models");
    let ids: Vec<&Value> = list["data"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
    assert_eq!(json!(ids), json!(["gemma-3-270m", "SmolLM2-135M-Instruct"]));
    assert_eq!(list["object"], "list");
    let one = read("/v1/models/gemma-3-270m");
    assert_eq!(one, list["data"][0]);
    assert_eq!((&one["object"], &one["owned_by"]), (&"model".into(), &"wick".into()));
    assert!(0 < one["created"].as_u64().unwrap());
    assert_eq!(wick.get("/v1/models/none", "").status, 404);
    assert_eq!(read("/v1/models/none")["error"]["code"], "model_not_found");
    assert_eq!(wick.engine(), None);
}

#[test]
fn an_answer_comes_whole_and_its_opening_is_read_once() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let first = complete(&wick, "What is the capital of France?", json!({}));
    let choice = &first["choices"][0];
    assert_eq!(choice["message"]["role"], "assistant");
    assert!(!choice["message"]["content"].as_str().unwrap().is_empty());
    assert_eq!(first["model"], "SmolLM2-135M-Instruct");
    let number = |answer: &Value, name: &str| answer["usage"][name].as_u64().unwrap();
    let sum = number(&first, "prompt_tokens") + number(&first, "completion_tokens");
    assert_eq!(number(&first, "total_tokens"), sum);
    let second = complete(&wick, "What is the capital of France?", json!({}));
    assert_eq!(second["choices"][0]["message"], choice["message"]);
    assert_ne!(second["id"], first["id"]);
    let cached = &second["usage"]["prompt_tokens_details"]["cached_tokens"];
    assert!(0 < cached.as_u64().unwrap(), "{second}");
    assert_eq!(number(&second, "prompt_tokens"), number(&first, "prompt_tokens"));
}

#[test]
fn an_answer_that_is_not_to_end_goes_on_and_is_not_read_again() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let fields = json!({ "ignore_eos": true, "max_tokens": 90 });
    let first = complete(&wick, "Say hello.", fields);
    assert_eq!(first["choices"][0]["finish_reason"], "length");
    assert_eq!(first["usage"]["completion_tokens"], 90);
    let next = json!([
        { "role": "user", "content": "Say hello." },
        first["choices"][0]["message"],
        { "role": "user", "content": "And again." },
    ]);
    let second = complete(&wick, "", json!({ "messages": next }));
    let cached = second["usage"]["prompt_tokens_details"]["cached_tokens"].as_u64().unwrap();
    let known = first["usage"]["total_tokens"].as_u64().unwrap();
    // The last token was chosen and not put through the model.
    assert!(known <= cached + 1, "{known} tokens were there, {cached} were kept");
}

#[test]
fn a_stream_says_the_same_in_pieces_and_what_it_took() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let text = "Count from one to twenty in words.";
    let whole = complete(&wick, text, json!({}));
    let fields = json!({ "stream": true, "stream_options": { "include_usage": true } });
    let mut pieces: Vec<String> = data(send(&wick, &body(text, fields))).collect();
    assert_eq!(pieces.pop().as_deref(), Some("[DONE]"));
    let mut pieces: Vec<Value> =
        pieces.iter().map(|piece| serde_json::from_str(piece).unwrap()).collect();
    let usage = pieces.pop().unwrap();
    assert_eq!(usage["choices"], json!([]));
    assert_eq!(usage["usage"]["total_tokens"], whole["usage"]["total_tokens"]);
    assert_eq!(pieces[0]["choices"][0]["delta"]["role"], "assistant");
    let said: String = pieces
        .iter()
        .filter_map(|piece| piece["choices"][0]["delta"]["content"].as_str())
        .collect();
    assert_eq!(said, whole["choices"][0]["message"]["content"]);
    let last = pieces.last().unwrap();
    assert_eq!(last["choices"][0]["finish_reason"], whole["choices"][0]["finish_reason"]);
    assert!(pieces.iter().all(|piece| piece["id"] == usage["id"] && piece.get("usage").is_none()));
}

#[test]
fn an_answer_ends_where_it_should() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let text = "Write a long story about a lighthouse.";
    let ended = |answer: Value| {
        let choice = answer["choices"][0].clone();
        let text = choice["message"]["content"].as_str().unwrap().to_owned();
        (text, choice["finish_reason"].as_str().unwrap().to_owned())
    };
    let short = complete(&wick, text, json!({ "max_tokens": 2 }));
    assert_eq!(short["usage"]["completion_tokens"], 2);
    assert_eq!(ended(short).1, "length");
    let (said, _) = ended(complete(&wick, text, json!({})));
    let word = said.split_whitespace().nth(3).unwrap();
    let before = said.split(word).next().unwrap().to_owned();
    for stop in [json!(word), json!(["never said", word])] {
        let cut = ended(complete(&wick, text, json!({ "stop": stop })));
        assert_eq!(cut, (before.clone(), "stop".to_owned()));
    }
    // A space belongs to the token behind it.
    let (begun, rest) = said.split_at(before.trim_end().len());
    let messages =
        json!([{ "role": "user", "content": text }, { "role": "assistant", "content": begun }]);
    let continued = ended(complete(&wick, text, json!({ "messages": messages }))).0;
    assert!(continued.starts_with(rest), "{continued:?} goes on like {rest:?}");
}

#[test]
fn a_name_that_means_nothing_is_the_model_that_is_there() {
    let Some(wick) = Wick::with(&[SMOL, GEMMA], &[]) else { return };
    let one = json!({ "model": SMOL, "max_tokens": 1 });
    assert_eq!(complete(&wick, "Hello", one)["model"], "SmolLM2-135M-Instruct");
    for model in [json!("gpt-5"), json!(""), json!(null)] {
        let answer = complete(&wick, "Hello", json!({ "model": model, "max_tokens": 1 }));
        assert_eq!(answer["model"], "SmolLM2-135M-Instruct", "it is loaded");
    }
}

#[test]
fn what_cannot_be_done_is_said_as_programs_expect_it() {
    let wick = Wick::without_models();
    let check = |response: Response, status: u16, code: Value, message: &str| {
        let said: Value = serde_json::from_slice(&response.body).unwrap();
        let error = &said["error"];
        assert_eq!((response.status, &error["code"]), (status, &code), "{said}");
        assert_eq!(
            (&error["type"], &error["param"]),
            (&"invalid_request_error".into(), &json!(null))
        );
        assert!(error["message"].as_str().unwrap().contains(message), "{said}");
    };
    let ask = |fields: Value| post(&wick, COMPLETIONS, IS_JSON, &body("Hello", fields).to_string());
    let hello = body("Hello", json!({})).to_string();
    check(ask(json!({})), 404, json!("model_not_found"), "There is no model to answer");
    check(ask(json!({ "stream": true })), 404, json!("model_not_found"), "no model to answer");
    check(ask(json!({ "n": 2 })), 400, json!(null), "n is 1");
    check(ask(json!({ "temperature": -1 })), 400, json!(null), "Temperature is -1");
    let tool = json!([{ "role": "tool", "content": "x" }]);
    check(ask(json!({ "messages": tool })), 400, json!(null), "messages[0].role: unknown variant");
    check(post(&wick, COMPLETIONS, IS_JSON, "{"), 400, json!("invalid_json"), "can't be read: EOF");
    check(post(&wick, COMPLETIONS, "", &hello), 415, json!(null), "application/json");
    let plain = "Content-Type: text/plain\r\n";
    check(post(&wick, COMPLETIONS, plain, &hello), 415, json!(null), "application/json");
    check(post(&wick, "/v1/embeddings", IS_JSON, &hello), 404, json!("unknown_url"), "no such");
    check(wick.get(COMPLETIONS, ""), 405, json!(null), "answers with POST");
    let too_long = " ".repeat((24 << 20) + 1);
    check(post(&wick, COMPLETIONS, IS_JSON, &too_long), 413, json!(null), "up to 24 MiB");
}

#[test]
fn a_prompt_that_does_not_fit_is_refused_before_a_stream_begins() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let long = "one two three four ".repeat(3000);
    let body = body(&long, json!({ "stream": true }));
    let response = post(&wick, COMPLETIONS, IS_JSON, &body.to_string());
    let said = String::from_utf8(response.body).unwrap();
    assert_eq!(response.status, 400, "{said}");
    assert!(said.contains("can look back on 8,192"), "{said}");
}

#[test]
fn a_program_that_goes_away_from_a_stream_frees_the_engine() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut pieces = data(send(&wick, &endless(true)));
    pieces.nth(2).unwrap();
    drop(pieces);
    complete(&wick, "Hello", json!({ "max_tokens": 2 }));
}

#[tokio::test]
async fn a_program_that_goes_away_before_its_answer_frees_the_engine() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    let stream = send(&wick, &endless(false));
    page.until_stage(Some(Stage::Ready)).await;
    drop(stream);
    complete(&wick, "Hello", json!({ "max_tokens": 2 }));
}

#[test]
fn no_other_page_is_answered() {
    let wick = Wick::without_models();
    let hello = body("Hello", json!({})).to_string();
    let foreign = format!("{IS_JSON}Origin: http://evil.test\r\n");
    assert_eq!(post(&wick, COMPLETIONS, &foreign, &hello).status, 403);
    let own = format!("{IS_JSON}Origin: http://localhost:{}\r\n", wick.port);
    assert_eq!(post(&wick, COMPLETIONS, &own, &hello).status, 404);
}
