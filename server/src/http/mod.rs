//! The one folder that names axum: connections, routes, the guard in front of all of them.

mod chest;
mod events;
mod guard;
mod limits;
mod openai;
mod picture;
mod read;
mod room;
mod serve;
mod site;
mod socket;

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Extension, Router};
use wick_protocol::Stage;

use crate::hub::Hub;
use crate::pdf;

pub use guard::Guard;
pub use limits::Limits;
pub use serve::serve;

/// All that is answered, behind the guard.
pub fn routes(hub: Hub, pdfs: pdf::Reader, guard: Guard, limits: Limits) -> Router {
    Router::new()
        .route("/ws", get(socket::upgrade))
        .route("/events", events::routes(hub.clone()))
        .route("/health", get(health))
        .route("/engine.svg", get(picture::engine))
        .route("/export/{name}", get(chest::export))
        .route("/import", post(chest::import))
        .route("/read", read::routes(pdfs))
        .nest("/v1", openai::routes())
        .fallback(site::file)
        .with_state(hub)
        .layer(Extension(limits))
        .layer(axum::middleware::from_fn_with_state(guard, guard::check))
}

async fn health(State(hub): State<Hub>) -> impl IntoResponse {
    let engine = match hub.engine().borrow().running.first().map(|it| it.stage) {
        None => "off",
        Some(Stage::Loading { .. }) => "loading",
        Some(Stage::Ready) => "ready",
        Some(Stage::Resting) => "resting",
    };
    let version = env!("CARGO_PKG_VERSION");
    let body = format!(r#"{{"status":"ok","version":"{version}","engine":"{engine}"}}"#);
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], body)
}
