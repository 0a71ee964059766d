//! How files come besides the button: dropped onto the page, or pasted.

use leptos::ev;
use leptos::leptos_dom::helpers::window_event_listener;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DragEvent, Element, Event};

use super::reading::Reading;
use crate::browser;
use crate::composer::FIELD;

/// A text that is pasted and has more characters becomes a file: it is more than a person wants to
/// scroll through while they write.
const LONG_PASTE: usize = 3_000;

/// Listens from now on. `is_over` says whether files are held over the page.
pub(super) fn listen(reading: Reading, is_over: RwSignal<bool>) {
    window_event_listener(ev::dragover, move |event| {
        if brings_files(&event) {
            // Else the browser would leave the page for the file.
            event.prevent_default();
            is_over.set(!browser::has_dialog());
        }
    });
    window_event_listener(ev::dragleave, move |event| {
        // Within the page it goes to another element.
        if event.related_target().is_none() {
            is_over.set(false);
        }
    });
    window_event_listener(ev::drop, move |event| {
        if brings_files(&event) {
            event.prevent_default();
            is_over.set(false);
            if !browser::has_dialog() {
                let files = event.data_transfer().and_then(|it| it.files());
                reading.take(browser::files(files.as_ref()));
                browser::focus(FIELD);
            }
        }
    });
    window_event_listener(ev::paste, move |event| {
        if paste(reading, &event).is_some() {
            event.prevent_default();
        }
    });
}

/// Nothing where the browser shall paste.
fn paste(reading: Reading, event: &ClipboardEvent) -> Option<()> {
    let target = element(event)?;
    let is_field = target.id() == FIELD;
    if !is_field && target.matches("input, textarea, dialog *").unwrap_or(false) {
        return None;
    }
    let data = event.clipboard_data()?;
    // Some programs put a picture of the text beside it.
    let text = data.get_data("text/plain").unwrap_or_default();
    if text.is_empty() {
        let files = browser::files(data.files().as_ref());
        return (!files.is_empty()).then(|| reading.take(files));
    }
    let is_long = is_field && LONG_PASTE < text.chars().count();
    (is_long && reading.take_text(&text)).then_some(())
}

fn brings_files(event: &DragEvent) -> bool {
    let kinds = event.data_transfer().map(|it| it.types());
    kinds.is_some_and(|it| it.includes(&"Files".into(), 0))
}

fn element(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}
