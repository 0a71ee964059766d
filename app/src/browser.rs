//! What the page asks of the browser beside showing things. No logic lives here: it cannot be
//! tested without a browser.

mod address;
mod clipboard;
mod colours;
mod door;
mod files;
mod finding;
mod keeping;
mod keyboard;
mod sight;
mod telling;

use js_sys::{Array, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

pub(crate) use address::{
    chat_in_address, origin, reload_for, set_chat_in_address, socket_address,
};
pub(crate) use clipboard::copy;
pub(crate) use colours::colour;
pub(crate) use door::{fetch_own, protocols, reload_signed_out};
pub(crate) use files::{files, import, post, read, take_files};
pub(crate) use finding::{Finding, find};
pub(crate) use keeping::{Language, Theme, has_numbers, keep_numbers, put_aside, take_back};
pub(crate) use keyboard::follow_keyboard;
pub(crate) use sight::leave_out_of_sight;
pub(crate) use telling::{ask_to_tell, was_asked};

/// Writes a line for developers.
pub(crate) fn log(text: &str) {
    web_sys::console::warn_1(&text.into());
}

/// What the page says, as the browser fetched it.
pub(crate) fn words() -> String {
    let words = Reflect::get(&window(), &"wickWords".into());
    words.ok().and_then(|it| it.as_string()).unwrap_or_default()
}

/// Small letters. The browser has a table of them, which would be 8 kB of the page.
pub(crate) fn lower(text: &str) -> String {
    if cfg!(target_arch = "wasm32") {
        js_sys::JsString::from(text).to_lower_case().into()
    } else {
        text.to_lowercase()
    }
}

/// A text that has room for so many more bytes, and was outside of the module's memory meanwhile.
pub(crate) fn moved(text: String, n_more: usize) -> String {
    let length = text.len();
    let outside = js_sys::Uint8Array::from(text.as_bytes());
    drop(text);
    let mut bytes = Vec::with_capacity(length + n_more);
    bytes.resize(length, 0);
    outside.copy_to(&mut bytes);
    // Never: these are the bytes of a text.
    String::from_utf8(bytes).unwrap_or_default()
}

/// Says in the page, not only in the console, that it cannot go on.
pub(crate) fn show_panics() {
    std::panic::set_hook(Box::new(|info| {
        web_sys::console::error_1(&info.to_string().into());
        let Some(body) = document().body() else { return };
        let english =
            "The page met an error of its own and stopped. Your chats are safe; reload to go on.";
        let says = crate::words::frame::stopped();
        body.set_text_content(Some(if says.is_empty() { english } else { says }));
    }));
}

/// What a script is given: a list of this name until the script is here, which takes it over. It is
/// fetched for the first thing that is to be given.
fn given(name: &str, element: &str) -> Array {
    let known = Reflect::get(&window(), &name.into()).ok();
    known.and_then(|it| it.dyn_into().ok()).unwrap_or_else(|| {
        let list = Array::new();
        let _ = Reflect::set(&window(), &name.into(), &list);
        let _ = fetch(element);
        list
    })
}

/// Fetches the script whose address an element of the HTML says.
fn fetch(element: &str) -> Option<()> {
    let address = document().query_selector(element).ok()??.get_attribute("content")?;
    let script = document().create_element("script").ok()?;
    script.set_attribute("type", "module").ok()?;
    script.set_attribute("src", &address).ok()?;
    document().body()?.append_child(&script).ok().map(|_| ())
}

/// Takes an element away.
pub(crate) fn remove(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        element.remove();
    }
}

/// Moves the keyboard's focus to an element.
pub(crate) fn focus(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Whether a dialog lies over the page.
pub(crate) fn has_dialog() -> bool {
    matches!(document().query_selector("dialog[open]"), Ok(Some(_)))
}

/// Whether a key was pressed in a field with text.
pub(crate) fn is_writing(event: &web_sys::KeyboardEvent) -> bool {
    let element = event.target().and_then(|it| it.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|it| it.matches("input, textarea").unwrap_or(false))
}

/// Presses the last of the buttons that the selector finds, as a mouse would. False when there is
/// none.
pub(crate) fn press_last(selector: &str) -> bool {
    let Ok(buttons) = document().query_selector_all(selector) else { return false };
    let last = buttons.length().checked_sub(1).and_then(|idx| buttons.item(idx));
    let last = last.and_then(|it| it.dyn_into::<HtmlElement>().ok());
    last.inspect(HtmlElement::click).is_some()
}

/// What an answer says, as it is shown: without marks of Markdown, with its lines.
pub(crate) fn shown_text(id: &str) -> String {
    let said = document().get_element_by_id(id);
    let said = said.and_then(|it| it.query_selector(":scope > .markdown").ok()?);
    let said = said.and_then(|it| it.dyn_into::<HtmlElement>().ok());
    said.map(|it| it.inner_text()).unwrap_or_default()
}

/// Scrolls an element into sight, if it takes that, with what follows it below.
pub(crate) fn show(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        element.scroll_into_view_with_bool(false);
    }
}

/// Scrolls an element into sight and lets it shine for a moment.
pub(crate) fn point_at(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        element.scroll_into_view_with_bool(true);
        let _ = element.class_list().add_1("found");
    }
}

/// The element's id.
pub(crate) const PICTURE: &str = "engine-picture";

/// As high as the server draws it; the styles make it as high, in the size of the text.
const PICTURE_HEIGHT: i32 = 356;

/// Asks the server for a picture of the engine as it is now, unless the page can't be seen. The
/// browser shows the old one until the new one is there.
pub(crate) fn show_picture(alt: &str, minutes: u32) {
    let alt = alt.to_owned();
    request_animation_frame(move || {
        let picture = document().get_element_by_id(PICTURE);
        let Some(picture) = picture.filter(|_| !document().hidden()) else { return };
        if picture.client_height() == 0 {
            // Its dialog comes up with this very frame.
            return show_picture(&alt, minutes);
        }
        let width = PICTURE_HEIGHT * picture.client_width() / picture.client_height();
        let (theme, now) = (Theme::shown(), js_sys::Date::now() as u64);
        let language = Language::shown();
        let source = format!(
            "/engine.svg?width={width}&theme={theme}&minutes={minutes}&language={language}&at={now}"
        );
        let _ = picture.set_attribute("alt", &alt);
        door::show(&picture, &source);
    });
}

/// A day and a time as this language writes them, of milliseconds since 1970.
pub(crate) fn moment(milliseconds: i64) -> String {
    let how = js_sys::Object::new();
    for part in ["dateStyle", "timeStyle"] {
        let _ = Reflect::set(&how, &part.into(), &"short".into());
    }
    let date = js_sys::Date::new(&(milliseconds as f64).into());
    date.to_locale_string(&Language::shown(), &how).into()
}

/// Makes a key that nobody else has: 128 random bits. Works without a secure context.
pub(crate) fn random_key() -> String {
    let mut bytes = [0; 16];
    let crypto = window().crypto().expect("every browser that runs wasm has it");
    crypto.get_random_values_with_u8_array(&mut bytes).expect("16 bytes may be asked for");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
