//! Colours and numbers for code. It is shown at once and gets them a moment later, also while it grows.

use std::cell::RefCell;
use std::time::Duration;

use leptos::prelude::set_timeout;
use web_sys::Element;

use crate::browser;

/// Code that grows gets colours after so long, and later when there is more of it: all of it is
/// looked at again.
const PAUSE: Duration = Duration::from_millis(120);
const BYTES_A_MILLISECOND: usize = 40;

thread_local! {
    /// Code whose time has not come.
    static WAITING: RefCell<Vec<Element>> = const { RefCell::new(Vec::new()) };
}

/// Colours an element with so many bytes of code when its time has come.
pub(super) fn soon(code: &Element, n_bytes: usize) {
    let language = |code: &Element| code.get_attribute("data-language").unwrap_or_default();
    let is_wanted = !language(code).is_empty() || browser::has_numbers();
    if !is_wanted || WAITING.with_borrow(|waiting| waiting.contains(code)) {
        return;
    }
    WAITING.with_borrow_mut(|waiting| waiting.push(code.clone()));
    let code = code.clone();
    let colour = move || {
        WAITING.with_borrow_mut(|waiting| waiting.retain(|it| *it != code));
        if code.is_connected() {
            browser::colour(&code, &language(&code));
        }
    };
    set_timeout(colour, PAUSE + Duration::from_millis((n_bytes / BYTES_A_MILLISECOND) as u64));
}
