//! Who is answered: only pages of our own, under our own names.
//!
//! A page from anywhere can make a browser talk to this port, and by changing what its name
//! resolves to it can even make that look like its own server (DNS rebinding). So every request
//! must name a host of a list, and where a browser says which page sends it, that page must be
//! of the list too. Comparing the two with each other would stop nothing: in a rebinding attack
//! they agree.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What the page may do. Of inline scripts and styles it has those that `build.rs` put there,
/// known by their hashes; it loads nothing from elsewhere and can't be framed.
const POLICY: &str = concat!(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' ",
    env!("WICK_INLINE_SCRIPTS"),
    "; style-src ",
    env!("WICK_INLINE_STYLE"),
    "; img-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'"
);

/// The names that we answer to.
#[derive(Clone, Debug)]
pub struct Guard {
    hosts: Vec<String>,
}

impl Guard {
    /// The names of this computer for itself, at this port.
    pub fn loopback(port: u16) -> Self {
        let names = ["localhost", "127.0.0.1", "[::1]"];
        let mut hosts: Vec<String> = names.iter().map(|name| format!("{name}:{port}")).collect();
        if port == 80 {
            // Browsers leave the usual port out.
            hosts.extend(names.map(str::to_owned));
        }
        Self { hosts }
    }

    fn allows_host(&self, host: &str) -> bool {
        self.hosts.iter().any(|known| known.eq_ignore_ascii_case(host))
    }

    fn allows_origin(&self, origin: &str) -> bool {
        origin.strip_prefix("http://").is_some_and(|host| self.allows_host(host))
    }

    /// Why a request is not answered.
    fn objection(&self, request: &Request) -> Option<&'static str> {
        let headers = request.headers();
        let Some(host) = only(headers, &header::HOST) else {
            return Some("A request names one host");
        };
        // A request line may name a host too; it must not say anything else.
        let authority = request.uri().authority().map(axum::http::uri::Authority::as_str);
        if !self.allows_host(host) || authority.is_some_and(|it| !self.allows_host(it)) {
            return Some("Wick answers only at the address that it printed");
        }
        if headers.contains_key(header::ORIGIN) {
            match only(headers, &header::ORIGIN) {
                Some(origin) if self.allows_origin(origin) => (),
                _ => return Some("Wick answers only to its own page"),
            }
        }
        None
    }
}

/// The value of a header that is there once.
fn only<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

/// Answers what is allowed, and adds what browsers should know.
pub async fn check(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let mut response = match guard.objection(&request) {
        None => next.run(request).await,
        Some(objection) => (StatusCode::FORBIDDEN, objection).into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (header::HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
        (
            header::HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[track_caller]
    fn check(uri: &str, headers: &[(&str, &str)], is_allowed: bool) {
        let mut request = Request::builder().uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).expect("it is well formed");
        let objection = Guard::loopback(8080).objection(&request);
        assert_eq!(objection.is_none(), is_allowed, "{uri} {headers:?}: {objection:?}");
    }

    #[test]
    fn our_own_names_are_answered() {
        for host in ["localhost:8080", "127.0.0.1:8080", "[::1]:8080", "LOCALHOST:8080"] {
            check("/", &[("host", host)], true);
            check("/", &[("host", host), ("origin", &format!("http://{host}"))], true);
        }
        check("/ws", &[("host", "127.0.0.1:8080"), ("origin", "http://localhost:8080")], true);
        check("http://localhost:8080/", &[("host", "localhost:8080")], true);
    }

    #[test]
    fn no_other_host_is_answered() {
        for host in [
            "",
            "evil.test",
            "evil.test:8080",
            "localhost",
            "localhost:80",
            "localhost:8081",
            "localhost.:8080",
            "localhost.evil.test:8080",
            "evil.test@localhost:8080",
            "127.0.0.1",
            "127.1:8080",
            "0x7f.1:8080",
            "2130706433:8080",
            "127.0.0.1.nip.test:8080",
            "127.0.0.2:8080",
            "0.0.0.0:8080",
            "192.168.1.5:8080",
            "[::]:8080",
            "::1:8080",
            "[::ffff:127.0.0.1]:8080",
            "[::1]",
            "localhost:8080:8080",
            "localhost:08080",
            "localhost: 8080",
            "localhost:8080, evil.test",
            "sub.localhost:8080",
            "null",
            "wick.local:8080",
            "http://localhost:8080",
        ] {
            check("/", &[("host", host)], false);
        }
        check("/", &[], false);
        check("/", &[("host", "localhost:8080"), ("host", "localhost:8080")], false);
        check("http://evil.test/", &[("host", "localhost:8080")], false);
    }

    #[test]
    fn no_other_page_is_answered() {
        for origin in [
            "null",
            "",
            "http://evil.test",
            "http://evil.test:8080",
            "http://localhost",
            "http://localhost:8081",
            "https://localhost:8080",
            "http://localhost:8080/",
            "http://localhost:8080.evil.test",
            "file://",
            "chrome-extension://abc",
            "http://127.0.0.1:80",
            "HTTP://localhost:8080",
        ] {
            check("/ws", &[("host", "localhost:8080"), ("origin", origin)], false);
        }
        let twice = ("origin", "http://localhost:8080");
        check("/ws", &[("host", "localhost:8080"), twice, twice], false);
    }

    #[test]
    fn a_rebound_name_that_agrees_with_itself_is_not_answered() {
        check("/ws", &[("host", "evil.test:8080"), ("origin", "http://evil.test:8080")], false);
    }

    #[test]
    fn the_usual_port_may_be_left_out() {
        let guard = Guard::loopback(80);
        assert!(guard.allows_host("localhost") && guard.allows_host("localhost:80"));
        assert!(guard.allows_origin("http://127.0.0.1"));
    }
}
