//! Phones in the network: what they reach, how one is let in, and that it ends.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use wick_protocol::ClientMessage;

use crate::guard::{OTHER_HOSTS, requests};
use crate::support::network::{
    NETWORK, Way, access, ask, asking, code, connect, connect_at, door, invite, invite_at,
    invite_by, own, pair, phone, plain, wick, wick_in,
};
use crate::support::{Response, Wick};
use wick_protocol::ServerMessage;

#[test]
fn nobody_listens_on_the_network_before_somebody_wants_it() {
    let wick = wick();
    assert!(TcpStream::connect((NETWORK, wick.port)).is_err());
}

#[tokio::test]
async fn phones_come_in_at_the_next_port_where_somebody_has_that_of_the_page() {
    // The next port may be that of another test's page, whose phones must come in there.
    let network = "127.0.0.3";
    let wick = wick_in(network);
    let mut page = wick.page().await;
    let _somebody = TcpListener::bind((network, wick.port)).unwrap();
    invite_at(&mut page, network, Way::Encrypted).await;
    let door = door(&mut page).await;
    let at = door.address.strip_prefix("https://").unwrap();
    let port: u16 = at.strip_prefix("127.0.0.3:").unwrap().parse().unwrap();
    assert!(wick.port < port);
    let mut phone = connect_at(network, port);
    write!(phone, "GET / HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n\r\n").unwrap();
    assert_eq!(Response::read(phone).status, 200);
}

#[tokio::test]
async fn a_phone_is_let_in_by_a_person_and_sees_the_chats() {
    let wick = wick();
    let mut page = wick.page().await;
    let shown = phone(&wick, &mut page, Way::Encrypted).await;
    let response = ask(wick.port, "GET /export/all.json HTTP/1.1", &own(&wick), &shown, "");
    assert_eq!(response.status, 200);
    let told = access(&mut page, |it| it.devices.len() == 2).await;
    let device = told.devices.iter().find(|it| it.name == "Safari, iPhone").unwrap();

    // It is known after a restart, at the same port, where phones are let in again.
    let (port, data) = (wick.port.to_string(), wick.ended());
    let wick = Wick::start(data, &["--network", NETWORK, "--port", &port]);
    let response = ask(wick.port, "GET /sign-in HTTP/1.1", &own(&wick), &shown, "");
    assert_eq!(response.status, 204);
    let mut page = wick.page().await;
    page.ask(ClientMessage::RevokeDevice { device: device.id }).await;
    access(&mut page, |it| it.devices.iter().all(|it| it.name != "Safari, iPhone")).await;
    let response = ask(wick.port, "GET /sign-in HTTP/1.1", &own(&wick), &shown, "");
    assert_eq!(response.status, 401);
}

#[tokio::test]
async fn a_phone_that_is_sent_away_or_guesses_is_not_let_in() {
    let wick = wick();
    let mut page = wick.page().await;
    let code = code(&invite(&mut page).await);
    let asks = tokio::task::spawn_blocking({
        let (port, code) = (wick.port, code.clone());
        move || pair(port, Way::Encrypted, &code).status
    });
    let asking = asking(&mut page).await;
    page.ask(ClientMessage::Answer { asking: asking.id, is_allowed: false }).await;
    assert_eq!(asks.await.unwrap(), 403);
    // It was used up.
    let statuses: Vec<u16> =
        (0..6).map(|_| pair(wick.port, Way::Encrypted, &code).status).collect();
    assert_eq!(statuses, [403, 403, 403, 403, 403, 429]);
    assert_eq!(access(&mut page, |_| true).await.devices.len(), 1);
}

#[tokio::test]
async fn strangers_in_the_network_reach_the_page_and_the_way_in_and_nothing_else() {
    let wick = wick();
    let mut page = wick.page().await;
    invite(&mut page).await;
    let shown = wick.shown();
    for line in requests(&wick) {
        let path = line.split_once(' ').unwrap().1;
        let expected = match path {
            _ if line.starts_with("POST / ") => 405,
            path if path.starts_with("/nothing ") => 404,
            "/sign-in HTTP/1.1" | "/pair HTTP/1.1" if line.starts_with("POST") => 415,
            path if crate::access::FOR_ALL.iter().any(|it| path.starts_with(it)) => 200,
            _ => 401,
        };
        let response = ask(wick.port, &line, &own(&wick), "", "");
        assert_eq!(response.status, expected, "{line}");
    }
    // What a browser of this computer shows is good for the whole of Wick.
    assert_eq!(ask(wick.port, "GET /sign-in HTTP/1.1", &own(&wick), &shown, "").status, 204);
    // That programs need no key is for this computer only.
    page.ask(ClientMessage::SetKeyless { is_keyless: true }).await;
    access(&mut page, |it| it.is_keyless).await;
    let without_key = ask(wick.port, "GET /v1/models HTTP/1.1", &own(&wick), "", "");
    // Where phones come in, it makes no difference that this one is of this computer.
    assert_eq!(without_key.status, 401);
}

#[tokio::test]
async fn no_address_answers_phones_under_another_name_or_to_another_page() {
    for way in Way::BOTH {
        let wick = wick();
        let mut page = wick.page().await;
        invite_by(&mut page, way).await;
        let (own, scheme) = (own(&wick), way.scheme());
        let door = door(&mut page).await;
        let name = door.name.split_once("://").unwrap().1;
        for host in [own.clone(), name.to_owned(), name.to_uppercase()] {
            let origin = format!("Origin: {scheme}://{own}\r\n");
            let response = way.ask(wick.port, "GET / HTTP/1.1", &host, &origin, "");
            assert_eq!(response.status, 200, "{host}");
        }
        let others = OTHER_HOSTS.iter().map(|it| it.replace("PORT", &wick.port.to_string()));
        let others = others.filter(|it| *it != own);
        let local = format!("localhost:{}", wick.port);
        let others = others.chain([local, format!("{name}.evil.test"), "wick.local".into()]);
        let (others, shown): (Vec<_>, _) = (others.collect(), wick.shown());
        for line in requests(&wick) {
            for host in &others {
                let response = way.ask(wick.port, &line, host, &shown, "");
                let is_refused = [400, 403].contains(&response.status);
                assert!(is_refused, "{way:?} {line} {host}: {}", response.status);
            }
        }
        let other = if way == Way::Plain { "https" } else { "http" };
        for origin in [
            "null",
            &format!("{other}://{own}"),
            &format!("{scheme}://evil.test"),
            &format!("{scheme}://{NETWORK}:1"),
            &format!("{scheme}://localhost:{}", wick.port),
        ] {
            let lines = format!("Origin: {origin}\r\n{shown}");
            for line in requests(&wick) {
                let status = way.ask(wick.port, &line, &own, &lines, "").status;
                assert_eq!(status, 403, "{line} {origin}");
            }
        }
    }
}

#[tokio::test]
async fn without_encryption_a_phone_is_let_in_where_a_person_wants_it_so() {
    let wick = wick();
    let mut page = wick.page().await;
    let shown = phone(&wick, &mut page, Way::Plain).await;
    let (own, opened) = (own(&wick), door(&mut page).await);
    assert_eq!(opened.address, format!("http://{own}"));
    assert_eq!((opened.fingerprint.as_str(), opened.words.as_str()), ("", ""));
    let asks = |line: &str, lines: &str| Way::Plain.ask(wick.port, line, &own, lines, "").status;
    assert_eq!(asks("GET /export/all.json HTTP/1.1", &shown), 200);
    assert_eq!(asks("GET /export/authority.crt HTTP/1.1", &shown), 404);
    assert_eq!(asks("GET /export/all.json HTTP/1.1", ""), 401);
    // Programs need a key there, too.
    page.ask(ClientMessage::SetKeyless { is_keyless: true }).await;
    access(&mut page, |it| it.is_keyless).await;
    assert_eq!(asks("GET /v1/models HTTP/1.1", ""), 401);

    // It is so again after a restart, and encrypted when a person wants that.
    let (port, data) = (wick.port.to_string(), wick.ended());
    let wick = Wick::start(data, &["--network", NETWORK, "--port", &port]);
    assert_eq!(Way::Plain.ask(wick.port, "GET /sign-in HTTP/1.1", &own, &shown, "").status, 204);
    let mut page = wick.page().await;
    let invited = invite(&mut page).await;
    assert!(invited.starts_with("https://"), "{invited}");
    assert_eq!(Way::Plain.ask(wick.port, "GET /sign-in HTTP/1.1", &own, &shown, "").status, 307);
}

#[tokio::test]
async fn phones_are_told_the_words_of_the_certificate_and_get_what_makes_them_trust_it() {
    let wick = wick();
    let mut page = wick.page().await;
    let shown = phone(&wick, &mut page, Way::Encrypted).await;
    let (own, words) = (own(&wick), door(&mut page).await.words);
    assert_eq!(words.split(' ').count(), 4, "{words}");
    let told = ask(wick.port, "GET /pair HTTP/1.1", &own, "", "");
    assert_eq!((told.status, told.body), (200, words.into_bytes()));
    let line = "GET /export/authority.crt HTTP/1.1";
    assert_eq!(ask(wick.port, line, &own, "", "").status, 401);
    let authority = ask(wick.port, line, &own, &shown, "");
    assert_eq!(authority.header("content-type"), Some("application/x-x509-ca-cert"));
    let kept = std::fs::read(wick.data.path().join("tls/authority.pem")).unwrap();
    assert_eq!(authority.body, kept);
}

#[tokio::test]
async fn who_speaks_without_encryption_is_told_where_one_does_and_nothing_else() {
    let wick = wick();
    let mut page = wick.page().await;
    invite(&mut page).await;
    for line in requests(&wick) {
        let mut stream = plain(wick.port);
        let head =
            format!("{line}\r\nHost: {}\r\n{}Content-Length: 0\r\n\r\n", own(&wick), wick.shown());
        stream.write_all(head.as_bytes()).unwrap();
        let response = Response::read(stream);
        assert_eq!((response.status, response.body.len()), (307, 0), "{line}");
        let expected = format!("https://{}/", own(&wick));
        assert_eq!(response.header("location"), Some(expected.as_str()), "{line}");
    }
    // Nor is what is encrypted understood where nobody else can hear it.
    let mut stream = connect(wick.port);
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    let mut local = TcpStream::connect(("127.0.0.1", wick.port)).unwrap();
    local.write_all(&[22, 3, 1, 0, 1, 0]).unwrap();
    let mut answer = Vec::new();
    let _ = local.read_to_end(&mut answer);
    assert!(!answer.starts_with(&[22]), "{answer:?}");
}

#[tokio::test]
async fn a_handshake_that_does_not_come_to_its_end_is_closed() {
    // 0.5 s for the first byte, and for the handshake.
    let wick = Wick::start(tempfile::tempdir().unwrap(), &["--network", NETWORK, "--hurry", "10"]);
    let mut page = wick.page().await;
    invite(&mut page).await;
    for said in [&[][..], &[22], &[22, 3, 1, 2, 0, 1]] {
        let mut stream = plain(wick.port);
        stream.write_all(said).unwrap();
        // It may be told why; then it ends.
        stream.read_to_end(&mut Vec::new()).expect("it is closed before a minute is over");
    }
}

#[tokio::test]
async fn the_doctor_says_where_phones_reach_wick() {
    let wick = wick();
    let doctor = || {
        let mut doctor = std::process::Command::new(env!("CARGO_BIN_EXE_wick"));
        doctor.args(["doctor", "--network", NETWORK, "--data-dir"]).arg(wick.data.path());
        String::from_utf8(doctor.output().unwrap().stdout).unwrap()
    };
    assert!(doctor().contains("Only this computer can reach it"), "{}", doctor());
    let mut page = wick.page().await;
    invite(&mut page).await;
    let says = doctor();
    let place = format!("at https://{}, encrypted", own(&wick));
    assert!(says.contains(&place) && !says.contains("Only this computer"), "{says}");
    invite_by(&mut page, Way::Plain).await;
    let says = doctor();
    let place = format!("at http://{}, without encryption", own(&wick));
    assert!(says.contains(&place), "{says}");
}

#[tokio::test]
async fn another_code_cuts_nobody_off() {
    let wick = wick();
    let mut page = wick.page().await;
    let first = invite(&mut page).await;
    let certificate = door(&mut page).await.fingerprint;
    let mut phone = connect(wick.port);
    let line = format!("GET /sign-in HTTP/1.1\r\nHost: {}\r\n{}\r\n", own(&wick), wick.shown());
    let mut asks = || {
        phone.write_all(line.as_bytes()).unwrap();
        let mut status = [0; 12];
        phone.read_exact(&mut status).unwrap();
        let mut last = [0; 4];
        while &last != b"\r\n\r\n" {
            last.rotate_left(1);
            phone.read_exact(&mut last[3..]).unwrap();
        }
        String::from_utf8_lossy(&status).into_owned()
    };
    assert_eq!(asks(), "HTTP/1.1 204");
    assert_ne!(invite(&mut page).await, first);
    assert_eq!(door(&mut page).await.fingerprint, certificate);
    assert_eq!(asks(), "HTTP/1.1 204");
}

#[tokio::test]
async fn what_was_opened_is_closed_by_the_switch_and_who_is_there_is_cut_off() {
    let wick = wick();
    let mut page = wick.page().await;
    invite(&mut page).await;
    let mut socket = connect(wick.port);
    let head = format!(
        "GET /ws HTTP/1.1\r\nHost: {}\r\n{}Connection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        own(&wick),
        wick.shown()
    );
    socket.write_all(head.as_bytes()).unwrap();
    let mut some = [0; 12];
    socket.read_exact(&mut some).unwrap();
    assert_eq!(&some, b"HTTP/1.1 101");
    page.ask(ClientMessage::CloseLan).await;
    // It ends, politely or not.
    let _ = socket.read_to_end(&mut Vec::new());
    access(&mut page, |it| it.lan.is_none()).await;
    assert!(TcpStream::connect((NETWORK, wick.port)).is_err());
    // What is closed and opened at once is open.
    for _ in 0..5 {
        page.ask(ClientMessage::CloseLan).await;
        invite(&mut page).await;
        connect(wick.port).write_all(b"GET / HTTP/1.1\r\n").unwrap();
    }
    page.ask(ClientMessage::CloseLan).await;
    access(&mut page, |it| it.lan.is_none()).await;
    // It stays closed.
    let (port, data) = (wick.port.to_string(), wick.ended());
    let wick = Wick::start(data, &["--network", NETWORK, "--port", &port]);
    assert!(TcpStream::connect((NETWORK, wick.port)).is_err());
}

#[tokio::test]
async fn where_nobody_has_to_sign_in_nobody_is_let_in_from_the_network() {
    let wick = Wick::start(tempfile::tempdir().unwrap(), &["--network", NETWORK, "--no-auth"]);
    let mut page = wick.page().await;
    for (address, reason) in [(NETWORK, "--no-auth"), ("8.8.8.8", "--no-auth")] {
        page.ask(ClientMessage::Invite { address: address.into(), is_encrypted: true }).await;
        let refused = page.refusal().await;
        assert!(refused.contains(reason), "{refused}");
    }
    assert!(TcpStream::connect((NETWORK, wick.port)).is_err());
}

#[tokio::test]
async fn phones_reach_wick_where_its_computer_has_another_address_in_the_same_network() {
    let wick = wick();
    let mut page = wick.page().await;
    invite(&mut page).await;
    let (port, data) = (wick.port.to_string(), wick.ended());
    let wick = Wick::start(data, &["--network", "127.0.0.3", "--port", &port]);
    let mut page = wick.page().await;
    let opened = door(&mut page).await;
    assert_eq!(opened.address, format!("https://127.0.0.3:{port}"));
    // In another network it is not there before a person wants it.
    let data = wick.ended();
    let wick = Wick::start(data, &["--network", "127.0.1.3", "--port", &port]);
    let mut page = wick.page().await;
    assert_eq!(access(&mut page, |_| true).await.lan, None);
    assert!(TcpStream::connect(("127.0.1.3", wick.port)).is_err());
}

#[tokio::test]
async fn without_an_address_the_likeliest_network_is_taken_and_what_is_open_stays() {
    let wick = wick();
    let mut page = wick.page().await;
    for way in [Way::Encrypted, Way::Plain] {
        if way == Way::Plain {
            invite_by(&mut page, way).await;
        }
        page.ask(ClientMessage::Invite { address: String::new(), is_encrypted: true }).await;
        let invited = page.until(|it| match it {
            ServerMessage::Invited { address, .. } => Some(address.clone()),
            _ => None,
        });
        let invited = invited.await;
        let place = format!("{}://{}/#pair=", way.scheme(), own(&wick));
        assert!(invited.starts_with(&place), "{invited}");
    }
}
