//! Connections that say little: raw sockets, so that nothing is answered by a library.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};

use socket2::{Domain, Socket, Type};
use wick_protocol::ClientMessage;

use crate::support::{PATIENCE, Wick};

/// A connection from this address of the computer's own, on which nothing was said.
pub fn from(address: [u8; 4], port: u16) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.bind(&SocketAddr::from((address, 0)).into()).unwrap();
    socket.connect(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)).into()).unwrap();
    let stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// One from where browsers come from.
pub fn here(port: u16) -> TcpStream {
    from([127, 0, 0, 1], port)
}

/// Whether the other end has closed it: waits for that, and for nothing else.
pub fn is_closed(stream: &mut TcpStream) -> bool {
    match stream.read(&mut [0; 1]) {
        Ok(n) => n == 0,
        Err(err) => err.kind() == std::io::ErrorKind::ConnectionReset,
    }
}

/// Whether it is open and nothing has come.
pub fn is_silent(stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let peeked = stream.peek(&mut [0; 1]);
    stream.set_nonblocking(false).unwrap();
    peeked.is_err_and(|err| err.kind() == std::io::ErrorKind::WouldBlock)
}

/// The WebSocket of a page that says where it stands, and then nothing any more, not even that it
/// is there.
pub fn page(wick: &Wick) -> TcpStream {
    let mut stream = here(wick.port);
    let (port, shown) = (wick.port, wick.shown());
    let request = format!(
        "GET /ws HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n{shown}\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut head = String::new();
    // Nothing follows the head before the hello.
    let mut reader = BufReader::new(&stream);
    while !head.ends_with("\r\n\r\n") {
        assert_ne!(reader.read_line(&mut head).unwrap(), 0, "cut off: {head}");
    }
    assert!(head.starts_with("HTTP/1.1 101"), "{head}");
    let hello = ClientMessage::Hello { seen: None, chat: None, reached: None };
    let hello = serde_json::to_vec(&hello).unwrap();
    assert!(hello.len() < 126);
    // A whole text; its length, with a mask; a mask that changes nothing.
    let frame = [&[0x81, 0x80 | hello.len() as u8, 0, 0, 0, 0], &hello[..]].concat();
    stream.write_all(&frame).unwrap();
    stream
}
