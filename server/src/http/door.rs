//! Who comes in: what a request shows is looked at once, and every address says whom it lets in.
//!
//! A browser shows its cookie, and its secret in the header `wick-secret` or, where a page can't set
//! headers, as the second subprotocol of a WebSocket. A program shows its key as `Authorization: Bearer`.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio_util::sync::CancellationToken;

use super::room::Place;
use super::{Guard, openai};
use crate::access::{Access, Pass, Program, Visitor};
use wick_protocol::Scope;

/// The subprotocol of a page's WebSocket. What follows it in the list is the page's secret.
pub const SUBPROTOCOL: &str = "wick";

/// The connection that a request comes on.
#[derive(Clone)]
pub struct Arrival {
    /// From where.
    pub peer: IpAddr,
    /// What it takes of the room for connections.
    pub place: Arc<Place>,
    /// Cancelled when what was listened at is listened at no more.
    pub closed: CancellationToken,
}

/// Knows who is let in.
#[derive(Clone)]
pub struct Door {
    access: Access,
    /// The cookie's name. All servers of a host have the same cookies, so that each port has its own.
    cookie: String,
    /// Whether nobody can read along where it is, so that the cookie is sent nowhere else.
    is_encrypted: bool,
    /// Whether it is where phones come in: every program needs a key.
    is_lan: bool,
    /// Pages of others that may ask for the models: each needs a key.
    others: Arc<[String]>,
}

impl Door {
    /// The door behind a guard.
    pub fn new(access: Access, guard: &Guard) -> Door {
        let (is_encrypted, is_lan) = (guard.is_encrypted(), guard.is_lan());
        // A browser that keeps one for where it is encrypted takes none of the same name where it is not.
        let plain = if is_lan && !is_encrypted { "plain-" } else { "" };
        let cookie = format!("wick-{plain}{}", guard.port());
        let others = guard.origins().iter().map(|it| it.as_str().to_owned()).collect();
        Door { access, cookie, is_encrypted, is_lan, others }
    }

    /// Who may use Wick.
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// The header that gives a browser this cookie, for as long as browsers keep any.
    pub fn cookie(&self, token: &str) -> String {
        let name = &self.cookie;
        let secure = if self.is_encrypted { "; Secure" } else { "" };
        format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=34560000{secure}")
    }

    /// Whether a page of others asks. It is no program of this computer, whatever shows it.
    fn is_of_others(&self, request: &Request) -> bool {
        let origin = request.headers().get(header::ORIGIN).and_then(|it| it.to_str().ok());
        origin.is_some_and(|it| self.others.iter().any(|other| other == it))
    }

    fn visitor(&self, headers: &HeaderMap, peer: IpAddr) -> Visitor {
        if self.access.is_open() {
            return Visitor::Anybody;
        }
        let browser = || {
            let secret = secret(headers)?;
            self.access.browser(cookie(headers, &self.cookie)?, secret, &peer.to_string())
        };
        let program = || self.access.program(bearer(headers)?);
        browser().or_else(program).unwrap_or(Visitor::Stranger)
    }
}

/// Looks who comes, and tells the address that is asked for.
pub async fn look(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    let Some(arrival) = request.extensions().get::<Arrival>() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let visitor = door.visitor(request.headers(), arrival.peer);
    request.extensions_mut().insert(visitor);
    next.run(request).await
}

/// Lets pages in that are signed in. What is behind it finds their [`Pass`].
pub async fn pages(mut request: Request, next: Next) -> Response {
    let visitor = request.extensions().get::<Visitor>();
    let Some(pass) = visitor.and_then(Visitor::pass) else { return signed_out() };
    request.extensions_mut().insert::<Pass>(pass);
    next.run(request).await
}

/// Lets programs in whose key is for what they ask, and those that need none. What is behind it finds
/// the [`Program`] where it has a key.
pub async fn programs(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    let extensions = request.extensions();
    let Some(&Arrival { peer, .. }) = extensions.get() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let wanted =
        if request.method() == axum::http::Method::GET { Scope::Models } else { Scope::Chat };
    let program = match extensions.get() {
        Some(Visitor::Program(program)) if program.scope < wanted => {
            return openai::Problem::OutOfScope.into_response();
        }
        Some(Visitor::Program(program)) => Some(program.clone()),
        Some(Visitor::Device(..) | Visitor::Anybody) => None,
        Some(Visitor::Stranger) | None => {
            let is_here = !door.is_lan && peer.is_loopback() && !door.is_of_others(&request);
            if !(is_here && door.access.is_keyless()) {
                return openai::Problem::NoKey.into_response();
            }
            None
        }
    };
    request.extensions_mut().insert::<Option<Program>>(program);
    next.run(request).await
}

/// What a browser is told that is not signed in.
pub fn signed_out() -> Response {
    let says = "This browser is not signed in. Type in a terminal on the computer on which Wick runs: wick link";
    (StatusCode::UNAUTHORIZED, [(header::CACHE_CONTROL, "no-store")], says).into_response()
}

/// The value of the cookie with this name.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|it| it.to_str().ok());
    let mut pairs =
        lines.flat_map(|line| line.split(';')).filter_map(|it| it.trim().split_once('='));
    pairs.find(|(it, _)| *it == name).map(|(_, value)| value)
}

fn secret(headers: &HeaderMap) -> Option<&str> {
    if let Some(secret) = headers.get("wick-secret") {
        return secret.to_str().ok();
    }
    let protocols = headers.get(header::SEC_WEBSOCKET_PROTOCOL)?.to_str().ok()?;
    let (first, secret) = protocols.split_once(',')?;
    (first.trim() == SUBPROTOCOL).then(|| secret.trim())
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION).map(HeaderValue::to_str)?.ok()?;
    let (kind, key) = value.split_once(' ')?;
    kind.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(all: &[(&'static str, &str)]) -> HeaderMap {
        let value = |it: &str| HeaderValue::from_str(it).expect("it is one");
        all.iter().map(|&(name, it)| (header::HeaderName::from_static(name), value(it))).collect()
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let all = headers(&[("cookie", "a=1; wick-80=x; wick-8080=y=z;wick-8081=w")]);
        assert_eq!(cookie(&all, "wick-8080"), Some("y=z"));
        assert_eq!(cookie(&all, "wick-8081"), Some("w"));
        assert_eq!(cookie(&all, "wick"), None);
        assert_eq!(cookie(&headers(&[]), "wick"), None);
    }

    #[test]
    fn a_secret_comes_in_a_header_or_as_a_subprotocol() {
        assert_eq!(secret(&headers(&[("wick-secret", "s")])), Some("s"));
        assert_eq!(secret(&headers(&[("sec-websocket-protocol", "wick, s")])), Some("s"));
        assert_eq!(secret(&headers(&[("sec-websocket-protocol", "wick,s")])), Some("s"));
        for other in ["wick", "chat, s", ""] {
            assert_eq!(secret(&headers(&[("sec-websocket-protocol", other)])), None, "{other}");
        }
    }

    #[test]
    fn a_key_comes_as_programs_send_it() {
        assert_eq!(bearer(&headers(&[("authorization", "Bearer k")])), Some("k"));
        assert_eq!(bearer(&headers(&[("authorization", "bearer k")])), Some("k"));
        for other in ["Basic k", "k", ""] {
            assert_eq!(bearer(&headers(&[("authorization", other)])), None, "{other}");
        }
    }
}
