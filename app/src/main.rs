//! Starts the page.

fn main() {
    wick_app::start();
}
