//! The one folder that names axum: connections, routes, the guard in front of all of them.

mod chest;
mod door;
mod events;
mod guard;
mod lan;
mod limits;
mod openai;
mod picture;
mod port;
mod read;
mod room;
mod serve;
mod sign_in;
mod site;
mod socket;

use axum::extract::State;
use axum::http::{Method, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Extension, Router};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};
use wick_protocol::Stage;

use self::door::Door;
use crate::access::Visitor;
use crate::files;
use crate::hub::Hub;

pub use guard::{Added, Guard, HostName, Origin};
pub use lan::{Place as LanPlace, keep as keep_lan};
pub use limits::Limits;
pub use port::listen;
pub use room::Room;
pub use serve::{Way, serve};

/// All that is answered, behind the guard. What strangers get is the page without anything in it, the
/// way to sign in, and that Wick is there.
pub fn routes(hub: Hub, files: files::Reader, guard: Guard, limits: Limits) -> Router {
    let door = Door::new(hub.access().clone(), &guard);
    let of_pages = Router::new()
        .route("/ws", get(socket::upgrade))
        .route("/events", events::routes(hub.clone()))
        .route("/engine.svg", get(picture::engine))
        .route("/export/{name}", get(chest::export))
        .route("/import", post(chest::import))
        .route("/read", read::routes(files.clone()))
        .route_layer(from_fn(door::pages));
    let of_programs = openai::routes(files)
        .layer(from_fn_with_state(door.clone(), door::programs))
        .layer(of_other_pages(&guard));
    Router::new()
        .merge(of_pages)
        .nest("/v1", of_programs)
        .route("/sign-in", sign_in::routes(hub.clone(), door.clone()))
        .route("/pair", sign_in::pairing(hub.clone(), door.clone()))
        .route("/health", get(health))
        .fallback(site::file)
        .with_state(hub)
        .layer(Extension(limits))
        .layer(from_fn_with_state(door, door::look))
        .layer(from_fn_with_state(guard, guard::check))
}

/// Tells browsers that pages which a person added may read what is answered, and nobody else.
fn of_other_pages(guard: &Guard) -> CorsLayer {
    let origins = guard.origins().iter().filter_map(|it| it.as_str().parse().ok());
    let allowed = AllowOrigin::list(origins.collect::<Vec<_>>());
    CorsLayer::new()
        .allow_origin(allowed)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(AllowHeaders::mirror_request())
}

/// That Wick is there; those who are let in hear which one it is and what its engine does.
async fn health(
    State(hub): State<Hub>,
    Extension(visitor): Extension<Visitor>,
) -> impl IntoResponse {
    let body = if matches!(visitor, Visitor::Stranger) {
        r#"{"status":"ok"}"#.to_owned()
    } else {
        let engine = match hub.engine().borrow().running.first().map(|it| it.stage) {
            None => "off",
            Some(Stage::Loading { .. }) => "loading",
            Some(Stage::Ready) => "ready",
            Some(Stage::Resting) => "resting",
        };
        let version = env!("CARGO_PKG_VERSION");
        format!(r#"{{"status":"ok","version":"{version}","engine":"{engine}"}}"#)
    };
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], body)
}
