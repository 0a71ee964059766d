//! Who is let in, and who is not.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use wick_protocol::{Access, ClientMessage, DeviceId, KeyId, ModelId, Scope, ServerMessage};

use crate::guard::requests;
use crate::support::signed::{code, link, sign_in};
use crate::support::{GEMMA, PATIENCE, Page, Response, SMOL, Signed, Wick, until_written};

/// What strangers get: the page, the way to sign in, and that Wick is there.
pub const FOR_ALL: [&str; 7] =
    ["/ ", "/index.html ", "/icon-", "/sw.js ", "/health ", "/pair ", "/nothing "];

/// Sends the head of a request as a page would, with these lines that say who it is.
fn ask(wick: &Wick, line: &str, lines: &str) -> Response {
    let port = wick.port;
    let upgrade = if line.contains(" /ws ") {
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    } else {
        "Connection: close\r\n"
    };
    wick.request(&format!(
        "{line}\r\nHost: localhost:{port}\r\nOrigin: http://localhost:{port}\r\n{lines}{upgrade}\
         Content-Length: 0\r\n\r\n"
    ))
}

fn get(wick: &Wick, path: &str, lines: &str) -> Response {
    ask(wick, &format!("GET {path} HTTP/1.1"), lines)
}

fn said(response: Response) -> String {
    String::from_utf8(response.body).unwrap()
}

/// All who may use Wick, as this browser is told.
async fn access_of(wick: &Wick, browser: Option<&Signed>) -> Access {
    // A page that was open has heard of other changes, too.
    let mut page = wick.page_of(browser).await;
    page.ask(ClientMessage::ShowAccess).await;
    page.until(|it| match it {
        ServerMessage::AccessChanged { access } => serde_json::from_str(access).ok(),
        _ => None,
    })
    .await
}

async fn access(wick: &Wick) -> Access {
    access_of(wick, wick.signed.as_ref()).await
}

pub async fn make_key(page: &mut Page, name: &str, scope: Scope, models: &[&str]) -> String {
    let models = models.iter().map(|&it| ModelId(it.into())).collect();
    page.ask(ClientMessage::MakeKey { name: name.into(), scope, models }).await;
    page.until(|it| match it {
        ServerMessage::KeyMade { key } => Some(key.clone()),
        _ => None,
    })
    .await
}

fn bearer(key: &str) -> String {
    format!("Authorization: Bearer {key}\r\n")
}

#[test]
fn strangers_reach_the_page_and_the_way_to_sign_in_and_nothing_else() {
    let wick = Wick::without_models();
    let other = Signed::new(wick.data.path(), wick.port).unwrap();
    let signed = wick.signed.as_ref().unwrap();
    let port = wick.port;
    // One half is not enough, nor are halves of two browsers, nor what was made up.
    let made_up = Signed { cookie: "0".repeat(64), secret: "0".repeat(64) };
    for lines in [
        String::new(),
        signed.cookie_line(port),
        signed.secret_line(),
        signed.cookie_line(port) + &other.secret_line(),
        signed.cookie_line(port + 1) + &signed.secret_line(),
        made_up.cookie_line(port) + &made_up.secret_line(),
        signed.cookie_line(port) + "wick-secret: \r\n",
        bearer(&signed.secret),
        bearer("wick-"),
    ] {
        for line in requests(&wick) {
            let response = ask(&wick, &line, &lines);
            let path = line.split_once(' ').unwrap().1;
            let expected = match path {
                _ if line.starts_with("POST / ") => 405,
                path if path.starts_with("/nothing ") => 404,
                // It has no type.
                "/sign-in HTTP/1.1" | "/pair HTTP/1.1" if line.starts_with("POST") => 415,
                path if FOR_ALL.iter().any(|it| path.starts_with(it)) => 200,
                _ => 401,
            };
            assert_eq!(response.status, expected, "{line} {lines}");
            let is_told = path.starts_with("/health") && said(response).contains("version");
            assert!(!is_told, "{line}");
        }
    }
    // All of it is answered to who shows both.
    for line in requests(&wick) {
        let response = ask(&wick, &line, &wick.shown());
        assert!(![401, 403].contains(&response.status), "{line}: {}", response.status);
    }
}

#[test]
fn a_link_signs_in_once_and_guesses_never_do() {
    let wick = Wick::without_models();
    let port = wick.port;
    let link = link(wick.data.path());
    assert!(link.starts_with(&format!("http://localhost:{port}/#key=")), "{link}");
    // A browser that is signed in uses it up and stays who it is.
    let again = sign_in(port, &code(&link), &wick.shown());
    assert_eq!((again.status, again.header("set-cookie")), (204, None));
    let late = sign_in(port, &code(&link), "");
    assert_eq!((late.status, late.header("set-cookie")), (403, None));
    assert!(said(late).contains("wick link"));

    let good = code(&crate::support::signed::link(wick.data.path()));
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut answers = BufReader::new(stream.try_clone().unwrap());
    for n in 0..10_000_u32 {
        let body = format!("{{\"code\":\"{n:032x}\"}}");
        let request = format!(
            "POST /sign-in HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(answers.read_line(&mut head).unwrap(), 0, "cut off: {head}");
        }
        let head = head.to_lowercase();
        assert!(head.starts_with("http/1.1 403") && !head.contains("set-cookie"), "{head}");
        let length = head.lines().find_map(|it| it.strip_prefix("content-length: ")).unwrap();
        answers.read_exact(&mut vec![0; length.parse().unwrap()]).unwrap();
    }
    // The owner is not locked out.
    assert_eq!(sign_in(port, &good, "").status, 200);
}

#[test]
fn no_form_and_no_other_page_signs_in() {
    let wick = Wick::without_models();
    let port = wick.port;
    let code = code(&link(wick.data.path()));
    let body = format!("{{\"code\":\"{code}\"}}");
    let post = |lines: &str| {
        let length = body.len();
        wick.request(&format!(
            "POST /sign-in HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n{lines}\
             Content-Length: {length}\r\n\r\n{body}"
        ))
    };
    let json = "Content-Type: application/json\r\n";
    assert_eq!(post("Content-Type: text/plain\r\n").status, 415);
    assert_eq!(post(&format!("{json}Origin: http://localhost:1\r\n")).status, 403);
    assert_eq!(post(&format!("{json}Sec-Fetch-Site: same-site\r\n")).status, 403);
    let too_long = format!("{{\"code\":\"{}\"}}", "0".repeat(2000));
    let head = format!("{json}Content-Length: {}\r\n", too_long.len());
    let line = format!("POST /sign-in HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n");
    assert_eq!(wick.request(&format!("{line}{head}\r\n{too_long}")).status, 413);
    // It was not used up by any of these.
    assert_eq!(post(json).status, 200);
}

#[tokio::test]
async fn who_is_signed_out_is_cut_off_and_others_stay() {
    let wick = Wick::without_models();
    let other = Signed::new(wick.data.path(), wick.port).unwrap();
    let mut page = wick.page().await;
    let mut out = wick.page_of(Some(&other)).await;
    let before = access(&wick).await;
    assert_eq!((before.devices.len(), before.this), (2, Some(DeviceId(1))));
    assert_eq!(access_of(&wick, Some(&other)).await.this, Some(DeviceId(2)));
    let lines = other.cookie_line(wick.port) + &other.secret_line();
    assert_eq!(get(&wick, "/engine.svg", &lines).status, 200);

    let name = "  The kitchen\n".to_owned();
    page.ask(ClientMessage::RenameDevice { device: DeviceId(2), name }).await;
    let changed = |it: &ServerMessage| match it {
        ServerMessage::AccessChanged { access } => {
            let access: Access = serde_json::from_str(access).unwrap();
            Some(access.devices)
        }
        _ => None,
    };
    // Every page hears of it.
    let devices = out.until(changed).await;
    assert!(devices.iter().any(|it| it.name == "The kitchen"), "{devices:?}");

    page.ask(ClientMessage::RevokeDevice { device: DeviceId(2) }).await;
    out.until_cut_off().await;
    assert_eq!(get(&wick, "/engine.svg", &lines).status, 401);
    assert!(wick.connect_as(Some(&other)).await.is_err());
    assert_eq!(access(&wick).await.devices.len(), 1);

    // It stays so.
    let wick = wick.started_again();
    let lines = other.cookie_line(wick.port) + &other.secret_line();
    assert_eq!(get(&wick, "/sign-in", &lines).status, 401);
    assert_eq!(get(&wick, "/sign-in", &wick.shown()).status, 204);
    assert_eq!(access(&wick).await.devices[0].address, "127.0.0.1");
}

#[tokio::test]
async fn one_too_many_takes_the_place_of_the_one_that_was_seen_longest_ago() {
    let wick = Wick::without_models();
    let second = Signed::new(wick.data.path(), wick.port).unwrap();
    for _ in 2..=wick_protocol::MOST_DEVICES {
        Signed::new(wick.data.path(), wick.port).unwrap();
        // The first one is seen all the time.
        assert_eq!(get(&wick, "/sign-in", &wick.shown()).status, 204);
    }
    assert_eq!(access(&wick).await.devices.len(), wick_protocol::MOST_DEVICES);
    let lines = second.cookie_line(wick.port) + &second.secret_line();
    assert_eq!(get(&wick, "/sign-in", &lines).status, 401);
}

#[tokio::test]
async fn a_key_is_for_what_it_was_made_for() {
    let wick = Wick::without_models();
    let mut page = wick.page().await;
    let (models, chat, admin) = (
        make_key(&mut page, "List", Scope::Models, &[]).await,
        make_key(&mut page, "Editor", Scope::Chat, &[]).await,
        make_key(&mut page, "Backup", Scope::Admin, &[]).await,
    );
    // There is no model, which is said after the key was looked at.
    for (key, may) in
        [(&models, [200, 403, 401]), (&chat, [200, 404, 401]), (&admin, [200, 404, 200])]
    {
        assert!(key.starts_with("wick-") && key.len() == 69, "{key}");
        let lines = bearer(key);
        assert_eq!(get(&wick, "/v1/models", &lines).status, may[0]);
        let json = format!("{lines}Content-Type: application/json\r\n");
        let body = br#"{"messages":[{"role":"user","content":"Hello"}]}"#;
        assert_eq!(post(&wick, "/v1/chat/completions", &json, body).status, may[1]);
        assert_eq!(get(&wick, "/export/all.json", &lines).status, may[2]);
    }
    let shown = access(&wick).await.keys;
    let names: Vec<_> = shown.iter().map(|it| (it.name.as_str(), it.used.is_some())).collect();
    assert_eq!(names, [("Backup", true), ("Editor", true), ("List", true)]);
    assert!(admin.starts_with(&shown[0].start) && shown[0].start.len() < 12);

    let wrong = get(&wick, "/v1/models", &bearer(&format!("{chat}0")));
    assert_eq!(wrong.status, 401);
    let wrong: Value = serde_json::from_slice(&wrong.body).unwrap();
    assert_eq!(wrong["error"]["code"], "invalid_api_key");

    // Keys are kept, and what was revoked stays so.
    page.ask(ClientMessage::RevokeKey { key: KeyId(2) }).await;
    assert_eq!(access(&wick).await.keys.len(), 2);
    let wick = wick.started_again();
    assert_eq!(get(&wick, "/v1/models", &bearer(&chat)).status, 401);
    assert_eq!(get(&wick, "/v1/models", &bearer(&models)).status, 200);
}

#[tokio::test]
async fn programs_of_this_computer_need_no_key_where_that_was_set() {
    let wick = Wick::without_models();
    let mut page = wick.page().await;
    assert!(!access(&wick).await.is_keyless);
    assert_eq!(get(&wick, "/v1/models", "").status, 401);
    page.ask(ClientMessage::SetKeyless { is_keyless: true }).await;
    assert!(access(&wick).await.is_keyless);
    let wick = wick.started_again();
    assert_eq!(get(&wick, "/v1/models", "").status, 200);
    // Programs often have to show something.
    assert_eq!(get(&wick, "/v1/models", &bearer("none")).status, 200);
    // Chats are not meant.
    assert_eq!(get(&wick, "/export/all.json", "").status, 401);
}

#[tokio::test]
async fn a_key_may_be_for_some_models_and_what_it_gets_ends_with_it() {
    let Some(wick) = Wick::with(&[SMOL, GEMMA], &[]) else { return };
    let mut page = wick.page().await;
    let key = make_key(&mut page, "Editor", Scope::Chat, &[SMOL]).await;
    let list: Value =
        serde_json::from_slice(&get(&wick, "/v1/models", &bearer(&key)).body).unwrap();
    let names: Vec<_> = list["data"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
    assert_eq!(names, ["SmolLM2-135M-Instruct"]);
    let json = format!("{}Content-Type: application/json\r\n", bearer(&key));
    let body = |model: &str, in_pieces: bool| {
        let story = "Write a long story about a ship.";
        json!({
            "model": model, "stream": in_pieces, "ignore_eos": true, "temperature": 0,
            "messages": [{ "role": "user", "content": story }],
        })
        .to_string()
    };
    let other = post(&wick, "/v1/chat/completions", &json, body(GEMMA, true).as_bytes());
    assert_eq!(other.status, 403);
    assert!(said(other).contains("This key is not for the model"));

    // An answer without an end, of which some was read.
    let mut answer = posted(&wick, "/v1/chat/completions", &json, body(SMOL, true).as_bytes());
    let mut some = [0; 600];
    answer.read_exact(&mut some).unwrap();
    page.ask(ClientMessage::RevokeKey { key: KeyId(1) }).await;
    let mut rest = String::new();
    answer.read_to_string(&mut rest).unwrap();
    assert!(!rest.contains("[DONE]"), "{rest}");
}

#[test]
fn everybody_is_let_in_where_that_was_said_and_the_doctor_says_it() {
    let wick = Wick::start(tempfile::tempdir().unwrap(), &["--no-auth"]);
    assert!(wick.signed.is_none());
    for line in requests(&wick) {
        let response = ask(&wick, &line, "");
        assert!(![401, 403].contains(&response.status), "{line}: {}", response.status);
    }
    // The guard stays.
    assert_eq!(get(&wick, "/engine.svg", "Sec-Fetch-Site: cross-site\r\n").status, 403);
    let mut doctor = Command::new(env!("CARGO_BIN_EXE_wick"));
    doctor.args(["doctor", "--no-auth", "--data-dir"]).arg(wick.data.path());
    let says = String::from_utf8(doctor.output().unwrap().stdout).unwrap();
    assert!(says.contains("! Other users of this computer may read all chats"), "{says}");
}

#[tokio::test]
async fn nothing_secret_is_in_the_log_or_in_a_command_line() {
    let data = tempfile::tempdir().unwrap();
    let log = data.path().join("log");
    let browser = data.path().join("browser");
    let seen = data.path().join("seen");
    fs::write(&browser, format!("#!/bin/sh\necho \"$1\" > '{}'\n", seen.display())).unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o700)).unwrap();
    let mut process = Command::new(env!("CARGO_BIN_EXE_wick"));
    process.args(["--port", "0", "--data-dir"]).arg(data.path()).env("BROWSER", &browser);
    process.env("WICK_LOG", "trace").stderr(fs::File::create(&log).unwrap());
    let mut process = process.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let address = lines.next().unwrap().unwrap();
    let port: u16 = address.rsplit(':').next().unwrap().parse().unwrap();
    let file = until_written(&seen);
    // What the browser was started with leads to a page that leads to Wick with a code.
    let path = file.trim().strip_prefix("file://").unwrap();
    let page = fs::read_to_string(path).unwrap();
    let code = page.split("#key=").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(!path.contains(&code) && code.len() == 32);
    assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    let response = sign_in(port, &code, "User-Agent: Mozilla/5.0 (X11; Linux) Firefox/140.0\r\n");
    assert_eq!(response.status, 200);
    assert!(!fs::exists(path).unwrap(), "it is used up");
    let cookie = response.header("set-cookie").unwrap().to_owned();
    assert!(cookie.ends_with("; path=/; httponly; samesite=strict; max-age=34560000"), "{cookie}");
    let cookie = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
    let secret: Value = serde_json::from_slice(&response.body).unwrap();
    let secret = secret["secret"].as_str().unwrap().to_owned();
    crate::support::signal(process.id(), "TERM");
    assert!(process.wait().unwrap().success());
    let log = fs::read_to_string(&log).unwrap();
    assert!(log.contains("a browser was signed in"), "{log}");
    let database = fs::read(data.path().join("wick.db")).unwrap();
    for secret in [&code, &cookie, &secret] {
        assert!(!log.contains(secret.as_str()), "{secret} is in {log}");
        let is_there = database.windows(secret.len()).any(|it| it == secret.as_bytes());
        assert!(!is_there, "{secret} is in the database");
    }
}

/// Posts without being signed in.
fn posted(wick: &Wick, path: &str, lines: &str, body: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", wick.port)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let head = format!(
        "POST {path} HTTP/1.0\r\nHost: localhost:{}\r\n{lines}Content-Length: {}\r\n\r\n",
        wick.port,
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    stream
}

fn post(wick: &Wick, path: &str, lines: &str, body: &[u8]) -> Response {
    Response::read(posted(wick, path, lines, body))
}
