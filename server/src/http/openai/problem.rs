//! Why there is no answer, as programs that know OpenAI's interface expect it.

use std::time::Duration;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use wick_protocol::SamplingError;

use crate::engine::EngineError;
use crate::hub::Chosen;

/// Why there is no answer. The messages are sentences for people.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// Something in the request can't be done.
    #[error("{0}")]
    Invalid(String),
    /// The request can't be read.
    #[error("{}", unread(.0))]
    Unread(#[from] JsonRejection),
    /// The request did not come to its end.
    #[error("The request did not come to its end within {} s", .0.as_secs_f32())]
    Slow(Duration),
    /// There is no such model, or none at all.
    #[error("{0}")]
    NoModel(String),
    /// The model can't be used.
    #[error("{0}")]
    Unusable(String),
    /// The program shows no key, or none that is known.
    #[error(
        "This needs a key: make one in Wick's page, in the settings under programs, and send it as \
         Authorization: Bearer wick-…"
    )]
    NoKey,
    /// The key is for something else.
    #[error("This key is only for seeing which models there are")]
    OutOfScope,
    /// The key is for other models.
    #[error("This key is not for the model {0}")]
    OtherModel(String),
    /// There is nothing at this address.
    #[error("Wick has no such address. It has /v1/models and /v1/chat/completions")]
    NoAddress,
    /// The address is for another method.
    #[error("Models are asked for with GET and answers with POST")]
    WrongMethod,
    /// The engine gave no answer, or no more of it.
    #[error("{}", engine_says(.0))]
    Engine(#[from] EngineError),
}

impl Problem {
    /// The object that says it.
    pub fn shape(&self) -> Value {
        let status = self.status();
        let kind = match status {
            StatusCode::TOO_MANY_REQUESTS => "rate_limit_error",
            StatusCode::FORBIDDEN => "permission_error",
            status if status.is_server_error() => "server_error",
            _ => "invalid_request_error",
        };
        let (message, code) = (self.to_string(), self.code());
        json!({ "error": { "message": message, "type": kind, "param": null, "code": code } })
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Invalid(_)
            | Self::Unread(JsonRejection::JsonDataError(_))
            | Self::Engine(EngineError::Unanswered(_)) => StatusCode::BAD_REQUEST,
            Self::Unread(rejection) => rejection.status(),
            Self::Slow(_) => StatusCode::REQUEST_TIMEOUT,
            Self::NoKey => StatusCode::UNAUTHORIZED,
            Self::OutOfScope | Self::OtherModel(_) => StatusCode::FORBIDDEN,
            Self::NoModel(_) | Self::NoAddress => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::Engine(EngineError::Busy) => StatusCode::TOO_MANY_REQUESTS,
            Self::Engine(EngineError::Closing | EngineError::InUse | EngineError::NoMemory(_)) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Unusable(_) | Self::Engine(EngineError::Crashed(_) | EngineError::Failed(_)) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }

    fn code(&self) -> Option<&'static str> {
        match self {
            Self::NoModel(_) => Some("model_not_found"),
            Self::NoAddress => Some("unknown_url"),
            Self::NoKey => Some("invalid_api_key"),
            Self::Unread(JsonRejection::JsonSyntaxError(_)) => Some("invalid_json"),
            Self::Engine(EngineError::Busy) => Some("rate_limit_exceeded"),
            _ => None,
        }
    }
}

impl From<SamplingError> for Problem {
    fn from(err: SamplingError) -> Self {
        Self::Invalid(err.to_string())
    }
}

impl From<Chosen> for Problem {
    fn from(why: Chosen) -> Self {
        match why {
            Chosen::None(reason) => Self::NoModel(reason),
            Chosen::Unusable { reason, .. } => Self::Unusable(reason),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.status(), Json(self.shape())).into_response()
    }
}

fn unread(rejection: &JsonRejection) -> String {
    match rejection {
        JsonRejection::MissingJsonContentType(_) => {
            "A request needs the header Content-Type: application/json".to_owned()
        }
        JsonRejection::BytesRejection(_) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            format!("A request can have up to {} MiB", super::LONGEST >> 20)
        }
        // What it says itself begins with a sentence about types; the place is in its source.
        _ => {
            let inner = std::error::Error::source(rejection).map(ToString::to_string);
            format!("The request can't be read: {}", inner.unwrap_or_else(|| rejection.to_string()))
        }
    }
}

fn engine_says(err: &EngineError) -> String {
    match err {
        // Nothing is kept for a program, as the whole sentence would say.
        EngineError::Crashed(how) => how.clone(),
        err => err.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(err: EngineError, status: u16, kind: &str) {
        let problem = Problem::from(err);
        assert_eq!(
            (problem.status().as_u16(), &problem.shape()["error"]["type"]),
            (status, &kind.into())
        );
    }

    #[test]
    fn a_program_can_tell_from_the_status_whether_to_try_again() {
        check(EngineError::Busy, 429, "rate_limit_error");
        check(EngineError::Closing, 503, "server_error");
        check(EngineError::Crashed("It ended".into()), 500, "server_error");
        check(EngineError::Unanswered("Too long".into()), 400, "invalid_request_error");
    }
}
