//! Files that a person hands to the page.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, File, FileList, HtmlInputElement, RequestInit, Response};

use super::fetch_own;

/// Sends the file that was chosen in a field to the server, which takes the chats out of it. Gives
/// what the server says.
pub(crate) async fn import(field: &HtmlInputElement) -> Option<String> {
    let file = field.files()?.get(0)?;
    let answer = post("/import", "application/octet-stream", &file, None).await;
    // The same file may be chosen again.
    field.set_value("");
    answer.map(|(_, says)| says)
}

/// Posts a file to the server. Gives whether that did what it was asked for, and what it says; `None`
/// when nothing came back.
pub(crate) async fn post(
    address: &str,
    kind: &str,
    file: &File,
    signal: Option<&AbortSignal>,
) -> Option<(bool, String)> {
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_body(file);
    request.set_signal(signal);
    let kind = js_sys::Array::of2(&"content-type".into(), &kind.into());
    request.set_headers(&js_sys::Array::of1(&kind));
    let answer = JsFuture::from(fetch_own(address, &request)).await.ok()?;
    let answer: Response = answer.dyn_into().ok()?;
    let says = JsFuture::from(answer.text().ok()?).await.ok()?.as_string()?;
    Some((answer.ok(), says))
}

/// What is in a file.
pub(crate) async fn read(file: &File) -> Option<Vec<u8>> {
    let content = JsFuture::from(file.array_buffer()).await.ok()?;
    Some(js_sys::Uint8Array::new(&content).to_vec())
}

/// The files that were chosen in a field, which is empty then.
pub(crate) fn take_files(field: &HtmlInputElement) -> Vec<File> {
    let taken = files(field.files().as_ref());
    // The same file may be chosen again.
    field.set_value("");
    taken
}

/// The files of a list.
pub(crate) fn files(list: Option<&FileList>) -> Vec<File> {
    let n_files = list.map_or(0, FileList::length);
    (0..n_files).filter_map(|idx| list?.get(idx)).collect()
}
