//! The page: a list of chats, the open one, and what the engine does meanwhile.
//!
//! Reading order: `state` (what the page knows, and the one place that writes it),
//! `connection` (how it comes to know), `page` (what a person can do), then `shell` and the
//! parts that it puts on the screen.
#![deny(unsafe_code)]

mod access;
mod answers;
mod attached;
mod browser;
mod comparing;
mod composer;
mod connection;
mod dialogs;
mod engine;
mod footer;
mod instructions;
mod markdown;
mod mathematics;
mod models;
mod more;
mod numbers;
mod page;
mod palette;
mod presence;
mod settings;
mod shell;
mod sidebar;
mod state;
mod thread;
mod ui;
mod voice;
mod wire;
mod words;

/// Shows the page in place of the picture of it that the HTML came with.
pub fn start() {
    browser::show_panics();
    browser::follow_keyboard();
    browser::remove("shell");
    leptos::mount::mount_to_body(shell::Shell);
}
