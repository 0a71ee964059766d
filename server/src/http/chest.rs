//! Files with chats, in and out.

use axum::Extension;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::time::timeout;
use wick_archive::Format;
use wick_protocol::ChatId;

use super::Limits;
use crate::hub::{Hub, Refusal};

/// The largest file that is taken in, in bytes.
const LARGEST: usize = 512 << 20;

/// `/export/7.md` is one chat, `/export/all.json` all of them, `/export/authority.crt` what makes phones
/// trust this Wick.
pub async fn export(State(hub): State<Hub>, Path(name): Path<String>) -> Response {
    if name == "authority.crt" {
        let Some(authority) = hub.lan().authority() else {
            return (StatusCode::NOT_FOUND, "There is no certificate: nothing is encrypted")
                .into_response();
        };
        return file(&name, "application/x-x509-ca-cert", authority);
    }
    let Some((chat, format)) = wanted(&name) else {
        return (StatusCode::NOT_FOUND, "There is nothing here").into_response();
    };
    let text = match hub.pack(chat, format).await {
        Ok(text) => text,
        Err(Refusal(reason)) => return (StatusCode::NOT_FOUND, reason).into_response(),
    };
    file(&name, format.mime_type(), text)
}

fn file(name: &str, kind: &str, content: impl Into<Body>) -> Response {
    let place = format!("attachment; filename=\"wick-{name}\"");
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, place),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, content.into()).into_response()
}

/// Takes a file in and says, in a sentence for people, what came of it.
pub async fn import(
    State(hub): State<Hub>,
    Extension(limits): Extension<Limits>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    // A form of another page can't send this.
    if headers.get(header::CONTENT_TYPE).is_none_or(|it| it != "application/octet-stream") {
        let says = "The file has to come as application/octet-stream";
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, says).into_response();
    }
    let file = match timeout(limits.file, to_bytes(body, LARGEST)).await {
        Ok(Ok(file)) => file.to_vec(),
        Ok(Err(_)) => {
            let says = format!("The file is larger than {} MB, which is the most", LARGEST >> 20);
            return (StatusCode::PAYLOAD_TOO_LARGE, says).into_response();
        }
        Err(_) => {
            return (StatusCode::REQUEST_TIMEOUT, "The file did not come in time").into_response();
        }
    };
    match hub.unpack(file).await {
        Ok(1) => "1 chat was brought in.".into_response(),
        Ok(n_chats) => format!("{n_chats} chats were brought in.").into_response(),
        Err(Refusal(reason)) => (StatusCode::UNPROCESSABLE_ENTITY, reason).into_response(),
    }
}

fn wanted(name: &str) -> Option<(Option<ChatId>, Format)> {
    let (chat, ending) = name.split_once('.')?;
    let chat = match chat {
        "all" => None,
        id => Some(ChatId(id.parse().ok()?)),
    };
    Some((chat, ending.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_by_chat_and_format() {
        assert!(matches!(wanted("7.md"), Some((Some(ChatId(7)), Format::Markdown))));
        assert!(matches!(wanted("all.json"), Some((None, Format::Json))));
        for name in ["7", "7.exe", "x.md", "../7.md", "all.md.html", ""] {
            assert!(wanted(name).is_none(), "{name}");
        }
    }
}
