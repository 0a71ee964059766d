//! What is to be on the screen: elements, and words in them.

use std::borrow::Cow;

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::Node;

const SVG: &str = "http://www.w3.org/2000/svg";

/// Words, or an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Words, as they are.
    Text(String),
    /// An element.
    Element(Element),
}

/// An element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Element {
    /// Of the few that answers are made of.
    pub(crate) name: &'static str,
    /// Always the same ones in the same order for the same kind of element.
    pub(crate) attributes: Vec<Attribute>,
    /// What is in it.
    pub(crate) children: Vec<Piece>,
}

/// A name and a value.
pub(crate) type Attribute = (&'static str, Cow<'static, str>);

impl Piece {
    /// An element.
    pub(crate) fn new(
        name: &'static str,
        attributes: Vec<Attribute>,
        children: Vec<Piece>,
    ) -> Self {
        Self::Element(Element { name, attributes, children })
    }

    /// Words.
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// What is to be shown, as a copy: for a node that a script made, a browser keeps something as long as
/// it is there.
pub(crate) fn made(pieces: &[Piece]) -> Node {
    let made = document().create_document_fragment();
    fill(&made, pieces);
    made.clone_node_with_deep(true).unwrap_or_else(|_| made.into())
}

fn fill(parent: &Node, pieces: &[Piece]) {
    for piece in pieces {
        let new = match piece {
            Piece::Text(text) => {
                // The parent makes a node of it.
                let _ = parent.unchecked_ref::<web_sys::Element>().append_with_str_1(text);
                continue;
            }
            Piece::Element(new) => new,
        };
        let made = if matches!(new.name, "svg" | "path") {
            document().create_element_ns(Some(SVG), new.name)
        } else {
            document().create_element(new.name)
        };
        let Ok(element) = made else { continue };
        for (name, value) in &new.attributes {
            let _ = element.set_attribute(name, value);
        }
        fill(&element, &new.children);
        let _ = parent.append_child(&element);
    }
}
