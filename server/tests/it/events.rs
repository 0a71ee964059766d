//! A page without a WebSocket: events that it reads, and messages that it posts.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Instant;

use wick_protocol::{AnswerState, Author, ChatId, ClientMessage, Message, ServerMessage};

use crate::support::{PATIENCE, Response, SMOL, Wick, likeliest, state};

const KEY: &str = "00112233445566778899aabbccddeeff";
const HELLO: ClientMessage = ClientMessage::Hello { seen: None, chat: None, reached: None };
const JSON: &str = "Content-Type: application/json\r\n";

/// The head of what is read.
struct Head {
    status: u16,
    text: String,
}

/// A connection of a page, as far as it was read.
struct Events {
    stream: BufReader<TcpStream>,
    /// What came and was not read as a line.
    rest: Vec<u8>,
}

/// Asks for events.
fn get(wick: &Wick, key: &str, headers: &str) -> (Head, Events) {
    let mut stream = TcpStream::connect(("127.0.0.1", wick.port)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let (port, shown) = (wick.port, wick.shown());
    let request = format!(
        "GET /events?connection={key} HTTP/1.1\r\nHost: localhost:{port}\r\n{shown}{headers}\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut stream = BufReader::new(stream);
    let mut text = String::new();
    while !text.ends_with("\r\n\r\n") {
        assert_ne!(stream.read_line(&mut text).unwrap(), 0, "cut off: {text}");
    }
    let status = text.split(' ').nth(1).unwrap().parse().unwrap();
    (Head { status, text: text.to_lowercase() }, Events { stream, rest: Vec::new() })
}

/// Posts what should be a list of messages.
fn post(wick: &Wick, key: &str, headers: &str, body: &str) -> Response {
    let (port, length, shown) = (wick.port, body.len(), wick.shown());
    wick.request(&format!(
        "POST /events?connection={key} HTTP/1.1\r\nHost: localhost:{port}\r\n{shown}\
         Connection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    ))
}

fn tell(wick: &Wick, messages: &[ClientMessage]) {
    let body = serde_json::to_string(messages).unwrap();
    assert_eq!(post(wick, KEY, JSON, &body).status, 204);
}

/// Opens a connection that has said where it stands.
fn page(wick: &Wick) -> Events {
    let (head, mut events) = get(wick, KEY, "");
    assert_eq!(head.status, 200, "{}", head.text);
    tell(wick, &[HELLO]);
    events.until(|it| matches!(it, ServerMessage::Thread { .. }).then_some(()));
    events
}

fn sentence(response: &Response) -> &str {
    std::str::from_utf8(&response.body).unwrap()
}

impl Events {
    /// The next message; `None` when there will be none.
    fn next(&mut self) -> Option<ServerMessage> {
        loop {
            let line = self.line()?;
            let Some(json) = line.strip_prefix("data: ") else {
                assert!(line.is_empty() || line.starts_with(':'), "{line}");
                continue;
            };
            return Some(match serde_json::from_str(json).unwrap() {
                ServerMessage::News { what, .. } => *what,
                message => message,
            });
        }
    }

    /// Messages until one is what is waited for.
    fn until<T>(&mut self, mut is_it: impl FnMut(&ServerMessage) -> Option<T>) -> T {
        loop {
            if let Some(it) = is_it(&self.next().expect("it goes on")) {
                return it;
            }
        }
    }

    fn line(&mut self) -> Option<String> {
        let end = loop {
            if let Some(end) = self.rest.iter().position(|it| *it == b'\n') {
                break end;
            }
            let chunk = self.chunk();
            if chunk.is_empty() {
                return None;
            }
            self.rest.extend(chunk);
        };
        let line: Vec<u8> = self.rest.drain(..=end).collect();
        Some(String::from_utf8(line).unwrap().trim_end_matches('\n').to_owned())
    }

    /// The next piece of the body, as HTTP/1.1 cuts it; empty at its end.
    fn chunk(&mut self) -> Vec<u8> {
        let mut length = String::new();
        self.stream.read_line(&mut length).unwrap();
        let length = usize::from_str_radix(length.trim(), 16).unwrap();
        let mut chunk = vec![0; length + 2];
        self.stream.read_exact(&mut chunk).unwrap();
        assert!(chunk.ends_with(b"\r\n"));
        chunk.truncate(length);
        chunk
    }
}

/// Follows the last answer of a chat to its end; every text comes once, in its place.
fn answer(events: &mut Events) -> Message {
    let mut text = None::<String>;
    events.until(|message| match message {
        ServerMessage::Thread { messages, .. } => {
            text = messages.last().map(|it| it.text.clone());
            None
        }
        ServerMessage::Delta { at, text: more, .. } => {
            let text = text.as_mut().unwrap();
            assert_eq!(text.len(), *at, "a gap or an overlap");
            text.push_str(more);
            None
        }
        ServerMessage::MessageChanged { message } if !is_live(message) => {
            assert_eq!(text.as_ref(), Some(&message.text));
            Some(message.clone())
        }
        _ => None,
    })
}

fn is_live(message: &Message) -> bool {
    matches!(&message.author, Author::Model { state, .. } if state.is_live())
}

fn open(chat: ChatId) -> ClientMessage {
    ClientMessage::Open { chat: Some(chat), message: None }
}

#[tokio::test]
async fn a_chat_over_events_is_the_one_over_a_socket() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let mut events = page(&wick);
    let say = ClientMessage::Say {
        key: "one".into(),
        chat: None,
        text: "Tell a story.\nIt is about “é” and 🦀.".into(),
        is_temporary: false,
        instructions: None,
    };
    tell(&wick, &[ClientMessage::SetSampling { sampling: likeliest(60) }, say]);
    let chat = events.until(|message| match message {
        ServerMessage::Accepted { chat, .. } => Some(*chat),
        _ => None,
    });
    tell(&wick, &[open(chat)]);
    let said = answer(&mut events);
    assert!(matches!(state(&said), AnswerState::Finished { .. }), "{said:?}");

    tell(&wick, &[open(chat)]);
    let is_thread = |it: &ServerMessage| {
        matches!(it, ServerMessage::Thread { chat: Some(_), .. }).then(|| it.clone())
    };
    let over_events = events.until(is_thread);
    let mut socket = wick.page().await;
    socket.ask(open(chat)).await;
    assert_eq!(socket.until(is_thread).await, over_events);
    assert_eq!(socket.shown.unwrap(), said);
}

#[test]
fn messages_are_heard_in_the_order_in_which_they_were_posted() {
    let wick = Wick::without_models();
    let mut events = page(&wick);
    let search = |n: usize| ClientMessage::Search { text: format!("word{n}") };
    let all: Vec<_> = (0..100).map(search).collect();
    tell(&wick, &all[..40]);
    tell(&wick, &all[40..]);
    for n in 0..100 {
        let found = events.until(|message| match message {
            ServerMessage::Found { text, .. } => Some(text.clone()),
            _ => None,
        });
        assert_eq!(found, format!("word{n}"));
    }
}

#[test]
fn what_is_no_message_is_refused_in_its_place() {
    let wick = Wick::without_models();
    let mut events = page(&wick);
    assert_eq!(post(&wick, KEY, JSON, r#"[{"sing":{}}, 7]"#).status, 204);
    for _ in 0..2 {
        events.until(|it| matches!(it, ServerMessage::Refused { key: None, .. }).then_some(()));
    }
}

#[test]
fn the_answer_is_a_stream_that_begins_at_once_and_is_kept_nowhere() {
    let wick = Wick::without_models();
    let (head, mut events) = get(&wick, KEY, "");
    assert_eq!(events.line().unwrap(), ": ping");
    assert_eq!(head.status, 200);
    assert!(head.text.contains("\r\ncontent-type: text/event-stream\r\n"), "{}", head.text);
    assert!(head.text.contains("\r\ncache-control: no-store\r\n"), "{}", head.text);
}

#[test]
fn events_are_only_for_our_own_page() {
    let wick = Wick::without_models();
    let _events = page(&wick);
    let own = format!("Origin: http://localhost:{}\r\nSec-Fetch-Site: same-origin\r\n", wick.port);
    let other = KEY.replace('0', "1");
    assert_eq!(get(&wick, &other, &own).0.status, 200);
    assert_eq!(post(&wick, KEY, &format!("{own}{JSON}"), "[]").status, 204);
    for foreign in ["Origin: http://evil.test\r\n", "Origin: null\r\n", "Host: evil.test\r\n"] {
        assert_eq!(get(&wick, KEY, foreign).0.status, 403, "{foreign}");
        assert_eq!(post(&wick, KEY, &format!("{foreign}{JSON}"), "[]").status, 403, "{foreign}");
    }
    for site in ["cross-site", "same-site"] {
        let header = format!("Sec-Fetch-Site: {site}\r\n");
        assert_eq!(get(&wick, KEY, &header).0.status, 403, "{site}");
    }
}

#[test]
fn only_json_by_its_type_is_taken() {
    let wick = Wick::without_models();
    let _events = page(&wick);
    let kinds = ["", "Content-Type: text/plain\r\n", "Content-Type: multipart/form-data\r\n"];
    for kind in kinds {
        assert_eq!(post(&wick, KEY, kind, r#"["rest"]"#).status, 415, "{kind}");
    }
    assert_eq!(post(&wick, KEY, JSON, r#"["rest""#).status, 400);
    assert_eq!(post(&wick, KEY, JSON, r#""rest""#).status, 422);
}

#[test]
fn more_than_the_longest_message_is_not_taken() {
    let wick = Wick::without_models();
    let _events = page(&wick);
    let list = |length: usize| format!("[\"{}\"]", "a".repeat(length - 4));
    assert_eq!(post(&wick, KEY, JSON, &list(4 << 20)).status, 204);
    assert_eq!(post(&wick, KEY, JSON, &list((4 << 20) + 1)).status, 413);
}

#[test]
fn who_is_not_connected_is_told_so() {
    let wick = Wick::without_models();
    let response = post(&wick, KEY, JSON, "[]");
    assert_eq!(response.status, 404);
    assert_eq!(sentence(&response), "This connection has ended. The page has to connect again");
    for key in ["", "1", &KEY[1..], &KEY.replace('f', "g"), &format!("{KEY}0")] {
        assert_eq!(get(&wick, key, "").0.status, 400, "{key}");
        assert_eq!(post(&wick, key, JSON, "[]").status, 400, "{key}");
    }
}

#[test]
fn a_key_names_one_connection_until_that_is_dropped() {
    let wick = Wick::without_models();
    let events = page(&wick);
    assert_eq!(get(&wick, KEY, "").0.status, 409);
    // The one that was there is as it was.
    tell(&wick, &[ClientMessage::LookForModels]);
    drop(events);
    let begun = Instant::now();
    while post(&wick, KEY, JSON, "[]").status != 404 {
        assert!(begun.elapsed() < PATIENCE, "it is kept");
    }
    page(&wick);
}

#[test]
fn a_page_that_does_not_say_where_it_stands_is_told_so_and_let_go() {
    let wick = Wick::without_models();
    let (_, mut events) = get(&wick, KEY, "");
    tell(&wick, &[ClientMessage::LookForModels]);
    assert!(matches!(events.next(), Some(ServerMessage::Refused { .. })));
    assert_eq!(events.next(), None);
    assert_eq!(post(&wick, KEY, JSON, "[]").status, 404);
}

#[test]
fn closing_wick_ends_the_events() {
    let wick = Wick::without_models();
    let mut events = page(&wick);
    assert!(wick.end().success());
    while events.next().is_some() {}
}
