//! A browser that is signed in, as the real one is: by a link that `wick link` printed.

use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use super::{PATIENCE, Response};

/// What it shows.
#[derive(Clone)]
pub struct Signed {
    pub cookie: String,
    pub secret: String,
}

impl Signed {
    /// Signs one in; `None` where nobody has to.
    pub fn new(data: &Path, port: u16) -> Option<Signed> {
        let response = sign_in(port, &code(&link(data)), "");
        if response.status == 204 {
            return None;
        }
        let said = String::from_utf8_lossy(&response.body).into_owned();
        assert_eq!(response.status, 200, "{said}");
        let cookie = response.header("set-cookie").unwrap();
        let cookie = cookie.strip_prefix(&format!("wick-{port}=")).unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let said: serde_json::Value = serde_json::from_str(&said).unwrap();
        Some(Signed { cookie, secret: said["secret"].as_str().unwrap().to_owned() })
    }

    /// The header with its cookie for the Wick at a port.
    pub fn cookie_line(&self, port: u16) -> String {
        format!("Cookie: theme=dark; wick-{port}={}\r\n", self.cookie)
    }

    /// The header with its secret.
    pub fn secret_line(&self) -> String {
        format!("wick-secret: {}\r\n", self.secret)
    }
}

/// What `wick link` prints.
pub fn link(data: &Path) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wick"));
    let output = command.args(["link", "--data-dir"]).arg(data).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// The code of a link.
pub fn code(link: &str) -> String {
    link.split_once("/#key=").expect("a link has a code").1.to_owned()
}

/// Shows a code, with these header lines besides.
pub fn sign_in(port: u16, code: &str, headers: &str) -> Response {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let body = format!("{{\"code\":\"{code}\"}}");
    let head = format!(
        "POST /sign-in HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n{headers}\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    Response::read(stream)
}
