//! The colours of code: highlight.js, which comes when the first code is shown.

use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::Element;

use super::given;

/// What is to be coloured: a list until `assets/colours.js` is here, which takes it over.
const CODE: &str = "wickCode";

/// Where the HTML says where that is.
const ADDRESS: &str = "meta[name=wick-colours]";

/// More code does not wait for colours that do not come.
const MOST: u32 = 1_000;

/// Colours the text of an element, now or as soon as that can be done.
pub(crate) fn colour(code: &Element, language: &str) {
    let list = given(CODE, ADDRESS);
    if list.length() < MOST {
        list.push(&Array::of2(code, &JsValue::from_str(language)));
    }
}
