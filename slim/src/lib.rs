//! Makes the page that wasm-bindgen wrote smaller on the wire, and the same to the browser.
//!
//! Reading order: `more` (the second module, and how it comes), `unused` (what crates bring and
//! the page never asks for), `names` (short ones between the wasm and its JavaScript), `order` and
//! `lent` (functions that resemble each other next to each other, where brotli finds more in
//! common), `origins` (what nobody reads of panics), `text` (the JavaScript as lines).

mod lent;
mod likeness;
mod locals;
mod more;
mod names;
mod order;
mod origins;
mod text;
mod unused;

use anyhow::{Result, ensure};
use walrus::Module;

pub use more::{ADDRESS, LINK};
pub use text::bare;

/// The page as it goes over the wire.
pub struct Slim {
    /// What is there from the start.
    pub wasm: Vec<u8>,
    /// Its JavaScript, which fetches the second module from [`ADDRESS`].
    pub js: String,
    /// The second module.
    pub more: Vec<u8>,
}

/// The wasm, its JavaScript and the module that was split off, slimmer.
pub fn slim(module: &mut Module, js: &str, more: &[u8]) -> Result<Slim> {
    let mut more = more::read(more)?;
    let js = more::fetch(&text::bare(js))?;
    let js = unused::drop_unused(module, &js, &more::borrowed(&more));
    let js = names::shorten(module, &mut more, &js)?;
    let js = lent::by_what_it_does(&js);
    let n_origins = origins::forget(&mut [module, &mut more]);
    ensure!(0 < n_origins, "the page's panics say where they come from in another way");
    Ok(Slim { wasm: ordered(module)?, js, more: ordered(&mut more)? })
}

fn ordered(module: &mut Module) -> Result<Vec<u8>> {
    order::by_likeness(&locals::by_use(&module.emit_wasm())?)
}
