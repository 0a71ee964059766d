//! Connections that say nothing: pages that are open and at rest, and sockets on which nothing was
//! ever said.

use std::net::TcpStream;
use std::time::Instant;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::at;
use super::process::Resident;
use super::silent;
use super::support::Wick;
use super::table::row;

const PAGES: usize = 2000;

const SILENT: usize = 500;

/// Answers beside them.
const ANSWERS: usize = 100;

/// Prints the rows.
pub fn measure() {
    // Each connection is a file here and one in the server, which has the limit of its parent.
    let most = getrlimit(Resource::Nofile).maximum;
    setrlimit(Resource::Nofile, Rlimit { current: most, maximum: most }).unwrap();
    pages();
    answers();
}

fn pages() {
    let wick = Wick::start(tempfile::tempdir().unwrap(), &["--connections", "4096"]);
    // The first ones bring what all of them share.
    let first: Vec<TcpStream> = (0..8).map(|_| silent::page(&wick)).collect();
    let before = told(&wick, &first);
    let pages: Vec<TcpStream> = (0..PAGES).map(|_| silent::page(&wick)).collect();
    let took = (told(&wick, &pages) - before) / 1e6;
    row("2,000 pages that are open and at rest take", &format!("{took:.1} MB"), "≤ 20 MB");
    assert!(wick.end().success());
}

/// Bytes of the server, when each of these pages was told where it stands.
fn told(wick: &Wick, pages: &[TcpStream]) -> f64 {
    for page in pages {
        assert_ne!(page.peek(&mut [0; 1]).unwrap(), 0, "it was closed");
    }
    Resident::of(wick.id()).total()
}

fn answers() {
    let wick = Wick::without_models();
    let silent: Vec<TcpStream> = (0..SILENT).map(|_| silent::here(wick.port)).collect();
    let mut times = Vec::new();
    for _ in 0..ANSWERS {
        let began = Instant::now();
        assert_eq!(wick.get("/", "Accept-Encoding: br\r\n").status, 200);
        times.push(began.elapsed());
    }
    // They are closed after 5 s, and these answers took less.
    assert!(silent.iter().all(silent::is_silent));
    row(
        "beside 500 silent connections the page comes, 99 of 100 within",
        &at(&times, 0.99),
        "≤ 100 ms",
    );
    assert!(wick.end().success());
}
