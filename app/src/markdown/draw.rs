//! A text on the screen, kept in step with it while it grows.
//!
//! What is there stays: only what differs from the last time is touched, so that who selected words
//! keeps them selected. Of blocks that never change again nothing is kept but what is on the screen.

use std::slice;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{CharacterData, Node};

use super::colours;
use super::growing::{Growing, Read, origin};
use super::view::piece;
use crate::browser;
use crate::state::Text;
use crate::ui::piece::{Element, Piece, made};

/// Blocks that stand together. With each change a browser looks after all that an element holds: after
/// hundreds of blocks, or after some groups and the last one's blocks.
const TOGETHER: usize = 16;

/// A part of a text, as Markdown. What it grows by comes once for each frame, and is drawn within that.
#[component]
pub(crate) fn Markdown(text: ArcRwSignal<Text>, part: fn(&str) -> &str) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    let shown = StoredValue::new(Shown::default());
    Effect::new(move |_| {
        text.track();
        let Some(place) = place.get() else { return };
        text.with_untracked(|text| {
            shown.try_update_value(|shown| shown.draw(&place, text, part));
        });
    });
    view! { <div class="markdown" node_ref=place></div> }
}

/// What is on the screen.
#[derive(Default)]
struct Shown {
    growing: Growing,
    /// The last blocks, which may still change.
    loose: Vec<Piece>,
}

impl Shown {
    fn draw(&mut self, place: &Node, text: &Text, part: fn(&str) -> &str) {
        let part = part(text);
        let read = self.growing.read(part, origin(text.edition(), text, part));
        let Read { is_another, n_before, blocks, n_certain } = read;
        // At first there is what stands where a view has nothing to show.
        if is_another || (n_before == 0 && self.loose.is_empty()) {
            place.set_text_content(None);
            self.loose.clear();
        }
        let mut pieces: Vec<Piece> = blocks.iter().map(piece).collect();
        change_groups(place, n_before, &self.loose, &pieces);
        self.loose = pieces.split_off(n_certain);
    }
}

/// Makes of the blocks behind so many what should be there.
fn change_groups(place: &Node, n_before: usize, mut old: &[Piece], mut new: &[Piece]) {
    let n_there = (n_before + old.len()).div_ceil(TOGETHER);
    let mut at = before(place, n_there - n_before / TOGETHER);
    let mut room = TOGETHER - n_before % TOGETHER;
    while !old.is_empty() || !new.is_empty() {
        let (old_here, old_later) = old.split_at(room.min(old.len()));
        let (new_here, new_later) = new.split_at(room.min(new.len()));
        // What came at once, such as a chat that is opened, was not laid out yet.
        if at.is_none() && 0 < n_there {
            browser::leave_out_of_sight(place);
        }
        let Some(group) = at.or_else(|| new_group(place)) else { return };
        at = group.next_sibling();
        change_all(&group, before(&group, old_here.len()), old_here, new_here);
        if !group.has_child_nodes() {
            let _ = place.remove_child(&group);
        }
        (old, new, room) = (old_later, new_later, TOGETHER);
    }
}

fn new_group(place: &Node) -> Option<Node> {
    let group = document().create_element("div").ok()?;
    group.set_class_name("blocks");
    place.append_child(&group).ok()
}

/// Makes of what is there from this node on what should be there.
fn change_all(parent: &Node, mut at: Option<Node>, old: &[Piece], new: &[Piece]) {
    for (old, new) in old.iter().zip(new) {
        let Some(node) = at else { break };
        at = node.next_sibling();
        change(parent, &node, old, new);
    }
    while let Some(node) = at {
        at = node.next_sibling();
        let _ = parent.remove_child(&node);
    }
    if let Some(new @ [_, ..]) = new.get(old.len()..) {
        let _ = parent.append_child(&made(new));
        look_at_all(before(parent, new.len()), new);
    }
}

/// The same for all that is in an element. A browser keeps something for each node that is touched, so
/// that what stays as it is at the beginning is not.
fn change_within(parent: &Node, old: &[Piece], new: &[Piece]) {
    let n_same = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let at = before(parent, old.len() - n_same);
    change_all(parent, at, &old[n_same..], &new[n_same..]);
}

fn change(parent: &Node, node: &Node, old: &Piece, new: &Piece) {
    match (old, new) {
        (old, new) if old == new => (),
        (Piece::Text(old), Piece::Text(new)) => match new.strip_prefix(&**old) {
            Some(more) => _ = node.unchecked_ref::<CharacterData>().append_data(more),
            None => node.set_text_content(Some(new)),
        },
        (Piece::Element(old), Piece::Element(new)) if can_become(old, new) => {
            let element = node.unchecked_ref::<web_sys::Element>();
            if new.name == "pre" {
                let _ = make_plain(element);
            }
            for (old, (name, value)) in old.attributes.iter().zip(&new.attributes) {
                if old.1 != *value {
                    let _ = element.set_attribute(name, value);
                }
            }
            change_within(node, &old.children, &new.children);
            look_at(element, new);
        }
        (_, new) => {
            let new = slice::from_ref(new);
            let made = made(new);
            let shown = made.first_child();
            let _ = parent.replace_child(&made, node);
            look_at_all(shown, new);
        }
    }
}

/// The node that so many nodes begin with which end the parent.
fn before(parent: &Node, n_nodes: usize) -> Option<Node> {
    (0..n_nodes).fold(None, |at: Option<Node>, _| {
        at.map_or_else(|| parent.last_child(), |it| it.previous_sibling())
    })
}

/// Code that is still has its colours as elements; what grows is one text.
fn make_plain(pre: &web_sys::Element) -> Option<()> {
    let code = pre.first_element_child().filter(|it| it.child_element_count() != 0)?;
    code.set_text_content(code.text_content().as_deref());
    Some(())
}

/// The code among what is shown from this node on gets its colours.
fn look_at_all(mut at: Option<Node>, pieces: &[Piece]) {
    if !pieces.iter().any(holds_code) {
        return;
    }
    for piece in pieces {
        let Some(node) = at else { return };
        if let Piece::Element(element) = piece {
            look_at(node.unchecked_ref(), element);
            look_at_all(node.first_child(), &element.children);
        }
        at = node.next_sibling();
    }
}

/// Whether it is a block of code, or one is in it.
fn holds_code(piece: &Piece) -> bool {
    match piece {
        Piece::Text(_) => false,
        Piece::Element(it) => it.name == "pre" || it.children.iter().any(holds_code),
    }
}

/// Whether an element can become the other one, and be the same to who selected words in it. A formula
/// can't: what is in it is no longer what was put there.
fn can_become(old: &Element, new: &Element) -> bool {
    let is_formula = old.name == "code" && !old.attributes.is_empty();
    let names = |it: &Element| it.attributes.iter().map(|it| it.0).collect::<Vec<_>>();
    old.name == new.name && !is_formula && names(old) == names(new)
}

/// Code that is new or has grown gets its colours.
fn look_at(element: &web_sys::Element, new: &Element) {
    if let ("pre", [Piece::Element(code)]) = (new.name, &*new.children)
        && let [Piece::Text(text)] = &*code.children
    {
        colours::soon(element, text.len());
    }
}
