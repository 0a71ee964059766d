//! What is to be on the screen: elements, and words in them.

use std::borrow::Cow;

/// Words, or an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Words, as they are.
    Text(String),
    /// An element.
    Element(Element),
}

/// An element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Element {
    /// Of the few that answers are made of.
    pub(super) name: &'static str,
    /// Always the same ones in the same order for the same kind of element.
    pub(super) attributes: Vec<Attribute>,
    /// What is in it.
    pub(super) children: Vec<Piece>,
}

/// A name and a value.
pub(super) type Attribute = (&'static str, Cow<'static, str>);

impl Piece {
    /// An element.
    pub(super) fn new(
        name: &'static str,
        attributes: Vec<Attribute>,
        children: Vec<Piece>,
    ) -> Self {
        Self::Element(Element { name, attributes, children })
    }

    /// Words.
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// Whether it is a block of code, or one is in it.
    pub(super) fn holds_code(&self) -> bool {
        match self {
            Self::Text(_) => false,
            Self::Element(it) => it.name == "pre" || it.children.iter().any(Self::holds_code),
        }
    }
}

impl Element {
    /// Whether it can become the other one, and be the same to who selected words in it. A formula can't:
    /// what is in it is no longer what was put there.
    pub(super) fn can_become(&self, other: &Self) -> bool {
        let is_formula = self.name == "code" && !self.attributes.is_empty();
        let names = |it: &Self| it.attributes.iter().map(|it| it.0).collect::<Vec<_>>();
        self.name == other.name && !is_formula && names(self) == names(other)
    }
}
