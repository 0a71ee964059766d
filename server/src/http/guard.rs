//! Who is answered: only pages of our own, under our own names.
//!
//! A page from anywhere can make a browser talk to this port, and by changing what its name
//! resolves to it can even make that look like its own server (DNS rebinding). So every request
//! must name a host of a list, and where a browser says which page sends it, that page must be
//! of the list too. Comparing the two with each other would stop nothing: in a rebinding attack
//! they agree. Where a browser says how the page that asks is related to us, it must be our own:
//! pictures, forms and frames of others are asked for without naming the page.
//!
//! Who follows a link is shown the page: under our own name, and from its beginning.
//!
//! A person can add names, and pages of others that may ask for the models and nothing else.

mod added;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

pub use self::added::{Added, HostName, Origin};

/// What the page may do. Of inline scripts and styles it has those that `build.rs` put there,
/// known by their hashes; it loads nothing from elsewhere and can't be framed.
const POLICY: &str = concat!(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' ",
    env!("WICK_INLINE_SCRIPTS"),
    "; style-src ",
    env!("WICK_INLINE_STYLE"),
    "; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'"
);

/// Why a request is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Objection {
    /// It is refused, with a sentence for people.
    Refused(&'static str),
    /// A person followed a link under a name that is not ours, and is shown where we are.
    Misled,
}

/// The names that we answer to, the one that people are told first.
#[derive(Clone, Debug)]
pub struct Guard {
    scheme: &'static str,
    is_lan: bool,
    port: u16,
    hosts: Arc<[String]>,
    added: Added,
}

impl Guard {
    /// The names of this computer for itself, at this port.
    pub fn loopback(port: u16, added: &Added) -> Self {
        let names = ["localhost", "127.0.0.1", "[::1]"].map(String::from);
        let (hosts, added) = (hosts("http", &names, port), added.clone());
        Self { scheme: "http", is_lan: false, port, hosts, added }
    }

    /// The names of this computer in a network, at this port.
    pub fn lan(is_encrypted: bool, port: u16, names: &[String], added: &Added) -> Self {
        let scheme = if is_encrypted { "https" } else { "http" };
        let (hosts, added) = (hosts(scheme, names, port), added.clone());
        Self { scheme, is_lan: true, port, hosts, added }
    }

    /// Whether it stands where phones come in.
    pub fn is_lan(&self) -> bool {
        self.is_lan
    }

    /// Whether what passes it is encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.scheme == "https"
    }

    /// Where Wick listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Pages of others that may ask for the models.
    pub fn origins(&self) -> &[Origin] {
        &self.added.origins
    }

    fn allows_host(&self, host: &str) -> bool {
        self.is_own(host) || self.added.has_host(host, self.port)
    }

    fn is_own(&self, host: &str) -> bool {
        self.hosts.iter().any(|known| known.eq_ignore_ascii_case(host))
    }

    /// What stands before a name that was added may encrypt, and may not.
    fn allows_origin(&self, origin: &str) -> bool {
        let Some((scheme, host)) = origin.split_once("://") else { return false };
        (scheme == self.scheme && self.is_own(host))
            || (["http", "https"].contains(&scheme) && self.added.has_host(host, self.port))
    }

    /// Whether a page asks that a person added, for what it was added for.
    fn is_added(&self, request: &Request) -> bool {
        request.uri().path().starts_with("/v1/")
            && only(request.headers(), &header::ORIGIN).is_some_and(|it| self.added.has_origin(it))
    }

    /// What stands against a request.
    fn objection(&self, request: &Request) -> Option<Objection> {
        use Objection::{Misled, Refused};
        let headers = request.headers();
        let Some(host) = only(headers, &header::HOST) else {
            return Some(Refused("A request names one host"));
        };
        // A request line may name a host too; it must not say anything else.
        let authority = request.uri().authority().map(axum::http::uri::Authority::as_str);
        if !self.allows_host(host) || authority.is_some_and(|it| !self.allows_host(it)) {
            let objection = Refused("Wick answers only at the address that it printed");
            return Some(if is_navigation(request) { Misled } else { objection });
        }
        if self.is_added(request) {
            return None;
        }
        if headers.contains_key(header::ORIGIN) {
            match only(headers, &header::ORIGIN) {
                Some(origin) if self.allows_origin(origin) => (),
                _ => return Some(FOREIGN),
            }
        }
        match headers.get("sec-fetch-site").map(HeaderValue::as_bytes) {
            // "none": a person typed the address.
            None | Some(b"same-origin" | b"none") => None,
            Some(_) if is_navigation(request) && request.uri().path() == "/" => None,
            Some(_) => Some(FOREIGN),
        }
    }
}

/// Names with the port, which browsers leave out where it is the usual one.
fn hosts(scheme: &str, names: &[String], port: u16) -> Arc<[String]> {
    let is_usual = port == if scheme == "https" { 443 } else { 80 };
    let without = names.iter().filter(|_| is_usual).cloned();
    names.iter().map(|name| format!("{name}:{port}")).chain(without).collect()
}

const FOREIGN: Objection = Objection::Refused("Wick answers only to its own page");

/// Whether a person goes to a page with this, in a window of its own. Browsers say so to addresses
/// that they hold to be safe; to others they say only what they would like to have.
fn is_navigation(request: &Request) -> bool {
    let says = |name: &str| request.headers().get(name).map(HeaderValue::as_bytes);
    request.method() == Method::GET
        && match (says("sec-fetch-mode"), says("sec-fetch-dest")) {
            (None, None) => says("accept").is_some_and(|it| it.starts_with(b"text/html")),
            (mode, dest) => mode == Some(b"navigate") && dest == Some(b"document"),
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
        Some(Objection::Refused(says)) => (StatusCode::FORBIDDEN, says).into_response(),
        Some(Objection::Misled) => {
            let own = format!("{}://{}/", guard.scheme, guard.hosts[0]);
            (StatusCode::FOUND, [(header::LOCATION, own)]).into_response()
        }
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
    if guard.is_lan && !guard.is_encrypted() {
        // It holds only where a browser is sure who it talks to; elsewhere browsers complain of it.
        headers.remove("cross-origin-opener-policy");
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[track_caller]
    fn check(uri: &str, headers: &[(&str, &str)], is_allowed: bool) {
        let objection = objection(Method::GET, uri, headers);
        assert_eq!(objection.is_none(), is_allowed, "{uri} {headers:?}: {objection:?}");
    }

    fn objection(method: Method, uri: &str, headers: &[(&str, &str)]) -> Option<Objection> {
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).expect("it is well formed");
        Guard::loopback(8080, &Added::default()).objection(&request)
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
    fn what_other_pages_ask_for_is_not_answered() {
        let own = ("host", "localhost:8080");
        for site in ["cross-site", "same-site", "", "none, none"] {
            for (mode, dest) in [("no-cors", "image"), ("cors", "empty"), ("navigate", "iframe")] {
                for path in ["/", "/engine.svg", "/events", "/export/all.json"] {
                    let mode = ("sec-fetch-mode", mode);
                    let dest = ("sec-fetch-dest", dest);
                    check(path, &[own, ("sec-fetch-site", site), mode, dest], false);
                }
            }
        }
        for site in ["same-origin", "none"] {
            check("/engine.svg", &[own, ("sec-fetch-site", site)], true);
        }
    }

    #[test]
    fn who_follows_a_link_is_shown_the_page_from_its_beginning() {
        let link = [
            ("host", "localhost:8080"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
        ];
        check("/", &link, true);
        check("/export/all.json", &link, false);
        assert_eq!(objection(Method::POST, "/", &link), Some(FOREIGN));
    }

    #[test]
    fn who_follows_a_link_to_another_name_is_shown_our_own() {
        let html = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        let other = ("host", "wick.test:8080");
        assert_eq!(objection(Method::GET, "/", &[other, html]), Some(Objection::Misled));
        let frame = [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")];
        for [mode, dest] in [frame, [("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")]] {
            let objection = objection(Method::GET, "/", &[other, html, mode, dest]);
            assert!(matches!(objection, Some(Objection::Refused(_))), "{mode:?} {dest:?}");
        }
        assert!(matches!(
            objection(Method::POST, "/", &[other, html]),
            Some(Objection::Refused(_))
        ));
    }

    #[test]
    fn the_usual_port_may_be_left_out() {
        let guard = Guard::loopback(80, &Added::default());
        assert!(guard.allows_host("localhost") && guard.allows_host("localhost:80"));
        assert!(guard.allows_origin("http://127.0.0.1"));
    }

    #[test]
    fn what_a_person_added_is_answered_and_a_page_only_about_models() {
        let added = Added {
            hosts: ["wick.home".parse().expect("it is a name")].into(),
            origins: ["https://notes.example".parse().expect("it is one")].into(),
        };
        let guard = Guard::loopback(8080, &added);
        let objects = |uri: &str, headers: &[(&str, &str)]| {
            let request = headers
                .iter()
                .fold(Request::get(uri), |it, (name, value)| it.header(*name, *value));
            guard.objection(&request.body(Body::empty()).expect("it is well formed")).is_some()
        };
        let own = ("host", "localhost:8080");
        for origin in ["http://wick.home", "https://wick.home", "http://wick.home:8080"] {
            assert!(!objects("/ws", &[("host", "wick.home"), ("origin", origin)]), "{origin}");
        }
        assert!(objects("/ws", &[("host", "wick.home"), ("origin", "http://evil.test")]));
        let page = [own, ("origin", "https://notes.example"), ("sec-fetch-site", "cross-site")];
        assert!(!objects("/v1/models", &page));
        for path in ["/ws", "/events", "/export/all.json", "/v1", "/v1x", "/"] {
            assert!(objects(path, &page), "{path}");
        }
        let other = [own, ("origin", "https://notes.example.evil.test")];
        assert!(objects("/v1/models", &other));
        let elsewhere = [("host", "evil.test"), ("origin", "https://notes.example")];
        assert!(objects("/v1/models", &elsewhere));
    }
}
