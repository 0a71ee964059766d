//! What a page has where a WebSocket cannot be had: events that it reads, and messages that it
//! posts.
//!
//! `GET /events?connection=KEY` is the way to the page: each event is the JSON of one message, a
//! comment is the ping. `POST` to the same address is the way back: a list of messages, which
//! have to be JSON by their type, so no page of another origin can send them without asking first.
//! The page posts one list at a time and waits for its answer, which keeps them in order.

mod connections;
mod problem;

use std::convert::Infallible;

use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use axum::{Extension, Json};
use futures_util::StreamExt;
use futures_util::stream::{iter, poll_fn};
use serde_json::value::RawValue;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_util::sync::PollSender;

use self::connections::{Connections, Key};
use self::problem::Problem;
use super::Limits;
use super::door::Arrival;
use crate::access::Pass;
use crate::hub::Hub;
use crate::session::{self, Frame};

/// The longest list of messages, in bytes.
const LONGEST: usize = 4 << 20;

/// Both ways, at one address.
pub fn routes(hub: Hub) -> MethodRouter<Hub> {
    get(open)
        .post(hear)
        .layer(DefaultBodyLimit::max(LONGEST))
        .with_state((hub, Connections::default()))
}

/// Makes a request a session, which lasts as long as its answer is read.
async fn open(
    State((hub, connections)): State<(Hub, Connections)>,
    Extension(limits): Extension<Limits>,
    Extension(pass): Extension<Pass>,
    Extension(arrival): Extension<Arrival>,
    uri: Uri,
) -> Result<Response, Problem> {
    let (open, mut messages) = connections.open(key(&uri)?)?;
    let input = poll_fn(move |context| messages.poll_recv(context));
    // As much is on its way as with a socket: a message. A slow reader is felt by the session.
    let (output, mut frames) = mpsc::channel(1);
    let session = session::run(input, PollSender::new(output), (hub, pass), limits.session);
    tokio::spawn(async move {
        tokio::select! {
            () = arrival.closed.cancelled() => (),
            () = session => (),
        }
    });
    let events = poll_fn(move |context| {
        // Dropped with the answer.
        let _open = &open;
        frames.poll_recv(context).map(|frame| frame.map(|it| Ok::<_, Infallible>(event(it))))
    });
    // Firefox gives the page an answer only when something of its body is there.
    let begun = iter([Ok(event(Frame::Ping))]);
    Ok(([(header::CACHE_CONTROL, "no-store")], Sse::new(begun.chain(events))).into_response())
}

fn event(frame: Frame) -> Event {
    match frame {
        Frame::Text(text) => Event::default().data(text),
        Frame::Ping => Event::default().comment("ping"),
    }
}

/// Hands messages to the session of their connection.
async fn hear(
    State((_, connections)): State<(Hub, Connections)>,
    Extension(limits): Extension<Limits>,
    uri: Uri,
    request: Request,
) -> Result<StatusCode, Problem> {
    let key = key(&uri)?;
    let body = timeout(limits.body, Json::<Vec<Box<RawValue>>>::from_request(request, &()));
    let Json(messages) = body.await.map_err(|_| Problem::Slow(limits.body))??;
    let input = connections.input(&key).ok_or(Problem::NoConnection)?;
    for message in messages {
        let text = Box::<str>::from(message).into();
        input.send(text).await.map_err(|_| Problem::NoConnection)?;
    }
    Ok(StatusCode::NO_CONTENT)
}

fn key(uri: &Uri) -> Result<Key, Problem> {
    let key = uri.query().and_then(|query| query.strip_prefix("connection="));
    key.and_then(Key::new).ok_or(Problem::NoKey)
}
