//! The WebSocket of a page.

use std::future::ready;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use futures_util::{SinkExt, StreamExt};

use crate::hub::Hub;
use crate::session::{self, Frame};

/// The longest message of a page, in bytes: the longest text, with every character escaped.
pub const LONGEST: usize = 4 << 20;

/// What a waiting connection keeps to read into. The default is 128 KiB for each of them.
const READ_BUFFER: usize = 4 << 10;

/// Makes a connection a session.
pub async fn upgrade(upgrade: WebSocketUpgrade, State(hub): State<Hub>) -> Response {
    upgrade
        .max_message_size(LONGEST)
        .max_frame_size(LONGEST)
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .on_upgrade(|socket| run(socket, hub))
}

async fn run(socket: WebSocket, hub: Hub) {
    let (output, input) = socket.split();
    let texts = input
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
    session::run(Box::pin(texts), frames, hub).await;
}
