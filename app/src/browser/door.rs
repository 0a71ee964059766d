//! What the page shows the server, so that it is let in. The script `door.js` keeps it.

use leptos::prelude::window;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Element, RequestInit};

#[wasm_bindgen]
extern "C" {
    /// As `fetch`, of an address of our own.
    #[wasm_bindgen(js_name = wickFetch)]
    pub(crate) fn fetch_own(address: &str, init: &RequestInit) -> js_sys::Promise;

    /// The subprotocols of the page's socket.
    #[wasm_bindgen(js_name = wickProtocols)]
    pub(crate) fn protocols() -> js_sys::Array;

    /// Shows a picture of our own.
    #[wasm_bindgen(js_name = wickShow)]
    pub(super) fn show(picture: &Element, address: &str);
}

/// Loads the page of a browser that was signed out, which says so.
pub(crate) fn reload_signed_out() {
    let _ = window().location().reload();
}
