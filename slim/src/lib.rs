//! Makes the page that wasm-bindgen wrote smaller on the wire, and the same to the browser.
//!
//! Reading order: `unused` (what crates bring and the page never asks for), `names` (short
//! ones between the wasm and its JavaScript), `order` (functions that resemble each other
//! next to each other, where brotli finds more in common), `text` (the JavaScript as lines).

mod likeness;
mod locals;
mod names;
mod order;
mod text;
mod unused;

use anyhow::Result;
use walrus::Module;

/// The wasm and its JavaScript, slimmer.
pub fn slim(module: &mut Module, js: &str) -> Result<(Vec<u8>, String)> {
    let js = unused::drop_unused(module, &text::bare(js));

    let js = names::shorten(module, &js)?;
    let wasm = locals::by_use(&module.emit_wasm())?;
    Ok((order::by_likeness(&wasm)?, js))
}
