//! Every address answers only to our own names and our own page.

use crate::support::{Response, Wick};

fn upgrade(wick: &Wick, host: &str, origin: &str) -> Response {
    wick.request(&format!(
        "GET /ws HTTP/1.1\r\nHost: {host}\r\n{origin}Connection: Upgrade\r\nUpgrade: websocket\r\n\
         {}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        wick.shown()
    ))
}

/// The address of a file of the page that has a hash in its name.
fn hashed_file(wick: &Wick) -> String {
    let html = String::from_utf8(wick.get("/", "").body).unwrap();
    let at = html.find("/icon-").expect("the page has an icon");
    html[at..].split('"').next().unwrap().to_owned()
}

/// Hosts that are not ours, where `PORT` is ours.
pub const OTHER_HOSTS: [&str; 40] = [
    "",
    "evil.test",
    "evil.test:PORT",
    "EVIL.TEST:PORT",
    "localhost",
    "localhost:",
    "localhost:1",
    "localhost:0PORT",
    "localhost:PORT0",
    "localhost:PORT:PORT",
    "localhost:PORT.evil.test",
    "localhost.:PORT",
    "localhost..:PORT",
    ".localhost:PORT",
    "sub.localhost:PORT",
    "localhost.evil.test:PORT",
    "localhost%2eevil.test:PORT",
    "localhost.localdomain:PORT",
    "evil.test@localhost:PORT",
    "localhost@evil.test:PORT",
    "localhost:PORT, evil.test",
    "evil.test, localhost:PORT",
    "localhost: PORT",
    "http://localhost:PORT",
    "localhost:PORT/",
    "localhost:PORT#",
    "127.0.0.1",
    "127.0.0.1:1",
    "127.0.0.2:PORT",
    "127.1:PORT",
    "127.0.0.1.:PORT",
    "127.0.0.1.evil.test:PORT",
    "0x7f.1:PORT",
    "0177.0.0.1:PORT",
    "2130706433:PORT",
    "0.0.0.0:PORT",
    "[::]:PORT",
    "::1:PORT",
    "[::ffff:127.0.0.1]:PORT",
    "[::1%25lo]:PORT",
];

/// All that is answered, as the beginnings of requests.
pub fn requests(wick: &Wick) -> Vec<String> {
    let get = [
        "/",
        "/index.html",
        &hashed_file(wick),
        "/sw.js",
        "/health",
        "/sign-in",
        "/pair",
        "/ws",
        "/events",
        "/engine.svg",
        "/export/all.json",
        "/export/1.md",
        "/export/authority.crt",
        "/v1/models",
        "/v1/models/a",
        "/v1/nothing",
        "/nothing",
    ];
    let post = ["/sign-in", "/pair", "/events", "/import", "/read", "/v1/chat/completions", "/"];
    let get = get.map(|path| format!("GET {path} HTTP/1.1"));
    get.into_iter().chain(post.map(|path| format!("POST {path} HTTP/1.1"))).collect()
}

#[test]
fn no_address_answers_to_another_host() {
    let wick = Wick::without_models();
    for line in requests(&wick) {
        for host in OTHER_HOSTS {
            let host = host.replace("PORT", &wick.port.to_string());
            // In a rebinding attack the page agrees with the host.
            for origin in ["", &format!("Origin: http://{host}\r\n")] {
                let shown = wick.shown();
                let head =
                    format!("{line}\r\nHost: {host}\r\n{shown}Content-Length: 0\r\n{origin}\r\n");
                let response = wick.request(&head);
                assert!([400, 403].contains(&response.status), "{head}: {}", response.status);
            }
        }
    }
}

#[test]
fn no_address_answers_to_a_request_that_names_two_hosts_or_another_page() {
    let wick = Wick::without_models();
    let own = format!("localhost:{}", wick.port);
    for line in requests(&wick) {
        let [method, path, version] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let elsewhere = format!("{method} http://evil.test{path} {version}");
        for head in [
            format!("{line}\r\nHost: {own}\r\nHost: {own}\r\n"),
            format!("{line}\r\nHost: {own}\r\nHost: evil.test\r\n"),
            format!("{line}\r\n"),
            format!("{elsewhere}\r\nHost: {own}\r\n"),
            format!("{line}\r\nHost: {own}\r\nOrigin: http://evil.test\r\n"),
            format!("{line}\r\nHost: {own}\r\nOrigin: null\r\n"),
            format!("{line}\r\nHost: {own}\r\nOrigin: http://localhost:1\r\n"),
            format!("{line}\r\nHost: {own}\r\nSec-Fetch-Site: same-site\r\n"),
            format!(
                "{line}\r\nHost: {own}\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n"
            ),
        ] {
            let head = head + &wick.shown();
            let response = wick.request(&format!("{head}Content-Length: 0\r\n\r\n"));
            assert!([400, 403].contains(&response.status), "{head}: {}", response.status);
        }
    }
}

#[test]
fn who_follows_a_link_to_another_name_is_shown_where_the_page_is() {
    let wick = Wick::without_models();
    let head = "GET /export/all.json HTTP/1.1\r\nHost: wick.test\r\nAccept: text/html\r\n\r\n";
    let response = wick.request(head);
    assert_eq!(response.status, 302);
    let own = format!("http://localhost:{}/", wick.port);
    assert_eq!(response.header("location"), Some(own.as_str()));
    assert!(response.body.is_empty());
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
