//! Answers that try to run something, cut wherever they can be while they arrive.

use serde_json::Value;
use wick_protocol::thought;

use crate::markdown::growing::{Growing, origin};
use crate::markdown::view::piece;
use crate::ui::piece::Piece;

/// By families: shapes, and what is put where `{}` stands in them.
const FAMILIES: &str = include_str!("../../../../end2end/hostile/answers.json");

/// All that answers are made of.
const ELEMENTS: &str = "a blockquote br button code col colgroup del div em h3 h4 h5 h6 hr li ol p path pre span strong sup svg table tbody \
                        td th thead tr ul";
const ATTRIBUTES: &str = "aria-hidden aria-label aria-pressed class d data-language dir href rel role scope start tabindex target \
                          title type viewBox width";

#[test]
fn hostile_answers_lead_nowhere_wherever_they_are_cut() {
    let answers = answers();
    assert!(300 <= answers.len(), "{} answers", answers.len());
    let (mut n_cuts, mut n_links) = (0, 0);
    for answer in &answers {
        let (mut said, mut thought) = (Growing::default(), Growing::default());
        for (end, _) in answer.char_indices().skip(1).chain([(answer.len(), ' ')]) {
            n_cuts += 1;
            let parts = thought::parts(&answer[..end]);
            let from = |part| origin(0, answer, part);
            let said = said.read(parts.said, from(parts.said));
            let thought = thought.read(parts.thought, from(parts.thought));
            for block in said.blocks.iter().chain(&thought.blocks) {
                n_links += check(&piece(block), &answer[..end]);
            }
        }
    }
    // Or nothing was looked at.
    assert!(30_000 < n_cuts && 3_000 < n_links, "{n_cuts} cuts, {n_links} links");
}

fn answers() -> Vec<String> {
    let families: Value = serde_json::from_str(FAMILIES).expect("it is JSON");
    let families = families.as_object().expect("families have names");
    let list = |value: &Value| -> Vec<String> {
        let texts = value.as_array().into_iter().flatten();
        texts.map(|it| it.as_str().expect("it is text").to_owned()).collect()
    };
    let mut answers = Vec::new();
    for family in families.values() {
        let parts = family.get("parts").map(list);
        for shape in list(&family["shapes"]) {
            match &parts {
                Some(parts) => answers.extend(parts.iter().map(|part| shape.replace("{}", part))),
                None => answers.push(shape),
            }
        }
    }
    answers
}

/// Nothing runs, and links lead to few places. Tells how many there are.
fn check(piece: &Piece, answer: &str) -> usize {
    let Piece::Element(it) = piece else { return 0 };
    let is_in = |list: &str, name: &str| list.split(' ').any(|known| known == name);
    assert!(is_in(ELEMENTS, it.name), "{answer:?} brings {:?}", it.name);
    for (name, value) in &it.attributes {
        assert!(is_in(ATTRIBUTES, name), "{answer:?} brings {name:?}");
        let scheme = value.split(':').next().unwrap_or_default().to_ascii_lowercase();
        let is_harmless = *name != "href" || is_in("http https mailto", &scheme);
        assert!(is_harmless, "{answer:?} leads to {value:?}");
    }
    let within: usize = it.children.iter().map(|child| check(child, answer)).sum();
    within + usize::from(it.name == "a")
}
