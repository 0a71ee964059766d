//! Words in the open chat: `assets/find.js`, which comes for the first of them.

use js_sys::{Array, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;

use super::given;

/// What is looked for: a list until the script is here, which takes it over.
const WANTED: &str = "wickFind";

/// Where the HTML says where that is.
const ADDRESS: &str = "meta[name=wick-find]";

/// What the script calls with how many places it found, and at which of them it is.
const FOUND: &str = "wickFound";

/// Hears of what was found. Its end is the end of the marks.
pub(crate) struct Finding {
    _hears: Closure<dyn Fn(u32, u32)>,
}

impl Finding {
    /// From now on what was found is told.
    pub(crate) fn new(hear: impl Fn(u32, u32) + 'static) -> Self {
        let hears = Closure::<dyn Fn(u32, u32)>::new(hear);
        let _ = Reflect::set(&window(), &FOUND.into(), hears.as_ref());
        Self { _hears: hears }
    }
}

impl Drop for Finding {
    fn drop(&mut self) {
        let _ = Reflect::delete_property(&window(), &FOUND.into());
        find("", 0);
    }
}

/// Looks for words, or goes on by so many places where they were looked for already.
pub(crate) fn find(words: &str, step: i32) {
    given(WANTED, ADDRESS).push(&Array::of2(&JsValue::from_str(words), &step.into()));
}
