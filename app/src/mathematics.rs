//! Formulas as `MathML`, which browsers set by themselves.
//!
//! What the converter writes becomes elements one by one, and only elements and attributes of a
//! list: an answer never says what is part of the page.

use leptos::prelude::document;
use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};
use wasm_bindgen::JsCast;
use web_sys::{DomParser, Element, MathMlElement, Node, SupportedType};

const MATHML: &str = "http://www.w3.org/1998/Math/MathML";

/// Longer ones stay as they are written, in bytes.
const LONGEST: usize = 20_000;

/// Deeper ones, too.
const DEEPEST: usize = 200;

/// And what is nested deeper as it is written: reading it takes a stack, of which a page has little.
const MOST_NESTED: usize = 50;
const MOST_COMMANDS: usize = 400;

/// What there may be in a formula.
const ELEMENTS: [&str; 24] = [
    "math",
    "mi",
    "mn",
    "mo",
    "ms",
    "mtext",
    "mspace",
    "mrow",
    "mfrac",
    "msqrt",
    "mroot",
    "mstyle",
    "merror",
    "mpadded",
    "mphantom",
    "msub",
    "msup",
    "msubsup",
    "munder",
    "mover",
    "munderover",
    "mmultiscripts",
    "mprescripts",
    "mtable",
];

/// The same, within tables.
const PARTS: [&str; 2] = ["mtr", "mtd"];

/// What they may be told.
const ATTRIBUTES: [&str; 24] = [
    "accent",
    "accentunder",
    "depth",
    "display",
    "displaystyle",
    "fence",
    "form",
    "height",
    "largeop",
    "linethickness",
    "lspace",
    "mathvariant",
    "maxsize",
    "minsize",
    "movablelimits",
    "rspace",
    "scriptlevel",
    "separator",
    "stretchy",
    "symmetric",
    "voffset",
    "width",
    "columnspan",
    "rowspan",
];

/// What a style may say.
const STYLES: [&str; 16] = [
    "border-bottom",
    "border-left",
    "border-right",
    "border-top",
    "color",
    "font-size",
    "justify-items",
    "margin-left",
    "margin-right",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "text-align",
    "vertical-align",
    "width",
];

/// Puts the formula where its source stands; nothing happens when it is none.
pub(crate) fn set(place: &Element) {
    let source = place.text_content().unwrap_or_default();
    let is_display = place.class_list().contains("display");
    if let Some(math) = math(&source, is_display) {
        place.replace_children_with_node_1(&math);
        place.class_list().set_value(if is_display { "set display" } else { "set" });
    }
}

fn math(source: &str, is_display: bool) -> Option<Node> {
    if LONGEST < source.len() || is_deep(source) {
        return None;
    }
    let config = MathCoreConfig { xml_namespace: true, ..MathCoreConfig::default() };
    let display = if is_display { MathDisplay::Block } else { MathDisplay::Inline };
    let converter = LatexToMathML::new(config).ok()?;
    let written = converter.convert_with_local_state(source, display).ok()?;
    let parser = DomParser::new().ok()?;
    let read = parser.parse_from_string(&written.mathml, SupportedType::ApplicationXml).ok()?;
    copied(&read.document_element()?, 0)
}

/// Whether groups are nested deeper, or there are more commands, than a formula needs: each of both may
/// be another one's argument.
fn is_deep(source: &str) -> bool {
    let mut depth = 0_usize;
    let is_nested = source.bytes().any(|byte| {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => (),
        }
        MOST_NESTED < depth
    });
    is_nested || MOST_COMMANDS < source.matches('\\').count()
}

/// The same element, if there may be such a one.
fn copied(from: &Element, depth: usize) -> Option<Node> {
    let name = from.local_name();
    let is_known = ELEMENTS.contains(&&*name) || PARTS.contains(&&*name);
    if !is_known || DEEPEST < depth {
        return None;
    }
    let element = document().create_element_ns(Some(MATHML), &name).ok()?;
    for attribute in ATTRIBUTES {
        if let Some(value) = from.get_attribute(attribute) {
            element.set_attribute(attribute, &value).ok()?;
        }
    }
    if let Some(style) = from.get_attribute("style") {
        restyle(&element, &style);
    }
    let children = from.child_nodes();
    for child in (0..children.length()).filter_map(|idx| children.get(idx)) {
        let child = match child.dyn_ref::<Element>() {
            Some(child) => copied(child, depth + 1)?,
            None => document().create_text_node(&child.text_content()?).into(),
        };
        element.append_child(&child).ok()?;
    }
    Some(element.into())
}

/// Declarations one by one: the page's policy allows no `style` attributes.
fn restyle(element: &Element, style: &str) {
    let Some(element) = element.dyn_ref::<MathMlElement>() else { return };
    for (name, value) in style.split(';').filter_map(|it| it.split_once(':')) {
        if STYLES.contains(&name.trim()) {
            let _ = element.style().set_property(name.trim(), value.trim());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nested_deeper_than_a_formula_needs_is_known() {
        let nested = |begin: &str, end: &str, n| begin.repeat(n) + "x" + &end.repeat(n);
        for (begin, end) in
            [("{", "}"), ("\\frac{1}{", "}"), ("\\left(", "\\right)"), ("\\sqrt", "")]
        {
            assert!(!is_deep(&nested(begin, end, 20)), "{begin}");
            assert!(is_deep(&nested(begin, end, 500)), "{begin}");
        }
        assert!(is_deep(&("}".repeat(99) + &"{".repeat(99))));
        assert!(!is_deep(&"\\{ \\alpha + {x}^2 \\}".repeat(99)));
    }
}
