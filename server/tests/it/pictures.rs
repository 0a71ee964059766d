//! Pictures at messages: a model that sees knows what is in them, and looks at each once.

use std::io::Cursor;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use image::{ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};
use wick_protocol::attached::{File, Kind, files, joined, written};
use wick_protocol::{AnswerState, ClientMessage, Message, Sampling, ServerMessage};

use crate::support::{Page, SMOL, Wick, likeliest, state, stats};

/// What sees for the starter model: it knows three colours, and a picture is four tokens.
const EYES: &str = "mmproj-SmolLM2-135M-Instruct.gguf";

const RED: [u8; 3] = [255, 0, 0];
const GREEN: [u8; 3] = [0, 255, 0];
const BLUE: [u8; 3] = [0, 0, 255];

const IS_FILE: &str = "Content-Type: application/octet-stream\r\n";
const IS_JSON: &str = "Content-Type: application/json\r\n";

/// What comes behind a picture: its colour is all that the model can know.
const QUESTION: &str = "Name the color.";

fn png(colour: [u8; 3], width: u32, height: u32) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    RgbImage::from_pixel(width, height, Rgb(colour)).write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

/// A picture as the page attaches it.
fn attached(wick: &Wick, name: &str, colour: [u8; 3]) -> String {
    let response = wick.post("/read", IS_FILE, &png(colour, 640, 640));
    let said = String::from_utf8(response.body).unwrap();
    assert_eq!(response.status, 200, "{said}");
    let [read] = files(&said)[..] else { panic!("{said}") };
    written(File { name, ..read })
}

async fn ask(page: &mut Page, said: &str, picture: &str) -> Message {
    page.say(&joined(said, picture)).await;
    page.answer().await
}

#[tokio::test]
async fn a_model_says_what_it_sees() {
    let Some(wick) = Wick::with(&[SMOL, EYES], &[]) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(6)).await;
    for (colour, name) in [(RED, "red"), (GREEN, "green"), (BLUE, "blue")] {
        page.ask(ClientMessage::Open { chat: None, message: None }).await;
        page.chat = None;
        let answer = ask(&mut page, QUESTION, &attached(&wick, "a.png", colour)).await;
        assert!(answer.text.contains(name), "{name}: {}", answer.text);
    }
}

#[tokio::test]
async fn several_see_at_once_and_one_is_written_meanwhile() {
    let Some(wick) = Wick::with(&[SMOL, EYES], &[]) else { return };
    let mut writer = wick.page().await;
    writer.sample(Sampling { max_tokens: None, ..likeliest(1) }).await;
    writer.say("Write a long story about a ship.").await;
    writer.until_text().await;
    let mut pages = [wick.page().await, wick.page().await];
    let colours = [(RED, "red"), (BLUE, "blue")];
    for (page, (colour, _)) in pages.iter_mut().zip(colours) {
        page.say(&joined(QUESTION, &attached(&wick, "a.png", colour))).await;
    }
    for (page, (_, name)) in pages.iter_mut().zip(colours) {
        let message = loop {
            let shown = page.shown.clone().unwrap();
            if shown.text.contains(name) || !state(&shown).is_live() {
                break shown;
            }
            page.next().await;
        };
        assert!(message.text.contains(name), "{name}: {}", message.text);
    }
}

#[tokio::test]
async fn what_was_seen_is_not_read_again() {
    let Some(wick) = Wick::unread(&[SMOL, EYES], &[]) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(6)).await;
    let first = stats(&ask(&mut page, QUESTION, &attached(&wick, "a.png", RED)).await);
    let next = stats(&ask(&mut page, QUESTION, &attached(&wick, "b.png", BLUE)).await);
    assert!(first.n_read <= next.kept.live && next.n_read < first.n_read, "{next:?}");
    let chat = page.chat.unwrap();
    let wick = wick.started_again();
    let mut page = wick.page().await;
    page.open(chat).await;
    let last = ask(&mut page, QUESTION, &attached(&wick, "c.png", GREEN)).await;
    let stats = stats(&last);
    assert!(next.kept.live < stats.kept.parked && stats.why_read.is_none(), "{stats:?}");
    assert!(last.text.contains("green"), "{}", last.text);
}

#[tokio::test]
async fn a_model_without_eyes_hears_what_is_there() {
    let Some(wick) = Wick::unread(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    assert!(page.models.iter().all(|it| !it.sees));
    page.sample(likeliest(4)).await;
    let answer = ask(&mut page, QUESTION, &attached(&wick, "a.png", RED)).await;
    let n_read = stats(&answer).n_read;
    assert!((40..100).contains(&n_read), "the picture itself is not read: {n_read}");
    let (status, said) = complete(&wick, &png(RED, 8, 8));
    assert_eq!(status, 400, "{said}");
    assert_eq!(said["error"]["message"], "SmolLM2-135M-Instruct can't see pictures");
}

#[test]
fn programs_send_pictures_too() {
    let Some(wick) = Wick::with(&[SMOL, EYES], &[]) else { return };
    let (status, said) = complete(&wick, &png(BLUE, 300, 200));
    assert_eq!(status, 200, "{said}");
    assert_eq!(said["choices"][0]["message"]["content"], "The color is blue.");
    let (status, said) = complete(&wick, b"no picture");
    assert_eq!(status, 400);
    let says = said["error"]["message"].as_str().unwrap();
    assert!(says.starts_with("picture 1: The file is damaged, or no picture"), "{says}");
    let elsewhere = request("http://127.0.0.1:1/a.png");
    let (status, said) = answer(&wick, &elsewhere);
    assert_eq!(status, 400);
    let says = said["error"]["message"].as_str().unwrap();
    assert!(says.starts_with("picture 1: Wick fetches nothing from elsewhere"), "{says}");
}

fn complete(wick: &Wick, file: &[u8]) -> (u16, Value) {
    answer(wick, &request(&format!("data:image/png;base64,{}", BASE64_STANDARD.encode(file))))
}

fn request(url: &str) -> Value {
    let picture = json!({ "type": "image_url", "image_url": { "url": url } });
    let parts = [json!({ "type": "text", "text": QUESTION }), picture];
    json!({
        "model": "SmolLM2-135M-Instruct", "temperature": 0, "max_tokens": 6,
        "messages": [{ "role": "user", "content": parts }],
    })
}

fn answer(wick: &Wick, body: &Value) -> (u16, Value) {
    let response = wick.post("/v1/chat/completions", IS_JSON, body.to_string().as_bytes());
    (response.status, serde_json::from_slice(&response.body).unwrap())
}

#[tokio::test]
async fn the_exact_prompt_says_where_a_picture_is() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    let text = joined(QUESTION, &attached(&wick, "a.png", RED));
    page.ask(ClientMessage::ShowPrompt { chat: None, instructions: None, text }).await;
    let shown = page.until(|it| match it {
        ServerMessage::Prompt { text, .. } => Some(text.clone()),
        _ => None,
    });
    let shown = shown.await;
    assert!(shown.contains("[a.png, a picture of 640 × 640 pixels]\nName the color."), "{shown}");
    assert!(!shown.contains("/9j/"), "{shown}");
}

#[tokio::test]
async fn a_damaged_picture_is_said_and_ends_nothing_else() {
    let Some(wick) = Wick::with(&[SMOL, EYES], &[]) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(6)).await;
    let damaged = written(File { name: "a.png", kind: Kind::Picture(9, 9), text: "/9j/4AAQSkZJ" });
    let failed = ask(&mut page, QUESTION, &damaged).await;
    let AnswerState::Interrupted { reason, .. } = state(&failed) else { panic!("{failed:?}") };
    assert!(
        reason.starts_with("The picture a.png can't be seen: The picture is damaged"),
        "{reason}"
    );
    page.ask(ClientMessage::Open { chat: None, message: None }).await;
    page.chat = None;
    let answer = ask(&mut page, QUESTION, &attached(&wick, "a.png", BLUE)).await;
    assert!(answer.text.contains("blue"), "{}", answer.text);
}

#[tokio::test]
async fn words_are_looked_for_beside_pictures_and_not_in_them() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    page.say(&joined("A xylophone", &attached(&wick, "a.png", RED))).await;
    for (word, n_hits) in [("xylophone", 1), ("png", 1), ("9j", 0)] {
        page.ask(ClientMessage::Search { text: word.into() }).await;
        let found = page.until(|it| match it {
            ServerMessage::Found { text, hits } if text == word => Some(hits.clone()),
            _ => None,
        });
        let hits = found.await.into_iter().filter(|it| it.message.is_some());
        assert_eq!(hits.count(), n_hits, "{word}");
    }
}
