//! Names and pages that a person adds to those that are answered.

use serde_json::Value;
use wick_protocol::{ClientMessage, ServerMessage};

use crate::support::Wick;

fn start(args: &[&str]) -> Wick {
    Wick::start(tempfile::tempdir().unwrap(), args)
}

#[test]
fn the_page_is_answered_under_a_name_that_was_added_and_under_no_other() {
    let wick = start(&["--allow-host", "wick.home"]);
    let shown = wick.shown();
    let asks = |host: &str, origin: &str| {
        wick.request(&format!(
            "GET /export/all.json HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\n{shown}\
             Connection: close\r\n\r\n"
        ))
        .status
    };
    // What stands before Wick may encrypt.
    for origin in ["http://wick.home", "https://wick.home"] {
        assert_eq!(asks("wick.home", origin), 200, "{origin}");
    }
    assert_eq!(asks("wick.home", "https://evil.test"), 403);
    assert_eq!(asks("evil.wick.home", "https://evil.wick.home"), 403);
    assert_eq!(asks("wick.home:1", "https://wick.home:1"), 403);
}

#[test]
fn a_page_that_was_added_uses_the_models_with_a_key_and_nothing_else() {
    let wick = start(&["--allow-origin", "https://notes.example,http://localhost:3000"]);
    let port = wick.port;
    let asks = |line: &str, origin: &str, lines: &str| {
        wick.request(&format!(
            "{line} HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: {origin}\r\n\
             Sec-Fetch-Site: cross-site\r\n{lines}Connection: close\r\n\r\n"
        ))
    };
    let preflight = "Access-Control-Request-Method: POST\r\n\
                     Access-Control-Request-Headers: authorization,content-type\r\n";
    for origin in ["https://notes.example", "http://localhost:3000"] {
        let allowed = asks("OPTIONS /v1/chat/completions", origin, preflight);
        assert_eq!(allowed.status, 200);
        assert_eq!(allowed.header("access-control-allow-origin"), Some(origin));
        let headers = allowed.header("access-control-allow-headers");
        assert_eq!(headers, Some("authorization,content-type"));
        // It reads why it gets nothing.
        let refused = asks("GET /v1/models", origin, "");
        assert_eq!(refused.status, 401);
        assert_eq!(refused.header("access-control-allow-origin"), Some(origin));
        let shown = wick.shown();
        for line in ["GET /export/all.json", "GET /events", "GET /", "OPTIONS /import"] {
            let refused = asks(line, origin, &shown);
            assert_eq!(refused.status, 403, "{line}");
            assert_eq!(refused.header("access-control-allow-origin"), None, "{line}");
        }
    }
    for origin in ["https://evil.test", "null", "https://notes.example.evil.test"] {
        let refused = asks("OPTIONS /v1/chat/completions", origin, preflight);
        assert_eq!(refused.status, 403, "{origin}");
        assert_eq!(refused.header("access-control-allow-origin"), None);
    }
}

#[tokio::test]
async fn a_page_that_was_added_needs_a_key_where_programs_need_none() {
    let wick = start(&["--allow-origin", "https://notes.example"]);
    let mut page = wick.page().await;
    page.ask(ClientMessage::SetKeyless { is_keyless: true }).await;
    page.until(|it| matches!(it, ServerMessage::AccessChanged { .. }).then_some(())).await;
    let asks = |lines: &str| {
        let host = format!("Host: localhost:{}", wick.port);
        wick.request(&format!(
            "GET /v1/models HTTP/1.1\r\n{host}\r\n{lines}Connection: close\r\n\r\n"
        ))
    };
    assert_eq!(asks("").status, 200);
    assert_eq!(asks("Origin: https://notes.example\r\n").status, 401);
}

#[test]
fn without_a_word_no_other_page_reads_anything() {
    let wick = Wick::without_models();
    let origin = format!("Origin: http://localhost:{}\r\n", wick.port);
    let models = wick.get("/v1/models", &origin);
    assert_eq!(models.header("access-control-allow-origin"), None, "{}", models.head);
    let said: Value = serde_json::from_slice(&models.body).unwrap_or_default();
    assert!(said.is_object(), "{said}");
}
