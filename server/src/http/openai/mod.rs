//! The door for other programs: the part of OpenAI's interface that chat programs use.
//!
//! Models and chat completions, with the parameters of llama-server besides (`top_k`, `min_p`,
//! `repeat_penalty`, `ignore_eos`); what is left out is as the model's own file
//! recommends, else as in llama-server, and not what a person chose in the page. A last message of the assistant is continued. Fields that are not
//! known are ignored, and so are `frequency_penalty`, `presence_penalty`, `logit_bias`,
//! `logprobs` and `tools`. `response_format` and llama-server's `json_schema` hold an answer to a JSON
//! schema. Answers belong to no chat and are not saved.
//!
//! A program shows a key that was made in the page, as `Authorization: Bearer …`; which it may use is
//! looked at by the `door`, and here where a key is only for some models.
//!
//! A request needs `Content-Type: application/json`, which no page of another origin can send
//! without asking first; the guard answers no such question.

mod body;
mod completions;
mod models;
mod pictures;
mod problem;
mod shape;
mod wanted;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Extension, Router};

use crate::files::Reader;
use crate::hub::Hub;

pub use self::problem::Problem;

/// The longest request, in bytes.
const LONGEST: usize = 24 << 20;

/// All addresses below `/v1`.
pub fn routes(files: Reader) -> Router<Hub> {
    Router::new()
        .route("/models", get(models::list))
        .route("/models/{name}", get(models::one))
        .route("/chat/completions", post(completions::complete))
        .layer(Extension(files))
        .layer(DefaultBodyLimit::max(LONGEST))
        .fallback(async || Problem::NoAddress)
        .method_not_allowed_fallback(async || Problem::WrongMethod)
}
