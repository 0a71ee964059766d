//! What the server answered.

use std::io::{BufRead, BufReader, Read};

/// What came back for a request.
pub struct Response {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Response {
    pub fn read(stream: impl Read) -> Response {
        let mut stream = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(stream.read_line(&mut head).unwrap(), 0, "cut off: {head}");
        }
        let head = head.to_lowercase();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let mut body = Vec::new();
        if status != 101 {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: u64 = length.map_or(0, |length| length.trim().parse().unwrap());
            stream.take(length).read_to_end(&mut body).unwrap();
        }
        Response { status, head, body }
    }

    /// The value of a header, named in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}
