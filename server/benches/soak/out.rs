//! A browser that is signed out while its page is open.

use std::time::Instant;

use wick_protocol::{ClientMessage, DeviceId};

use super::at;
use super::support::{Signed, Wick};
use super::table::row;

const BROWSERS: i64 = 50;

/// Prints the row.
pub async fn measure() {
    let wick = Wick::without_models();
    let mut page = wick.page().await;
    let mut times = Vec::new();
    // Each takes the number that the one before it left.
    for _ in 0..BROWSERS {
        let other = Signed::new(wick.data.path(), wick.port).unwrap();
        let mut out = wick.page_of(Some(&other)).await;
        let began = Instant::now();
        page.ask(ClientMessage::RevokeDevice { device: DeviceId(2) }).await;
        out.until_cut_off().await;
        times.push(began.elapsed());
    }
    row(
        "a browser that is signed out is cut off, 99 of 100 within",
        &at(&times, 0.99),
        "≤ 1,000 ms",
    );
    assert!(wick.end().success());
}
