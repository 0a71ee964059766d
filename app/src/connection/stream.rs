//! Events that are read as the answer to a request, and messages that are posted.

use std::pin::pin;

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::StreamExt;
use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, ReadableStreamDefaultReader, RequestInit, Response};

use super::lines::Lines;
use super::way::{Sign, Signs, Way, tell};
use crate::browser;

/// The server gives a sign of life every 20 s. After so many milliseconds without one, nothing
/// will come any more.
const LONGEST_SILENCE: u32 = 45_000;

/// A request that takes longer than so many milliseconds is as if it failed.
const LONGEST_REQUEST: u32 = 1_000;

/// What the server answers a browser that is not signed in, or no more.
const SIGNED_OUT: u16 = 401;

/// What waits is posted together up to about this length, in bytes. With the longest message it
/// stays under what the server takes.
const LONGEST_LIST: usize = 512 << 10;

/// One that is open, or about to be.
pub(super) struct Stream {
    to_post: UnboundedSender<String>,
    requests: AbortController,
}

impl Stream {
    /// Opens one.
    pub(super) fn open(signs: Signs) -> Result<Self, JsValue> {
        let requests = AbortController::new()?;
        let (to_post, posted) = unbounded();
        let address = format!("/events?connection={}", browser::random_key());
        let signal = requests.signal();
        spawn_local(async move {
            if let Some(events) = fetch(&address, None, Some(&signal)).await {
                tell(&signs, Sign::Opened);
                spawn_local(post(address, signal, posted, signs.clone()));
                read(events, &signs).await;
            }
            tell(&signs, Sign::Broke);
        });
        Ok(Self { to_post, requests })
    }
}

impl Way for Stream {
    fn send(&self, text: String) {
        let _ = self.to_post.unbounded_send(text);
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.requests.abort();
    }
}

/// Whether requests are answered, and soon.
pub(super) async fn is_answered() -> bool {
    let answer = pin!(fetch("/sign-in", None, None));
    let overdue = TimeoutFuture::new(LONGEST_REQUEST);
    matches!(select(answer, overdue).await, Either::Left((Some(_), _)))
}

/// Reads events to their end, or until none come.
async fn read(events: Response, signs: &Signs) {
    let Some(body) = events.body() else { return };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut lines = Lines::default();
    loop {
        let silence = TimeoutFuture::new(LONGEST_SILENCE);
        let piece = match select(JsFuture::from(reader.read()), silence).await {
            Either::Left((Ok(piece), _)) => js_sys::Reflect::get(&piece, &"value".into()),
            _ => return,
        };
        // At the end there is none.
        let Some(bytes) = piece.ok().and_then(|it| it.dyn_into::<js_sys::Uint8Array>().ok()) else {
            return;
        };
        lines.take(&bytes.to_vec(), &mut |text| tell(signs, Sign::Text(text)));
    }
}

/// Posts messages in their order: what has come meanwhile, when the server has what came before.
async fn post(
    address: String,
    signal: AbortSignal,
    mut messages: UnboundedReceiver<String>,
    signs: Signs,
) {
    while let Some(first) = messages.next().await {
        let mut list = String::from("[") + &first;
        while list.len() < LONGEST_LIST
            && let Ok(next) = messages.try_recv()
        {
            list.push(',');
            list.push_str(&next);
        }
        list.push(']');
        if fetch(&address, Some(&list), Some(&signal)).await.is_none() {
            return tell(&signs, Sign::Broke);
        }
    }
}

/// Asks the server, or posts JSON to it; `None` when it does not do what it is asked for.
async fn fetch(
    address: &str,
    json: Option<&str>,
    signal: Option<&AbortSignal>,
) -> Option<Response> {
    let request = RequestInit::new();
    request.set_signal(signal);
    if let Some(json) = json {
        let kind = js_sys::Array::of2(&"content-type".into(), &"application/json".into());
        request.set_method("POST");
        request.set_headers(&js_sys::Array::of1(&kind));
        request.set_body(&json.into());
    }
    let response = JsFuture::from(browser::fetch_own(address, &request)).await.ok()?;
    let response: Response = response.unchecked_into();
    if response.status() == SIGNED_OUT {
        browser::reload_signed_out();
    }
    response.ok().then_some(response)
}
