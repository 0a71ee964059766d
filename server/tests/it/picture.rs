//! The engine's picture.

use roxmltree::Document;
use wick_protocol::ClientMessage;

use crate::support::{SMOL, Wick, likeliest, signal};

/// What the picture says, in the order in which it is drawn; it is well-formed.
fn says(wick: &Wick, query: &str) -> Vec<String> {
    let response = wick.get(&format!("/engine.svg{query}"), "");
    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-type"), Some("image/svg+xml"));
    assert_eq!(response.header("cache-control"), Some("no-store"));
    let svg = String::from_utf8(response.body).unwrap();
    let document = Document::parse(&svg).unwrap();
    let texts =
        document.descendants().filter(|it| matches!(it.tag_name().name(), "text" | "title"));
    texts.filter_map(|it| it.text().map(str::to_owned)).collect()
}

/// Whether one of them ends like this.
fn has(texts: &[String], ending: &str) -> bool {
    texts.iter().any(|it| it.ends_with(ending))
}

#[test]
fn it_is_there_before_anything_was_loaded_whatever_the_query() {
    let wick = Wick::without_models();
    for query in ["", "?width=326&theme=dark&minutes=5", "?width=-1&minutes=%22&theme=%3C&&="] {
        let texts = says(&wick, query);
        assert_eq!(texts[0], "Nothing has been loaded", "{query}");
        assert!(texts[1].starts_with("since Wick started "), "{texts:?}");
    }
    assert_eq!(wick.post("/engine.svg", "", b"").status, 405);
}

#[tokio::test]
async fn what_happens_to_a_model_is_marked_in_order() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(20)).await;
    page.say("Hello").await;
    page.answer().await;
    let texts = says(&wick, "?width=900");
    for ending in [" loaded", "context 2,048", "Memory, MB", "now"] {
        assert!(has(&texts, ending), "{ending}: {texts:?}");
    }
    assert!(texts.iter().any(|it| it.starts_with("at most ")), "tokens were counted: {texts:?}");
    page.ask(ClientMessage::Rest).await;
    page.until_stage(None).await;
    let texts = says(&wick, "?width=900");
    let marks: Vec<&str> =
        texts.iter().filter_map(|it| it.split_once(": ")?.1.split(", ").next()).collect();
    assert_eq!(marks, ["loaded", "context 2,048", "1 chat parked", "ended at rest"], "{texts:?}");
}

#[tokio::test]
async fn a_context_that_grows_and_a_crash_are_marked() {
    let Some(wick) = Wick::with(&[SMOL], &["--context-first", "256"]) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(2_000)).await;
    page.say(&"The keeper climbs the stairs and lights the lamp. ".repeat(25)).await;
    page.until_text().await;
    page.until_engine(|it| it.memory().is_some()).await;
    signal(wick.engine().unwrap(), "KILL");
    page.answer().await;
    page.until_stage(None).await;
    let texts = says(&wick, "?width=900");
    assert!(has(&texts, "crashed"), "{texts:?}");
    assert!(has(&texts, "context 512") || has(&texts, "grown to 512"), "{texts:?}");
    let n_most = texts.iter().filter(|it| it.starts_with("at most ")).count();
    assert_eq!(n_most, 2, "of tokens written and read: {texts:?}");
}
