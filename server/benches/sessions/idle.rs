//! What an engine and a server take that have nothing to do.

use std::time::Duration;

use wick_protocol::ClientMessage;

use super::process::{Resident, ticks};
use super::support::{Wick, likeliest};
use super::table::row;

/// How long the engine is watched.
const WATCHED: Duration = Duration::from_secs(5);

/// Prints the rows.
pub async fn measure(wick: &Wick) {
    let mut page = wick.page().await;
    page.sample(likeliest(16)).await;
    page.say("Hello").await;
    page.answer().await;
    let engine = wick.engine().unwrap();
    // After an answer it puts away what rests.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let before = ticks(engine);
    tokio::time::sleep(WATCHED).await;
    // A tick is a hundredth of a second.
    let percent = (ticks(engine) - before) as f64 / WATCHED.as_secs_f64();
    row("an engine that waits, processor over 5 s", &format!("{percent:.1} %"), "0.0 %");

    page.ask(ClientMessage::Rest).await;
    page.until_stage(None).await;
    let megabytes = format!("{:.1} MB", Resident::of(wick.id()).total() / 1e6);
    row("server after all of this, engine at rest, resident", &megabytes, "≤ 30 MB");
}
