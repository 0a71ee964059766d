//! The page's files, which are inside the executable, already compressed.

use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

/// What `build.rs` made.
#[derive(RustEmbed)]
#[folder = "$OUT_DIR/site"]
struct Site;

/// How a file can be sent, the smallest first: the name of the encoding and of the file's twin.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// Sends a file of the page.
pub async fn file(method: axum::http::Method, uri: Uri, headers: HeaderMap) -> Response {
    if !matches!(method, axum::http::Method::GET | axum::http::Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let name = match uri.path() {
        "/" => "index.html",
        path => path.trim_start_matches('/'),
    };
    // The compressed twins have no address of their own.
    let is_twin = ENCODINGS.iter().any(|(_, ending)| name.ends_with(ending));
    let Some(plain) = Site::get(name).filter(|_| !is_twin) else {
        return (StatusCode::NOT_FOUND, "There is nothing here").into_response();
    };
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|it| it.to_str().ok());
    let (encoding, file) = smallest(name, accepted.unwrap_or(""), plain);
    let tag = tag(&file, encoding);
    let cache = match name {
        "index.html" | "sw.js" => "no-cache",
        // Their names change with what is in them.
        _ => "public, max-age=31536000, immutable",
    };
    let common = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, cache.to_owned()),
        (header::VARY, "accept-encoding".to_owned()),
    ];
    let known = headers.get(header::IF_NONE_MATCH).and_then(|it| it.to_str().ok());
    if known.is_some_and(|known| known.split(',').any(|it| it.trim() == tag || it.trim() == "*")) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let mut response = (common, file.data).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind(name)));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, header::HeaderValue::from_static(encoding));
    }
    response
}

fn smallest(
    name: &str,
    accepted: &str,
    plain: EmbeddedFile,
) -> (Option<&'static str>, EmbeddedFile) {
    ENCODINGS
        .iter()
        .filter(|(encoding, _)| accepts(accepted, encoding))
        .find_map(|&(encoding, ending)| {
            Some((Some(encoding), Site::get(&format!("{name}{ending}"))?))
        })
        .unwrap_or((None, plain))
}

/// Whether an `Accept-Encoding` allows this one (RFC 9110, 12.5.3).
fn accepts(header: &str, encoding: &str) -> bool {
    let weight_of = |wanted: &str| {
        header.split(',').find_map(|item| {
            let mut parts = item.split(';').map(str::trim);
            let is_it = parts.next()?.eq_ignore_ascii_case(wanted);
            let weight = parts
                .find_map(|part| part.strip_prefix("q="))
                .map_or(1.0, |weight| weight.parse::<f32>().unwrap_or(0.0));
            is_it.then_some(weight)
        })
    };
    0.0 < weight_of(encoding).or_else(|| weight_of("*")).unwrap_or(0.0)
}

fn tag(file: &EmbeddedFile, encoding: Option<&str>) -> String {
    let hash: String =
        file.metadata.sha256_hash()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hash}-{}\"", encoding.unwrap_or("plain"))
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "txt" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_says_what_it_takes() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("gzip;q=0.5", "gzip"));
        assert!(accepts("*", "br"));
        assert!(!accepts("br;q=0, gzip", "br"));
        assert!(!accepts("br;q=0, *", "br"));
        assert!(!accepts("", "gzip"));
        assert!(!accepts("broth", "br"));
    }
}
