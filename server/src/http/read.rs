//! What is in a file that the page can't read itself. Nothing of it is kept.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, post};
use tokio::time::timeout;
use wick_protocol::LARGEST_FILE;

use crate::files::{Reader, Unread};
use crate::hub::Hub;

/// How long a file may take to come.
const COMES_WITHIN: Duration = Duration::from_secs(30);

/// `POST /read` takes a PDF or a picture and answers with what is in it, as it stands in a
/// message, or with a sentence for people.
pub fn routes(reader: Reader) -> MethodRouter<Hub> {
    post(read).with_state(reader)
}

async fn read(State(reader): State<Reader>, headers: HeaderMap, body: Body) -> Response {
    // A form of another page can't send this.
    if headers.get(header::CONTENT_TYPE).is_none_or(|it| it != "application/octet-stream") {
        let says = "The file has to come as application/octet-stream";
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, says).into_response();
    }
    let turn = match reader.turn().await {
        Ok(turn) => turn,
        Err(err) => return problem(&err),
    };
    let file = match timeout(COMES_WITHIN, to_bytes(body, LARGEST_FILE)).await {
        Ok(Ok(file)) => file,
        Ok(Err(_)) => {
            let says =
                format!("The file is larger than {} MB, which is the most.", LARGEST_FILE >> 20);
            return (StatusCode::PAYLOAD_TOO_LARGE, says).into_response();
        }
        Err(_) => {
            return (StatusCode::REQUEST_TIMEOUT, "The file did not come in time.").into_response();
        }
    };
    match turn.read(&file).await {
        Ok(content) => {
            ([(header::CACHE_CONTROL, "no-store")], content.attached("")).into_response()
        }
        Err(err) => problem(&err),
    }
}

fn problem(err: &Unread) -> Response {
    let status = match err {
        Unread::Busy => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    (status, [(header::CACHE_CONTROL, "no-store")], err.to_string()).into_response()
}
