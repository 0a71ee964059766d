//! The keyboard on the screen. Where it lies over the page instead of making it smaller
//! (iOS), the page learns the part that can be seen and lays itself out in that.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlElement, VisualViewport};

/// A keyboard is higher than this; a browser's own bars are not.
const LEAST_KEYBOARD: f64 = 120.0;

/// Tells the styles, from now on, what can be seen while a keyboard is open.
pub(crate) fn follow_keyboard() {
    let Some(viewport) = window().visual_viewport() else { return };
    let seen = viewport.clone();
    let follow = Closure::<dyn Fn()>::new(move || tell_styles(&seen));
    let listener = follow.as_ref().unchecked_ref();
    let _ = viewport.add_event_listener_with_callback("resize", listener);
    let _ = viewport.add_event_listener_with_callback("scroll", listener);
    follow.forget();
}

fn tell_styles(viewport: &VisualViewport) {
    let root = document().document_element().and_then(|it| it.dyn_into::<HtmlElement>().ok());
    let Some(style) = root.map(|root| root.style()) else { return };
    let whole = window().inner_height().ok().and_then(|it| it.as_f64()).unwrap_or_default();
    let is_zoomed = 0.01 < (viewport.scale() - 1.0).abs();
    if is_zoomed || whole - viewport.height() < LEAST_KEYBOARD {
        let _ = style.remove_property("--seen-height");
        let _ = style.remove_property("--seen-top");
    } else {
        let _ = style.set_property("--seen-height", &pixels(viewport.height()));
        let _ = style.set_property("--seen-top", &pixels(viewport.offset_top()));
    }
}

fn pixels(length: f64) -> String {
    format!("{}px", length.round() as i32)
}
