//! Connections that take too long, are too many, or take nothing.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::Message as Frame;
use wick_protocol::{ClientMessage, LONGEST_FRAME, ServerMessage};

use crate::silent::{self, here, is_closed, is_silent};
use crate::support::{PATIENCE, Page, Socket, Wick};

/// One whose times are ten times shorter: 0.5 s for the first byte, 1 s for a head, 3 s for a body,
/// 2 s between pings, 4.5 s of silence, 3 s for taking something.
fn hurried() -> Wick {
    Wick::start(tempfile::tempdir().unwrap(), &["--hurry", "10"])
}

/// Asks on a connection that stays, and reads the answer.
fn ask(stream: &mut TcpStream, port: u16) -> String {
    answer(stream, port).expect("it is answered and not cut off")
}

fn answer(stream: &mut TcpStream, port: u16) -> io::Result<String> {
    let request = format!("GET /health HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut reader = BufReader::new(&*stream);
    let (mut head, mut length) = (String::new(), 0);
    while !head.ends_with("\r\n\r\n") {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length: ") {
            length = value.trim().parse().unwrap();
        }
        head += &line;
    }
    reader.read_exact(&mut vec![0; length])?;
    Ok(head)
}

async fn is_answered(page: &mut Page) {
    page.ask(ClientMessage::Search { text: "lighthouse".into() }).await;
    page.until(|it| matches!(it, ServerMessage::Found { .. }).then_some(())).await;
}

#[test]
fn a_connection_that_says_nothing_or_half_of_it_is_closed() {
    // 1 s for the first byte, 2 s for a head.
    let wick = Wick::start(tempfile::tempdir().unwrap(), &["--hurry", "5"]);
    let port = wick.port;
    let began = Instant::now();
    let mut silent = here(port);
    let mut half = here(port);
    half.write_all(b"GET / HTTP/1.1\r\nHost: loc").unwrap();
    let mut asked = here(port);
    assert!(ask(&mut asked, port).starts_with("HTTP/1.1 200"));
    assert!(is_closed(&mut silent));
    let took = began.elapsed();
    assert!((Duration::from_secs(1)..Duration::from_secs(2)).contains(&took), "{took:?}");
    // What was answered already is closed when nothing follows.
    assert!(is_closed(&mut half) && is_closed(&mut asked));
    assert!(Duration::from_secs(2) <= began.elapsed());
}

#[test]
fn a_body_that_does_not_come_is_refused_and_the_connection_closed() {
    let wick = hurried();
    let (port, shown) = (wick.port, wick.shown());
    for path in ["/v1/chat/completions", "/events?connection=00112233445566778899aabbccddeeff"] {
        let mut stream = here(port);
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\n{shown}\
             Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        // It ends with the connection.
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        assert!(answer.contains("within 3 s"), "{answer}");
    }
}

#[test]
fn another_address_has_64_connections_and_the_owner_is_still_answered() {
    let wick = Wick::without_models();
    let other = || silent::from([127, 0, 0, 2], wick.port);
    let mut open: Vec<TcpStream> = (0..64).map(|_| other()).collect();
    for stream in &mut open {
        assert!(ask(stream, wick.port).starts_with("HTTP/1.1 200"));
    }
    assert!(is_closed(&mut other()), "the 65th is refused");
    assert!(open.iter().all(is_silent));
    assert!(ask(&mut silent::from([127, 0, 0, 3], wick.port), wick.port).contains("200 OK"));
    assert_eq!(wick.get("/", "").status, 200);
}

#[test]
fn more_than_all_are_refused() {
    let wick = Wick::start(tempfile::tempdir().unwrap(), &["--connections", "8"]);
    let until = Instant::now() + PATIENCE;
    let mut open = Vec::new();
    while open.len() < 8 {
        let mut stream = here(wick.port);
        // The one that signed the tests in leaves its place when the server hears that it has gone.
        match answer(&mut stream, wick.port) {
            Ok(head) => {
                assert!(head.starts_with("HTTP/1.1 200"));
                open.push(stream);
            }
            Err(_) => assert!(Instant::now() < until, "there is room for {}", open.len()),
        }
    }
    assert!(is_closed(&mut here(wick.port)));
    assert!(ask(&mut open[0], wick.port).starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_page_that_is_open_takes_its_place_until_it_is_closed() {
    let wick = Wick::start(tempfile::tempdir().unwrap(), &["--connections", "4"]);
    let mut pages = Vec::new();
    for _ in 0..4 {
        let mut page = wick.page().await;
        is_answered(&mut page).await;
        pages.push(page);
    }
    assert!(is_closed(&mut here(wick.port)), "the fifth is refused");
    is_answered(&mut pages[0]).await;
    pages.clear();
    // The server hears of it in its own time.
    let until = Instant::now() + PATIENCE;
    while answer(&mut here(wick.port), wick.port).is_err() {
        assert!(Instant::now() < until, "there is no room again");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_page_is_answered_beside_500_silent_connections() {
    let wick = Wick::without_models();
    let silent: Vec<TcpStream> = (0..500).map(|_| here(wick.port)).collect();
    assert_eq!(wick.get("/", "").status, 200);
    let mut page = wick.page().await;
    is_answered(&mut page).await;
    assert!(silent.iter().all(is_silent), "they are all still open");
}

#[tokio::test]
async fn a_page_that_gives_no_sign_of_life_is_dropped_and_another_one_stays() {
    let wick = hurried();
    let mut page = wick.page().await;
    let mut silent = silent::page(&wick);
    let dropped = tokio::task::spawn_blocking(move || {
        let mut came = Vec::new();
        // Until the server closes it.
        let _ = silent.read_to_end(&mut came);
        came
    });
    let came = tokio::select! {
        came = dropped => came.unwrap(),
        message = page.next() => panic!("{message:?}"),
    };
    let n_pings = came.windows(2).filter(|it| *it == [0x89, 0]).count();
    assert!(2 <= n_pings, "it was asked {n_pings} times");
    is_answered(&mut page).await;
}

#[tokio::test]
async fn a_message_has_a_mebibyte_at_the_most() {
    let wick = Wick::without_models();
    let mut socket = wick.connect().await;
    let hello = ClientMessage::Hello { seen: None, chat: None, reached: None };
    socket.send(Frame::text(serde_json::to_string(&hello).unwrap())).await.unwrap();
    // It is heard, and means nothing.
    socket.send(Frame::text("x".repeat(LONGEST_FRAME))).await.unwrap();
    let says = async |socket: &mut Socket| loop {
        match tokio::time::timeout(PATIENCE, socket.next()).await.unwrap() {
            Some(Ok(Frame::Text(text))) if text.contains("does not know") => break true,
            Some(Ok(Frame::Close(_)) | Err(_)) | None => break false,
            Some(Ok(_)) => (),
        }
    };
    assert!(says(&mut socket).await);
    // The server may close it before all is sent.
    let _ = socket.send(Frame::text("x".repeat(LONGEST_FRAME + 1))).await;
    assert!(!says(&mut socket).await);
}

#[tokio::test]
async fn a_reader_that_takes_nothing_is_dropped_and_holds_up_nobody() {
    let wick = hurried();
    let slow = silent::page(&wick);
    let sockets = || {
        let open = fs::read_dir(format!("/proc/{}/fd", wick.id())).unwrap();
        // One may be closed meanwhile.
        let targets = open.filter_map(|it| fs::read_link(it.ok()?.path()).ok());
        targets.filter(|it| it.to_string_lossy().starts_with("socket:")).count()
    };
    let mut writer = wick.page().await;
    let mut reader = wick.page().await;
    let before = sockets();
    let began = Instant::now();
    // 5 MB, more than the system keeps for a reader that takes nothing.
    for n in 0..10 {
        let text = format!("{n}{}", "x".repeat(500_000));
        writer.ask(ClientMessage::Draft { chat: None, text: text.clone() }).await;
        let is_it = |it: &ServerMessage| {
            matches!(it, ServerMessage::DraftChanged { text: it, .. } if *it == text).then_some(())
        };
        reader.until(is_it).await;
    }
    let told = began.elapsed();
    while before <= sockets() {
        assert!(began.elapsed() < PATIENCE, "it is still connected");
        tokio::task::yield_now().await;
    }
    assert!(told < began.elapsed(), "others were told before it was given up");
    drop(slow);
}
