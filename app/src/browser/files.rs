//! Files that a person hands to the server.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlInputElement, RequestInit, Response};

/// Sends the file that was chosen in a field to the server, which takes the chats out of it. Gives
/// what the server says.
pub(crate) async fn import(field: &HtmlInputElement) -> Option<String> {
    let file = field.files()?.get(0)?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_body(&file);
    let headers = js_sys::Object::new();
    let (name, kind) = (JsValue::from_str("content-type"), "application/octet-stream");
    js_sys::Reflect::set(&headers, &name, &JsValue::from_str(kind)).ok()?;
    request.set_headers(&headers);
    let answer = JsFuture::from(window().fetch_with_str_and_init("/import", &request)).await;
    // The same file may be chosen again.
    field.set_value("");
    let answer: Response = answer.ok()?.dyn_into().ok()?;
    JsFuture::from(answer.text().ok()?).await.ok()?.as_string()
}
