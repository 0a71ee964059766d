//! Asking whether the system may say that an answer is done. Browsers want a press of a button for it.

use js_sys::{Function, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

const ASKED: &str = "wick-asked";

/// Asks, once for all times.
pub(crate) fn ask_to_tell() {
    let ask = || -> Option<()> {
        let notification = Reflect::get(&window(), &"Notification".into()).ok()?;
        let ask = Reflect::get(&notification, &"requestPermission".into()).ok()?;
        ask.dyn_into::<Function>().ok()?.call0(&notification).ok().map(|_| ())
    };
    let _ = ask();
}

/// Whether somebody was offered it; from now on somebody was.
pub(crate) fn was_asked() -> bool {
    let Ok(Some(storage)) = window().local_storage() else { return true };
    let was_asked = storage.get_item(ASKED).ok().flatten().is_some();
    let _ = storage.set_item(ASKED, "yes");
    was_asked
}
