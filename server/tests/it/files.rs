//! The page's files, inside the executable, and the files that Wick keeps.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::support::{SMOL, Wick, likeliest};

fn names(wick: &Wick) -> Vec<String> {
    let html = String::from_utf8(wick.get("/", "").body).unwrap();
    let mut names: Vec<String> = html
        .split('"')
        // Pictures are compressed as they are.
        .filter(|it| it.starts_with('/') && it.contains('.') && !it.contains(".png"))
        .map(str::to_owned)
        .collect();
    names.sort();
    names.dedup();
    assert!(3 <= names.len(), "{names:?}");
    names
}

#[test]
fn files_come_compressed_as_the_browser_likes() {
    let wick = Wick::without_models();
    for name in names(&wick).iter().map(String::as_str).chain(["/"]) {
        let plain = wick.get(name, "");
        assert_eq!((plain.status, plain.header("content-encoding")), (200, None), "{name}");
        for (accepted, encoding) in
            [("br", "br"), ("gzip, deflate", "gzip"), ("gzip, br", "br"), ("br;q=0, gzip", "gzip")]
        {
            let response = wick.get(name, &format!("Accept-Encoding: {accepted}\r\n"));
            assert_eq!(response.header("content-encoding"), Some(encoding), "{name} {accepted}");
            assert_eq!(response.header("content-type"), plain.header("content-type"), "{name}");
            assert!(response.body.len() < plain.body.len(), "{name}");
            assert_eq!(response.header("vary"), Some("accept-encoding"));
        }
    }
}

#[test]
fn what_a_browser_has_is_not_sent_again() {
    let wick = Wick::without_models();
    for name in names(&wick).iter().map(String::as_str).chain(["/"]) {
        let first = wick.get(name, "Accept-Encoding: br\r\n");
        let tag = first.header("etag").unwrap();
        let headers = format!("Accept-Encoding: br\r\nIf-None-Match: {tag}\r\n");
        assert_eq!(wick.get(name, &headers).status, 304, "{name}");
        let other = wick.get(name, &format!("Accept-Encoding: gzip\r\nIf-None-Match: {tag}\r\n"));
        assert_eq!(other.status, 200, "{name}: another encoding is another file");
        let cache = first.header("cache-control").unwrap();
        assert_eq!(cache.contains("immutable"), name.contains('-'), "{name}: {cache}");
    }
}

#[test]
fn nothing_else_is_a_file() {
    let wick = Wick::without_models();
    let twin = format!("{}.br", names(&wick)[0]);
    for path in [
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/favicon.ico",
        "/x",
        &twin,
    ] {
        assert_eq!(wick.get(path, "").status, 404, "{path}");
    }
    let post =
        format!("POST / HTTP/1.1\r\nHost: localhost:{}\r\nContent-Length: 0\r\n\r\n", wick.port);
    assert_eq!(wick.request(&post).status, 405);
}

/// Everything in a folder but what `models` leads to, with its rights.
fn rights(folder: &Path) -> Vec<(PathBuf, bool, u32)> {
    let facts = fs::metadata(folder).unwrap();
    let mut found = vec![(folder.to_owned(), true, facts.permissions().mode() & 0o777)];
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let facts = entry.metadata().unwrap();
        if facts.is_dir() {
            found.extend(rights(&entry.path()));
        } else if facts.is_file() {
            found.push((entry.path(), false, facts.permissions().mode() & 0o777));
        }
    }
    found
}

#[tokio::test]
async fn nobody_else_can_read_what_is_kept_also_where_they_could_before() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let check = |wick: &Wick| {
        let found = rights(wick.data.path());
        let names = |name: &str| found.iter().any(|it| it.0.to_string_lossy().contains(name));
        assert!(["wick.db", "wick.db-wal", "wick.lock", "models"].into_iter().all(names));
        for (path, is_folder, mode) in &found {
            assert_eq!(*mode, if *is_folder { 0o700 } else { 0o600 }, "{}", path.display());
        }
    };
    let mut page = wick.page().await;
    page.sample(likeliest(4)).await;
    page.say("Tell me about the sea, and about the ships that sail on it.").await;
    page.answer().await;
    check(&wick);
    // All of it is parked when it ends.
    let wick = wick.started_again();
    assert!(!wick.parked().is_empty());
    check(&wick);
    let data = wick.ended();
    fs::write(data.path().join("wick.version-1.db"), "a copy of before").unwrap();
    for (path, is_folder, _) in rights(data.path()) {
        let mode = if is_folder { 0o755 } else { 0o644 };
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }
    check(&Wick::start(data, &[]));
}
