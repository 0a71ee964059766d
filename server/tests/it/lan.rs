//! Phones in the network: what they reach, how one is let in, and that it ends.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddrV4, TcpListener, TcpStream};

use wick_protocol::{ClientMessage, ServerMessage};

use crate::guard::{OTHER_HOSTS, requests};
use crate::support::Response;
use crate::support::network::{
    Reachable, Way, access, ask, asking, code, connect, door, invite, invite_by, pair, phone,
    plain, wick,
};

#[test]
fn nobody_listens_on_the_network_before_somebody_wants_it() {
    let wick = wick();
    assert!(TcpStream::connect(wick.at).is_err());
}

#[tokio::test]
async fn phones_come_in_at_the_next_port_where_somebody_has_that_of_the_page() {
    let wick = wick();
    let mut page = wick.page().await;
    let _somebody = TcpListener::bind(wick.at).unwrap();
    invite(&wick, &mut page).await;
    let door = door(&mut page).await;
    let host = door.address.strip_prefix("https://").unwrap();
    let at: SocketAddrV4 = host.parse().unwrap();
    assert!(at.ip() == wick.at.ip() && wick.port < at.port(), "{host}");
    assert_eq!(ask(at, "GET / HTTP/1.1", "", "").status, 200);
}

#[tokio::test]
async fn a_phone_is_let_in_by_a_person_and_sees_the_chats() {
    let wick = wick();
    let mut page = wick.page().await;
    let shown = phone(&wick, &mut page, Way::Encrypted).await;
    let response = ask(wick.at, "GET /export/all.json HTTP/1.1", &shown, "");
    assert_eq!(response.status, 200);
    let told = access(&mut page, |it| it.devices.len() == 2).await;
    let device = told.devices.iter().find(|it| it.name == "Safari, iPhone").unwrap();

    // It is known after a restart, at the same port, where phones are let in again.
    let wick = wick.restarted();
    let response = ask(wick.at, "GET /sign-in HTTP/1.1", &shown, "");
    assert_eq!(response.status, 204);
    let mut page = wick.page().await;
    page.ask(ClientMessage::RevokeDevice { device: device.id }).await;
    access(&mut page, |it| it.devices.iter().all(|it| it.name != "Safari, iPhone")).await;
    let response = ask(wick.at, "GET /sign-in HTTP/1.1", &shown, "");
    assert_eq!(response.status, 401);
}

#[tokio::test]
async fn a_phone_that_is_sent_away_or_guesses_is_not_let_in() {
    let wick = wick();
    let mut page = wick.page().await;
    let code = code(&invite(&wick, &mut page).await);
    let asks = tokio::task::spawn_blocking({
        let (at, code) = (wick.at, code.clone());
        move || pair(at, Way::Encrypted, &code).status
    });
    let asking = asking(&mut page).await;
    page.ask(ClientMessage::Answer { asking: asking.id, is_allowed: false }).await;
    assert_eq!(asks.await.unwrap(), 403);
    // It was used up.
    let statuses: Vec<u16> = (0..6).map(|_| pair(wick.at, Way::Encrypted, &code).status).collect();
    assert_eq!(statuses, [403, 403, 403, 403, 403, 429]);
    assert_eq!(access(&mut page, |_| true).await.devices.len(), 1);
}

#[tokio::test]
async fn strangers_in_the_network_reach_the_page_and_the_way_in_and_nothing_else() {
    let wick = wick();
    let mut page = wick.page().await;
    invite(&wick, &mut page).await;
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
        let response = ask(wick.at, &line, "", "");
        assert_eq!(response.status, expected, "{line}");
    }
    // What a browser of this computer shows is good for the whole of Wick.
    assert_eq!(ask(wick.at, "GET /sign-in HTTP/1.1", &shown, "").status, 204);
    // That programs need no key is for this computer only.
    page.ask(ClientMessage::SetKeyless { is_keyless: true }).await;
    access(&mut page, |it| it.is_keyless).await;
    let without_key = ask(wick.at, "GET /v1/models HTTP/1.1", "", "");
    // Where phones come in, it makes no difference that this one is of this computer.
    assert_eq!(without_key.status, 401);
}

#[tokio::test]
async fn no_address_answers_phones_under_another_name_or_to_another_page() {
    for way in Way::BOTH {
        let wick = wick();
        let mut page = wick.page().await;
        invite_by(&wick, &mut page, way).await;
        let (own, scheme) = (wick.at.to_string(), way.scheme());
        let door = door(&mut page).await;
        let name = door.name.split_once("://").unwrap().1;
        for host in [own.clone(), name.to_owned(), name.to_uppercase()] {
            let origin = format!("Origin: {scheme}://{own}\r\n");
            let response = way.ask(wick.at, "GET / HTTP/1.1", &host, &origin, "");
            assert_eq!(response.status, 200, "{host}");
        }
        let others = OTHER_HOSTS.iter().map(|it| it.replace("PORT", &wick.port.to_string()));
        let others = others.filter(|it| *it != own);
        let local = format!("localhost:{}", wick.port);
        let others = others.chain([local, format!("{name}.evil.test"), "wick.local".into()]);
        let (others, shown): (Vec<_>, _) = (others.collect(), wick.shown());
        for line in requests(&wick) {
            for host in &others {
                let response = way.ask(wick.at, &line, host, &shown, "");
                let is_refused = [400, 403].contains(&response.status);
                assert!(is_refused, "{way:?} {line} {host}: {}", response.status);
            }
        }
        let other = if way == Way::Plain { "https" } else { "http" };
        for origin in [
            "null",
            &format!("{other}://{own}"),
            &format!("{scheme}://evil.test"),
            &format!("{scheme}://{}:1", wick.at.ip()),
            &format!("{scheme}://localhost:{}", wick.port),
        ] {
            let lines = format!("Origin: {origin}\r\n{shown}");
            for line in requests(&wick) {
                let status = way.ask(wick.at, &line, &own, &lines, "").status;
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
    let (own, opened) = (wick.at.to_string(), door(&mut page).await);
    assert_eq!(opened.address, format!("http://{own}"));
    assert_eq!((opened.fingerprint.as_str(), opened.words.as_str()), ("", ""));
    let asks = |line: &str, lines: &str| Way::Plain.ask(wick.at, line, &own, lines, "").status;
    assert_eq!(asks("GET /export/all.json HTTP/1.1", &shown), 200);
    assert_eq!(asks("GET /export/authority.crt HTTP/1.1", &shown), 404);
    assert_eq!(asks("GET /export/all.json HTTP/1.1", ""), 401);
    // Programs need a key there, too.
    page.ask(ClientMessage::SetKeyless { is_keyless: true }).await;
    access(&mut page, |it| it.is_keyless).await;
    assert_eq!(asks("GET /v1/models HTTP/1.1", ""), 401);

    // It is so again after a restart, and encrypted when a person wants that.
    let wick = wick.restarted();
    assert_eq!(Way::Plain.ask(wick.at, "GET /sign-in HTTP/1.1", &own, &shown, "").status, 204);
    let mut page = wick.page().await;
    let invited = invite(&wick, &mut page).await;
    assert!(invited.starts_with("https://"), "{invited}");
    assert_eq!(Way::Plain.ask(wick.at, "GET /sign-in HTTP/1.1", &own, &shown, "").status, 307);
}

#[tokio::test]
async fn phones_are_told_the_words_of_the_certificate_and_get_what_makes_them_trust_it() {
    let wick = wick();
    let mut page = wick.page().await;
    let shown = phone(&wick, &mut page, Way::Encrypted).await;
    let words = door(&mut page).await.words;
    assert_eq!(words.split(' ').count(), 4, "{words}");
    let told = ask(wick.at, "GET /pair HTTP/1.1", "", "");
    assert_eq!((told.status, told.body), (200, words.into_bytes()));
    let line = "GET /export/authority.crt HTTP/1.1";
    assert_eq!(ask(wick.at, line, "", "").status, 401);
    let authority = ask(wick.at, line, &shown, "");
    assert_eq!(authority.header("content-type"), Some("application/x-x509-ca-cert"));
    let kept = std::fs::read(wick.data.path().join("tls/authority.pem")).unwrap();
    assert_eq!(authority.body, kept);
}

#[tokio::test]
async fn who_speaks_without_encryption_is_told_where_one_does_and_nothing_else() {
    let wick = wick();
    let mut page = wick.page().await;
    invite(&wick, &mut page).await;
    for line in requests(&wick) {
        let mut stream = plain(wick.at);
        let head =
            format!("{line}\r\nHost: {}\r\n{}Content-Length: 0\r\n\r\n", wick.at, wick.shown());
        stream.write_all(head.as_bytes()).unwrap();
        let response = Response::read(stream);
        assert_eq!((response.status, response.body.len()), (307, 0), "{line}");
        let expected = format!("https://{}/", wick.at);
        assert_eq!(response.header("location"), Some(expected.as_str()), "{line}");
    }
    // Nor is what is encrypted understood where nobody else can hear it.
    let mut stream = connect(wick.at);
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
    let wick = Reachable::start(&["--hurry", "10"]);
    let mut page = wick.page().await;
    invite(&wick, &mut page).await;
    for said in [&[][..], &[22], &[22, 3, 1, 2, 0, 1]] {
        let mut stream = plain(wick.at);
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
        let network = wick.at.ip().to_string();
        doctor.args(["doctor", "--network", &network, "--data-dir"]).arg(wick.data.path());
        String::from_utf8(doctor.output().unwrap().stdout).unwrap()
    };
    assert!(doctor().contains("Only this computer can reach it"), "{}", doctor());
    let mut page = wick.page().await;
    invite(&wick, &mut page).await;
    let says = doctor();
    let place = format!("at https://{}, encrypted", wick.at);
    assert!(says.contains(&place) && !says.contains("Only this computer"), "{says}");
    invite_by(&wick, &mut page, Way::Plain).await;
    let says = doctor();
    let place = format!("at http://{}, without encryption", wick.at);
    assert!(says.contains(&place), "{says}");
}

#[tokio::test]
async fn another_code_cuts_nobody_off() {
    let wick = wick();
    let mut page = wick.page().await;
    let first = invite(&wick, &mut page).await;
    let certificate = door(&mut page).await.fingerprint;
    let mut phone = connect(wick.at);
    let line = format!("GET /sign-in HTTP/1.1\r\nHost: {}\r\n{}\r\n", wick.at, wick.shown());
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
    assert_ne!(invite(&wick, &mut page).await, first);
    assert_eq!(door(&mut page).await.fingerprint, certificate);
    assert_eq!(asks(), "HTTP/1.1 204");
}

#[tokio::test]
async fn what_was_opened_is_closed_by_the_switch_and_who_is_there_is_cut_off() {
    let wick = wick();
    let mut page = wick.page().await;
    invite(&wick, &mut page).await;
    let mut socket = connect(wick.at);
    let head = format!(
        "GET /ws HTTP/1.1\r\nHost: {}\r\n{}Connection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        wick.at,
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
    assert!(TcpStream::connect(wick.at).is_err());
    // What is closed and opened at once is open.
    for _ in 0..5 {
        page.ask(ClientMessage::CloseLan).await;
        invite(&wick, &mut page).await;
        connect(wick.at).write_all(b"GET / HTTP/1.1\r\n").unwrap();
    }
    page.ask(ClientMessage::CloseLan).await;
    access(&mut page, |it| it.lan.is_none()).await;
    // It stays closed.
    let wick = wick.restarted();
    assert!(TcpStream::connect(wick.at).is_err());
}

#[tokio::test]
async fn where_nobody_has_to_sign_in_nobody_is_let_in_from_the_network() {
    let wick = Reachable::start(&["--no-auth"]);
    let mut page = wick.page().await;
    for address in [wick.at.ip().to_string(), "8.8.8.8".into()] {
        page.ask(ClientMessage::Invite { address, is_encrypted: true }).await;
        let refused = page.refusal().await;
        assert!(refused.contains("--no-auth"), "{refused}");
    }
    assert!(TcpStream::connect(wick.at).is_err());
}

#[tokio::test]
async fn phones_reach_wick_where_its_computer_has_another_address_in_the_same_network() {
    let wick = wick();
    let mut page = wick.page().await;
    invite(&wick, &mut page).await;
    let [.., network, _] = wick.at.ip().octets();
    let wick = wick.restarted_in(Ipv4Addr::new(127, 0, network, 3));
    let mut page = wick.page().await;
    let opened = door(&mut page).await;
    assert_eq!(opened.address, format!("https://{}", wick.at));
    // In another network it is not there before a person wants it.
    let wick = wick.restarted_in(Ipv4Addr::new(127, 1, network, 3));
    let mut page = wick.page().await;
    assert_eq!(access(&mut page, |_| true).await.lan, None);
    assert!(TcpStream::connect(wick.at).is_err());
}

#[tokio::test]
async fn without_an_address_the_likeliest_network_is_taken_and_what_is_open_stays() {
    let wick = wick();
    let mut page = wick.page().await;
    for way in [Way::Encrypted, Way::Plain] {
        if way == Way::Plain {
            invite_by(&wick, &mut page, way).await;
        }
        page.ask(ClientMessage::Invite { address: String::new(), is_encrypted: true }).await;
        let invited = page.until(|it| match it {
            ServerMessage::Invited { address, .. } => Some(address.clone()),
            _ => None,
        });
        let invited = invited.await;
        let place = format!("{}://{}/#pair=", way.scheme(), wick.at);
        assert!(invited.starts_with(&place), "{invited}");
    }
}
