//! The page's files, inside the executable.

use crate::support::Wick;

fn names(wick: &Wick) -> Vec<String> {
    let html = String::from_utf8(wick.get("/", "").body).unwrap();
    let mut names: Vec<String> = html
        .split('"')
        // Pictures are compressed as they are.
        .filter(|it| it.starts_with('/') && it.contains('.') && !it.ends_with(".png"))
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
