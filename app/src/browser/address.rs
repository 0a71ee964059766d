//! The address: where the server is, and which chat is open.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wick_protocol::ChatId;

/// Where the WebSocket is: on the page's own origin.
pub(crate) fn socket_address() -> String {
    let location = window().location();
    let is_secure = location.protocol().is_ok_and(|protocol| protocol == "https:");
    let scheme = if is_secure { "wss" } else { "ws" };
    format!("{scheme}://{}/ws", location.host().unwrap_or_default())
}

/// Where the page is from, such as `http://localhost:8080`.
pub(crate) fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// The chat that the fragment names.
pub(crate) fn chat_in_address() -> Option<ChatId> {
    let fragment = window().location().hash().ok()?;
    fragment.strip_prefix('#')?.parse().ok().map(ChatId)
}

/// Names another chat, or none. `is_step`: the back button leads to what was named before.
pub(crate) fn set_chat_in_address(chat: Option<ChatId>, is_step: bool) {
    if chat == chat_in_address() {
        return;
    }
    let address = match chat {
        Some(chat) => format!("/#{}", chat.0),
        None => "/".to_owned(),
    };
    let Ok(history) = window().history() else { return };
    let _ = if is_step {
        history.push_state_with_url(&JsValue::NULL, "", Some(&address))
    } else {
        history.replace_state_with_url(&JsValue::NULL, "", Some(&address))
    };
}

/// Loads the page of this version, once: a server whose page is of another version than
/// itself must not make it load for ever. Tells whether it does.
pub(crate) fn reload_for(version: &str) -> bool {
    const KEY: &str = "wick-reloaded-for";
    let Ok(Some(storage)) = window().session_storage() else { return false };
    if storage.get_item(KEY).ok().flatten().as_deref() == Some(version) {
        return false;
    }
    storage.set_item(KEY, version).is_ok() && window().location().reload().is_ok()
}
