//! `/sign-in`: a browser that shows the code of a link is given what it shows from then on. `/pair`: so is a
//! phone that shows the code of a picture, when a person allows it.

use std::time::Duration;

use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use axum::{Extension, Json};
use serde::Deserialize;
use serde_json::json;
use tokio::time::timeout;

use super::Limits;
use super::door::{Arrival, Door, signed_out};
use crate::access::{PairError, SignInError, Signed, Visitor, device_name};
use crate::hub::Hub;

/// The longest request, in bytes.
const LONGEST: usize = 1 << 10;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shown {
    /// What stands in the link or the picture.
    code: String,
}

/// Why a browser is not signed in. The messages are sentences for people.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    #[error(transparent)]
    NotSigned(#[from] SignInError),
    #[error(transparent)]
    NotPaired(#[from] PairError),
    #[error("{}", .0.body_text())]
    Unread(#[from] JsonRejection),
    #[error("The request did not come to its end within {} s", .0.as_secs_f32())]
    Slow(Duration),
}

/// `GET` says whether a browser is signed in, `POST` signs it in.
pub fn routes(hub: Hub, door: Door) -> MethodRouter<Hub> {
    get(is_signed_in).post(sign_in).layer(DefaultBodyLimit::max(LONGEST)).with_state((hub, door))
}

/// `GET` says the words that both sides show, `POST` lets a phone in.
pub fn pairing(hub: Hub, door: Door) -> MethodRouter<Hub> {
    get(words).post(pair).layer(DefaultBodyLimit::max(LONGEST)).with_state((hub, door))
}

async fn is_signed_in(Extension(visitor): Extension<Visitor>) -> Response {
    match visitor.pass() {
        Some(_) => signed_in(),
        None => signed_out(),
    }
}

/// What a browser is told that is signed in.
fn signed_in() -> Response {
    (StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, "no-store")]).into_response()
}

async fn sign_in(
    State((hub, door)): State<(Hub, Door)>,
    Extension(visitor): Extension<Visitor>,
    Extension(Arrival { peer, .. }): Extension<Arrival>,
    Extension(limits): Extension<Limits>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Problem> {
    let Shown { code } = shown(request, limits).await?;
    if visitor.pass().is_some() {
        // Whether the link is good makes no difference; it is used all the same.
        door.access().use_up(&code);
        return Ok(signed_in());
    }
    let signed = door.access().sign_in(&code, name_of(&headers), peer.to_string()).await?;
    tracing::info!("a browser was signed in from {peer}");
    hub.tell_access();
    Ok(given(&door, &signed))
}

/// Nothing where nothing is encrypted.
async fn words(State((hub, _)): State<(Hub, Door)>) -> Response {
    let words = hub.lan().door().map(|it| it.words).unwrap_or_default();
    ([(header::CACHE_CONTROL, "no-store")], words).into_response()
}

/// Waits until a person allows a phone that shows the code of a picture.
async fn pair(
    State((hub, door)): State<(Hub, Door)>,
    Extension(visitor): Extension<Visitor>,
    Extension(Arrival { peer, .. }): Extension<Arrival>,
    Extension(limits): Extension<Limits>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Problem> {
    let Shown { code } = shown(request, limits).await?;
    if visitor.pass().is_some() {
        return Ok(signed_in());
    }
    let name = name_of(&headers);
    door.access().pairing().ask(&code, name.clone(), peer, || hub.tell_access()).await?;
    let signed = door.access().let_in(name, peer.to_string()).await.map_err(SignInError::from)?;
    tracing::info!("a phone was let in from {peer}");
    hub.tell_access();
    Ok(given(&door, &signed))
}

async fn shown(request: Request, limits: Limits) -> Result<Shown, Problem> {
    let body = timeout(limits.body, Json::<Shown>::from_request(request, &())).await;
    let Json(shown) = body.map_err(|_| Problem::Slow(limits.body))??;
    Ok(shown)
}

fn name_of(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|it| it.to_str().ok());
    device_name(agent.unwrap_or_default())
}

/// What a browser shows from now on.
fn given(door: &Door, signed: &Signed) -> Response {
    let headers = [
        (header::SET_COOKIE, door.cookie(&signed.cookie.to_string())),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, Json(json!({ "secret": signed.secret.to_string() }))).into_response()
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::NotSigned(SignInError::Random(_)) => StatusCode::SERVICE_UNAVAILABLE,
            Self::NotPaired(PairError::Guessing | PairError::Full) => StatusCode::TOO_MANY_REQUESTS,
            Self::NotSigned(SignInError::Link) | Self::NotPaired(_) => StatusCode::FORBIDDEN,
            Self::Unread(rejection) => rejection.status(),
            Self::Slow(_) => StatusCode::REQUEST_TIMEOUT,
        };
        (status, [(header::CACHE_CONTROL, "no-store")], self.to_string()).into_response()
    }
}
