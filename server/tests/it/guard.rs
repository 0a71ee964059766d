//! Every address answers only to our own names and our own page.

use crate::support::{Response, Wick};

fn upgrade(wick: &Wick, host: &str, origin: &str) -> Response {
    wick.request(&format!(
        "GET /ws HTTP/1.1\r\nHost: {host}\r\n{origin}Connection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    ))
}

/// The address of a file of the page that has a hash in its name.
fn hashed_file(wick: &Wick) -> String {
    let html = String::from_utf8(wick.get("/", "").body).unwrap();
    let at = html.find("/icon-").expect("the page has an icon");
    html[at..].split('"').next().unwrap().to_owned()
}

#[test]
fn no_address_answers_to_another_host() {
    let wick = Wick::without_models();
    let own = format!("localhost:{}", wick.port);
    for path in [
        "/",
        &hashed_file(&wick),
        "/health",
        "/ws",
        "/events",
        "/nothing",
        "/index.html",
        "/v1/models",
        "/engine.svg",
        "/read",
    ] {
        for host in ["evil.test", &format!("evil.test:{}", wick.port), "localhost", "127.0.0.1:1"] {
            for origin in ["", &format!("Origin: http://{host}\r\n")] {
                let head = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{origin}\r\n");
                assert_eq!(wick.request(&head).status, 403, "{path} {host}");
            }
        }
        let head =
            format!("GET {path} HTTP/1.1\r\nHost: {own}\r\nOrigin: http://evil.test\r\n\r\n");
        assert_eq!(wick.request(&head).status, 403, "{path}");
        let head = format!("GET {path} HTTP/1.1\r\nHost: {own}\r\nHost: {own}\r\n\r\n");
        assert_ne!(wick.request(&head).status, 200, "{path}");
    }
}

#[test]
fn a_socket_opens_only_for_our_own_page() {
    let wick = Wick::without_models();
    let own = format!("localhost:{}", wick.port);
    let origin = |origin: &str| format!("Origin: {origin}\r\n");
    assert_eq!(upgrade(&wick, &own, &origin(&format!("http://{own}"))).status, 101);
    assert_eq!(upgrade(&wick, &own, "").status, 101);
    for foreign in ["null", "http://evil.test", "http://localhost:1", "http://localhost"] {
        assert_eq!(upgrade(&wick, &own, &origin(foreign)).status, 403, "{foreign}");
    }
    let rebound = format!("evil.test:{}", wick.port);
    assert_eq!(upgrade(&wick, &rebound, &origin(&format!("http://{rebound}"))).status, 403);
}

#[test]
fn every_answer_tells_the_browser_what_the_page_may_do() {
    let wick = Wick::without_models();
    for path in ["/", "/health", "/nothing", "/engine.svg", &hashed_file(&wick)] {
        let response = wick.get(path, "");
        let policy = response.header("content-security-policy").unwrap_or_default();
        assert!(policy.starts_with("default-src 'none';"), "{path}: {policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains('*'), "{policy}");
        assert_eq!(response.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(response.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(response.header("cross-origin-opener-policy"), Some("same-origin"));
    }
}

#[test]
fn a_silent_connection_is_closed() {
    use std::io::{Read, Write};
    let wick = Wick::without_models();
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", wick.port)).unwrap();
    stream.write_all(b"GET / HT").unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(30))).unwrap();
    // It may say that it waited long enough; then it closes.
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).expect("it is closed before half a minute is over");
}
