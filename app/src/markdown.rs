//! Answers as Markdown: text becomes typed nodes, nodes become elements. Nothing of an answer
//! is ever taken as HTML, and nothing that it names is ever loaded.
//!
//! Reading order: `node` (what Markdown can say), `blocks` and `spans` (how it is read), `growing`
//! (while it arrives), `view` (what shows it), `draw` (how that comes to the screen).

mod blocks;
mod colours;
mod draw;
mod growing;
mod lines;
mod links;
mod math;
mod node;
mod notes;
mod spans;
mod stress;
mod table;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use draw::Markdown;
