//! Phones in the network: what they reach, how one is let in, and that it ends.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use serde_json::Value;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, Error, SignatureScheme, StreamOwned,
};
use wick_protocol::{Access, Asking, ClientMessage, LanDoor, ServerMessage};

use crate::guard::{OTHER_HOSTS, requests};
use crate::support::{PATIENCE, Page, Response, Wick};

/// An address of this computer that nobody else has, and that counts as one in a network here.
const NETWORK: &str = "127.0.0.2";

fn wick() -> Wick {
    Wick::start(tempfile::tempdir().unwrap(), &["--network", NETWORK])
}

/// What opens the way in, with the code.
async fn invite(page: &mut Page) -> String {
    page.ask(ClientMessage::Invite { address: NETWORK.into() }).await;
    page.until(|it| match it {
        ServerMessage::Invited { address, picture } => {
            assert!(picture.contains("<svg"), "{picture}");
            Some(Ok(address.clone()))
        }
        ServerMessage::Refused { reason, .. } => Some(Err(reason.clone())),
        _ => None,
    })
    .await
    .unwrap()
}

fn code(invited: &str) -> String {
    invited.split_once("/#pair=").expect("it has a code").1.to_owned()
}

async fn access(page: &mut Page, is_it: impl Fn(&Access) -> bool) -> Access {
    page.ask(ClientMessage::ShowAccess).await;
    page.until(|it| match it {
        ServerMessage::AccessChanged { access } => serde_json::from_str(access).ok().filter(&is_it),
        _ => None,
    })
    .await
}

async fn door(page: &mut Page) -> LanDoor {
    access(page, |it| it.lan.is_some()).await.lan.unwrap()
}

async fn asking(page: &mut Page) -> Asking {
    access(page, |it| !it.asking.is_empty()).await.asking.remove(0)
}

/// A phone's connection.
fn connect(port: u16) -> StreamOwned<ClientConnection, TcpStream> {
    let stream = TcpStream::connect((NETWORK, port)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(PersonWhoGoesOn))
        .with_no_client_auth();
    let name = ServerName::try_from(NETWORK).unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    StreamOwned::new(connection, stream)
}

/// Goes on where the browser warns of a certificate that it does not know.
#[derive(Debug)]
struct PersonWhoGoesOn;

impl ServerCertVerifier for PersonWhoGoesOn {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = ring::default_provider().signature_verification_algorithms;
        tokio_rustls::rustls::crypto::verify_tls12_signature(
            message,
            certificate,
            signed,
            &algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = ring::default_provider().signature_verification_algorithms;
        tokio_rustls::rustls::crypto::verify_tls13_signature(
            message,
            certificate,
            signed,
            &algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        ring::default_provider().signature_verification_algorithms.supported_schemes()
    }
}

/// Asks over an encrypted connection.
fn ask(port: u16, line: &str, host: &str, lines: &str, body: &str) -> Response {
    let upgrade = if line.contains(" /ws ") {
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    } else {
        "Connection: close\r\n"
    };
    let length = body.len();
    let mut stream = connect(port);
    let head =
        format!("{line}\r\nHost: {host}\r\n{lines}{upgrade}Content-Length: {length}\r\n\r\n{body}");
    stream.write_all(head.as_bytes()).unwrap();
    Response::read(stream)
}

fn own(wick: &Wick) -> String {
    format!("{NETWORK}:{}", wick.port)
}

/// Shows a code as a phone does.
fn pair(port: u16, code: &str) -> Response {
    let own = format!("{NETWORK}:{port}");
    let lines = format!(
        "Origin: https://{own}\r\nContent-Type: application/json\r\n\
         User-Agent: Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1\r\n"
    );
    ask(port, "POST /pair HTTP/1.1", &own, &lines, &format!("{{\"code\":\"{code}\"}}"))
}

/// A phone that was let in: what it shows.
async fn phone(wick: &Wick, page: &mut Page) -> String {
    let code = code(&invite(page).await);
    let port = wick.port;
    let paired = tokio::task::spawn_blocking(move || pair(port, &code));
    let asking = asking(page).await;
    assert_eq!((asking.name.as_str(), asking.address.as_str()), ("Safari, iPhone", "127.0.0.1"));
    page.ask(ClientMessage::Answer { asking: asking.id, is_allowed: true }).await;
    let response = paired.await.unwrap();
    assert_eq!(response.status, 200);
    let cookie = response.header("set-cookie").unwrap();
    assert!(cookie.ends_with("; secure"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let said: Value = serde_json::from_slice(&response.body).unwrap();
    format!("Cookie: {cookie}\r\nwick-secret: {}\r\n", said["secret"].as_str().unwrap())
}

#[test]
fn nobody_listens_on_the_network_before_somebody_wants_it() {
    let wick = wick();
    assert!(TcpStream::connect((NETWORK, wick.port)).is_err());
}

#[tokio::test]
async fn a_phone_is_let_in_by_a_person_and_sees_the_chats() {
    let wick = wick();
    let mut page = wick.page().await;
    let shown = phone(&wick, &mut page).await;
    let response = ask(wick.port, "GET /export/all.json HTTP/1.1", &own(&wick), &shown, "");
    assert_eq!(response.status, 200);
    let access = access(&mut page, |it| it.devices.len() == 2).await;
    let device = access.devices.iter().find(|it| it.name == "Safari, iPhone").unwrap();

    // It is known after a restart, at the same port, where phones are let in again.
    let (port, data) = (wick.port.to_string(), wick.ended());
    let wick = Wick::start(data, &["--network", NETWORK, "--port", &port]);
    let response = ask(wick.port, "GET /sign-in HTTP/1.1", &own(&wick), &shown, "");
    assert_eq!(response.status, 204);
    let mut page = wick.page().await;
    page.ask(ClientMessage::RevokeDevice { device: device.id }).await;
    self::access(&mut page, |it| it.devices.iter().all(|it| it.name != "Safari, iPhone")).await;
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
        move || pair(port, &code).status
    });
    let asking = asking(&mut page).await;
    page.ask(ClientMessage::Answer { asking: asking.id, is_allowed: false }).await;
    assert_eq!(asks.await.unwrap(), 403);
    // It was used up.
    let statuses: Vec<u16> = (0..6).map(|_| pair(wick.port, &code).status).collect();
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
            path if crate::access::FOR_ALL.iter().any(|it| path.starts_with(it)) => 200,
            "/sign-in HTTP/1.1" | "/pair HTTP/1.1" if line.starts_with("POST") => 415,
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
    let wick = wick();
    let mut page = wick.page().await;
    invite(&mut page).await;
    let door = door(&mut page).await;
    let name = door.name.strip_prefix("https://").unwrap();
    let local = format!("localhost:{}", wick.port);
    for host in [own(&wick), name.to_owned(), name.to_uppercase()] {
        let origin = format!("Origin: https://{}\r\n", own(&wick));
        assert_eq!(ask(wick.port, "GET / HTTP/1.1", &host, &origin, "").status, 200, "{host}");
    }
    let others = OTHER_HOSTS.iter().map(|it| it.replace("PORT", &wick.port.to_string()));
    let others = others.filter(|it| *it != own(&wick));
    for host in others.chain([local, format!("{name}.evil.test"), "wick.local".into()]) {
        let shown = wick.shown();
        for line in
            ["GET / HTTP/1.1", "GET /ws HTTP/1.1", "POST /import HTTP/1.1", "POST /pair HTTP/1.1"]
        {
            let response = ask(wick.port, line, &host, &shown, "");
            assert!([400, 403].contains(&response.status), "{line} {host}: {}", response.status);
        }
    }
    for origin in
        ["null", &format!("http://{}", own(&wick)), "https://evil.test", "https://127.0.0.2:1"]
    {
        let lines = format!("Origin: {origin}\r\n{}", wick.shown());
        assert_eq!(
            ask(wick.port, "GET /ws HTTP/1.1", &own(&wick), &lines, "").status,
            403,
            "{origin}"
        );
    }
}

#[tokio::test]
async fn who_speaks_without_encryption_is_told_where_one_does_and_nothing_else() {
    let wick = wick();
    let mut page = wick.page().await;
    invite(&mut page).await;
    for line in requests(&wick) {
        let mut stream = TcpStream::connect((NETWORK, wick.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
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
        let mut stream = TcpStream::connect((NETWORK, wick.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
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
    let place = format!("at https://{}", own(&wick));
    assert!(says.contains(&place) && !says.contains("Only this computer"), "{says}");
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
        page.ask(ClientMessage::Invite { address: address.into() }).await;
        let refused = page.until(|it| match it {
            ServerMessage::Refused { reason, .. } => Some(reason.clone()),
            _ => None,
        });
        let refused = refused.await;
        assert!(refused.contains(reason), "{refused}");
    }
    assert!(TcpStream::connect((NETWORK, wick.port)).is_err());
}
