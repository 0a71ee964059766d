//! Colours and numbers for code. It is shown at once and gets them a moment later, also while it grows.

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;

use crate::browser;

/// Code that grows gets colours after so long, and later when there is more of it: all of it is
/// looked at again.
const PAUSE: Duration = Duration::from_millis(120);
const BYTES_A_MILLISECOND: u64 = 40;

/// Colours the element whenever its text has changed.
pub(super) fn colour(code: NodeRef<html::Pre>, text: Memo<String>, language: Memo<String>) {
    let waits = StoredValue::new(false);
    Effect::new(move |_| {
        let length = text.with(String::len) as u64;
        let is_wanted = language.with(|it| !it.is_empty()) || browser::has_numbers();
        if !is_wanted || waits.get_value() {
            return;
        }
        waits.set_value(true);
        let colour = move || {
            if waits.try_set_value(false).is_none()
                && let Some(code) = code.get_untracked()
            {
                language.with_untracked(|language| browser::colour(&code, language));
            }
        };
        set_timeout(colour, PAUSE + Duration::from_millis(length / BYTES_A_MILLISECOND));
    });
}
