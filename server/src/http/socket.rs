//! The WebSocket of a page.

use std::future::ready;

use axum::Extension;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use futures_util::{SinkExt, StreamExt, stream};
use tokio::time::timeout;
use wick_protocol::LONGEST_FRAME;

use super::Limits;
use super::door::{Arrival, SUBPROTOCOL};
use crate::access::Pass;
use crate::hub::Hub;
use crate::session::{self, Frame};

/// The longest message of a page, in bytes.
const LONGEST: usize = LONGEST_FRAME;

/// What a waiting connection keeps to read into: pages say little. The default is 128 KiB for each of them.
const READ_BUFFER: usize = 1 << 10;

/// Makes a connection a session.
pub async fn upgrade(
    upgrade: WebSocketUpgrade,
    State(hub): State<Hub>,
    Extension(limits): Extension<Limits>,
    Extension(pass): Extension<Pass>,
    Extension(arrival): Extension<Arrival>,
) -> Response {
    upgrade
        .protocols([SUBPROTOCOL])
        .max_message_size(LONGEST)
        .max_frame_size(LONGEST)
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .on_upgrade(move |socket| {
            let session = run(socket, hub, limits, pass);
            // It takes its place as long as it is open.
            let Arrival { closed, place, .. } = arrival;
            async move {
                tokio::select! {
                    () = closed.cancelled() => (),
                    () = session => (),
                }
                drop(place);
            }
        })
}

/// Not asynchronous itself: that would keep what it is given beside what it makes of it.
fn run(socket: WebSocket, hub: Hub, limits: Limits, pass: Pass) -> impl Future<Output = ()> {
    let (output, input) = socket.split();
    // Pongs count, which are no messages: a page that is there sends one for each ping.
    let heard = stream::unfold(input, move |mut input| async move {
        let message = timeout(limits.silence, input.next()).await.ok().flatten()?;
        Some((message, input))
    });
    let texts = heard
        .take_while(|message| ready(!matches!(message, Ok(Message::Close(_)) | Err(_))))
        .filter_map(|message| {
            ready(match message {
                Ok(Message::Text(text)) => Some(text.to_string()),
                _ => None,
            })
        });
    let frames = output.with(|frame| {
        ready(Ok::<_, axum::Error>(match frame {
            Frame::Text(text) => Message::Text(text.into()),
            Frame::Ping => Message::Ping(axum::body::Bytes::new()),
        }))
    });
    session::run(Box::pin(texts), frames, (hub, pass), limits.session)
}
