//! Phones in the network, which an address of this computer stands for that no other test has.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddrV4, TcpStream};
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use serde_json::Value;
use tempfile::TempDir;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, Error, SignatureScheme, StreamOwned,
};
use wick_protocol::{Access, Asking, ClientMessage, LanDoor, ServerMessage};

use super::{PATIENCE, Page, Response, Wick};

/// How phones come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Encrypted,
    Plain,
}

impl Way {
    pub const BOTH: [Way; 2] = [Way::Encrypted, Way::Plain];

    pub fn scheme(self) -> &'static str {
        match self {
            Way::Encrypted => "https",
            Way::Plain => "http",
        }
    }

    /// Asks there. What follows in the head are these lines.
    pub fn ask(
        self,
        at: SocketAddrV4,
        line: &str,
        host: &str,
        lines: &str,
        body: &str,
    ) -> Response {
        let upgrade = if line.contains(" /ws ") {
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        } else {
            "Connection: close\r\n"
        };
        let length = body.len();
        let head = format!(
            "{line}\r\nHost: {host}\r\n{lines}{upgrade}Content-Length: {length}\r\n\r\n{body}"
        );
        match self {
            Way::Encrypted => said(connect(at), &head),
            Way::Plain => said(plain(at), &head),
        }
    }
}

fn said(mut stream: impl Read + Write, head: &str) -> Response {
    stream.write_all(head.as_bytes()).unwrap();
    Response::read(stream)
}

/// A network that no other test is in: an address of this computer that counts as one in a network.
/// Ports of 127.0.0.2 are taken for a minute by the many connections that other tests make from there.
pub fn network() -> Ipv4Addr {
    static TAKEN: AtomicU8 = AtomicU8::new(0);
    Ipv4Addr::new(127, 0, TAKEN.fetch_add(1, Ordering::Relaxed) + 1, 2)
}

/// A Wick that phones can reach, once that is wanted.
pub struct Reachable {
    wick: Wick,
    /// Where they do.
    pub at: SocketAddrV4,
}

impl Deref for Reachable {
    type Target = Wick;

    fn deref(&self) -> &Wick {
        &self.wick
    }
}

impl Reachable {
    /// Starts one in a network of its own.
    pub fn start(args: &[&str]) -> Reachable {
        Self::start_in(network(), tempfile::tempdir().unwrap(), args)
    }

    /// Ends it, and starts it again at the same port.
    pub fn restarted(self) -> Reachable {
        let network = *self.at.ip();
        self.restarted_in(network)
    }

    /// The same where its computer has this address.
    pub fn restarted_in(self, network: Ipv4Addr) -> Reachable {
        let (port, data) = (self.port.to_string(), self.wick.ended());
        Self::start_in(network, data, &["--port", &port])
    }

    fn start_in(network: Ipv4Addr, data: TempDir, args: &[&str]) -> Reachable {
        let address = network.to_string();
        let network_args = ["--network", &address];
        let wick = Wick::start(data, &[&network_args, args].concat());
        let at = SocketAddrV4::new(network, wick.port);
        Reachable { wick, at }
    }
}

/// One that phones can reach.
pub fn wick() -> Reachable {
    Reachable::start(&[])
}

/// What opens the way in, with the code.
pub async fn invite(wick: &Reachable, page: &mut Page) -> String {
    invite_by(wick, page, Way::Encrypted).await
}

/// The same, in one way or the other.
pub async fn invite_by(wick: &Reachable, page: &mut Page, way: Way) -> String {
    let is_encrypted = way == Way::Encrypted;
    page.ask(ClientMessage::Invite { address: wick.at.ip().to_string(), is_encrypted }).await;
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

pub fn code(invited: &str) -> String {
    invited.split_once("/#pair=").expect("it has a code").1.to_owned()
}

pub async fn access(page: &mut Page, is_it: impl Fn(&Access) -> bool) -> Access {
    page.ask(ClientMessage::ShowAccess).await;
    page.until(|it| match it {
        ServerMessage::AccessChanged { access } => serde_json::from_str(access).ok().filter(&is_it),
        _ => None,
    })
    .await
}

pub async fn door(page: &mut Page) -> LanDoor {
    access(page, |it| it.lan.is_some()).await.lan.unwrap()
}

pub async fn asking(page: &mut Page) -> Asking {
    access(page, |it| !it.asking.is_empty()).await.asking.remove(0)
}

/// A connection that anybody can read along.
pub fn plain(at: SocketAddrV4) -> TcpStream {
    let stream = TcpStream::connect(at).unwrap_or_else(|err| panic!("{at}: {err}"));
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// A phone's connection.
pub fn connect(at: SocketAddrV4) -> StreamOwned<ClientConnection, TcpStream> {
    let stream = plain(at);
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(PersonWhoGoesOn))
        .with_no_client_auth();
    let name = ServerName::from(IpAddr::from(*at.ip()));
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

/// Asks over an encrypted connection, by the address.
pub fn ask(at: SocketAddrV4, line: &str, lines: &str, body: &str) -> Response {
    Way::Encrypted.ask(at, line, &at.to_string(), lines, body)
}

/// Shows a code as a phone does.
pub fn pair(at: SocketAddrV4, way: Way, code: &str) -> Response {
    let scheme = way.scheme();
    let lines = format!(
        "Origin: {scheme}://{at}\r\nContent-Type: application/json\r\n\
         User-Agent: Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1\r\n"
    );
    way.ask(at, "POST /pair HTTP/1.1", &at.to_string(), &lines, &format!("{{\"code\":\"{code}\"}}"))
}

/// A phone that was let in: what it shows.
pub async fn phone(wick: &Reachable, page: &mut Page, way: Way) -> String {
    let code = code(&invite_by(wick, page, way).await);
    let at = wick.at;
    let paired = tokio::task::spawn_blocking(move || pair(at, way, &code));
    let asking = asking(page).await;
    assert_eq!((asking.name.as_str(), asking.address.as_str()), ("Safari, iPhone", "127.0.0.1"));
    page.ask(ClientMessage::Answer { asking: asking.id, is_allowed: true }).await;
    let response = paired.await.unwrap();
    assert_eq!(response.status, 200);
    let cookie = response.header("set-cookie").unwrap();
    assert_eq!(cookie.ends_with("; secure"), way == Way::Encrypted, "{cookie}");
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let said: Value = serde_json::from_slice(&response.body).unwrap();
    format!("Cookie: {cookie}\r\nwick-secret: {}\r\n", said["secret"].as_str().unwrap())
}
