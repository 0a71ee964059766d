//! Why there is no connection, or why it does not hear what was sent.

use std::time::Duration;

use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::connections::MOST;

/// Why a request is not served. The messages are sentences for people.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// It names no connection.
    #[error("A connection is named by 32 hexadecimal digits: /events?connection=…")]
    NoKey,
    /// The key is not free.
    #[error("This connection is open already")]
    InUse,
    /// There is no room.
    #[error("{MOST} pages are connected in this way, and there is no room for more. Close one")]
    Full,
    /// The connection has ended, or never was.
    #[error("This connection has ended. The page has to connect again")]
    NoConnection,
    /// The messages can't be read.
    #[error("{}", .0.body_text())]
    Unread(#[from] JsonRejection),
    /// The messages did not come to their end.
    #[error("The request did not come to its end within {} s", .0.as_secs_f32())]
    Slow(Duration),
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::NoKey => StatusCode::BAD_REQUEST,
            Self::InUse => StatusCode::CONFLICT,
            Self::Full => StatusCode::SERVICE_UNAVAILABLE,
            Self::NoConnection => StatusCode::NOT_FOUND,
            Self::Unread(rejection) => rejection.status(),
            Self::Slow(_) => StatusCode::REQUEST_TIMEOUT,
        };
        (status, self.to_string()).into_response()
    }
}
