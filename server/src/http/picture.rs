//! The engine's picture, as the page wants it.

use std::time::Instant;

use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use crate::hub::Hub;
use crate::picture::{Theme, View, draw};

/// As wide as it is when nobody says how wide.
const WIDTH: u16 = 640;

/// Draws the engine as it is now.
pub async fn engine(State(hub): State<Hub>, uri: Uri) -> Response {
    let Some(history) = hub.history().await else {
        return (StatusCode::SERVICE_UNAVAILABLE, "Wick is being closed").into_response();
    };
    let picture = draw(&history, Instant::now(), view(uri.query().unwrap_or("")));
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "no-store")];
    (headers, picture).into_response()
}

/// What a query such as `width=326&theme=dark&minutes=5` asks for. What can't be read is as if it
/// were not there.
fn view(query: &str) -> View {
    let value = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(it, _)| *it == name).map(|(_, value)| value)
    };
    let number = |name: &str| value(name).and_then(|it| it.parse::<u16>().ok());
    let theme = if value("theme") == Some("dark") { Theme::Dark } else { Theme::Light };
    let view = View::new(number("width").unwrap_or(WIDTH), theme, number("minutes"));
    view.in_language(value("language").unwrap_or("en"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_is_read_and_kept_within_bounds() {
        assert_eq!(view("width=326&theme=dark&minutes=5"), View::new(326, Theme::Dark, Some(5)));
        let german = View::new(WIDTH, Theme::Light, None).in_language("de");
        assert_eq!(view("language=de"), german);
        let usual = View::new(WIDTH, Theme::Light, None);
        assert_ne!(usual, german);
        assert_eq!(view(""), usual);
        assert_eq!(view("width=99999999&theme=%3Cscript%3E&minutes=-1&&=&x"), usual);
        assert_eq!(view("width=0"), view("width=1"));
        assert_eq!(view("width=60000"), view("width=65535"));
    }
}
