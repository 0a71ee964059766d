//! Trees of other programs: they may have holes, rings and places where nothing is said.

use std::collections::{HashMap, HashSet};

use wick_protocol::{AnswerState, Finish};

use crate::{Author, Message, limits};

/// A place of the tree.
pub(super) struct Node {
    pub(super) id: String,
    pub(super) parent: Option<String>,
    /// Those that the file names as coming after it, in this order.
    pub(super) children: Vec<String>,
    /// What was said here; nothing where another kind of thing happened.
    pub(super) said: Option<Said>,
}

/// What somebody said.
pub(super) struct Said {
    pub(super) author: Author,
    pub(super) text: String,
    pub(super) sent: Option<i64>,
}

/// An answer of a model in another program: nothing is known but that it is there.
pub(super) fn model(name: &str) -> Author {
    let mut name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    limits::cut_name(&mut name);
    let state = AnswerState::Finished { why: Finish::EndOfTurn };
    Author::Model { name, state, stats: None }
}

/// What was said, parents first and versions oldest first. Whoever came after a place where nothing
/// was said comes after the last one before it who spoke. A parent that is missing is none; a ring
/// is cut at its first node.
pub(super) fn messages(nodes: Vec<Node>, current: Option<&str>, begun: i64) -> Vec<Message> {
    let (roots, children) = links(&nodes);
    let places: HashMap<String, usize> =
        nodes.iter().enumerate().map(|(at, node)| (node.id.clone(), at)).collect();
    let current = current.and_then(|id| places.get(id).copied());
    let mut nodes: Vec<_> = nodes.into_iter().map(|node| (false, node.said)).collect();

    let mut messages: Vec<Message> = Vec::new();
    let mut shown = None;
    // Roots first; then whatever they do not lead to, which is in a ring.
    let starts: Vec<_> = roots.into_iter().chain(0..nodes.len()).collect();
    for start in starts {
        let mut open = vec![(start, None)];
        while let Some((at, mut parent)) = open.pop() {
            let (is_done, said) = &mut nodes[at];
            if std::mem::replace(is_done, true) {
                continue;
            }
            if let Some(said) = said.take().filter(|said| !said.text.trim().is_empty()) {
                let before = parent.map_or(begun, |parent: usize| messages[parent].sent);
                let Said { author, text, sent } = said;
                let sent = sent.unwrap_or(before);
                messages.push(Message { parent, author, text, sent, is_shown: false });
                parent = Some(messages.len() - 1);
            }
            if current == Some(at) {
                shown = parent;
            }
            open.extend(children[at].iter().rev().map(|child| (*child, parent)));
        }
    }
    show(&mut messages, shown);
    in_one_piece(messages)
}

/// The roots, and the children of every node, as indices.
fn links(nodes: &[Node]) -> (Vec<usize>, Vec<Vec<usize>>) {
    let places: HashMap<&str, usize> =
        nodes.iter().enumerate().map(|(at, node)| (node.id.as_str(), at)).collect();
    // Where a node is among those that another names as its children.
    let mut named = HashMap::new();
    for (at, node) in nodes.iter().enumerate() {
        for (order, child) in node.children.iter().enumerate() {
            named.entry(child.as_str()).or_insert((at, order));
        }
    }
    let mut roots = Vec::new();
    let mut children = vec![Vec::new(); nodes.len()];
    for (at, node) in nodes.iter().enumerate() {
        let parent = node.parent.as_deref().and_then(|id| places.get(id).copied());
        match parent.or_else(|| Some(named.get(node.id.as_str())?.0)) {
            Some(parent) => children[parent].push(at),
            None => roots.push(at),
        }
    }
    let sent = |at: usize| nodes[at].said.as_ref().and_then(|said| said.sent);
    let order =
        |at: usize| named.get(nodes[at].id.as_str()).map_or(usize::MAX, |(_, order)| *order);
    roots.sort_by_key(|at| sent(*at));
    for versions in &mut children {
        versions.sort_by_key(|at| (order(*at), sent(*at)));
    }
    (roots, children)
}

/// Marks the path to what was shown last; where no file says what that was, to the newest.
fn show(messages: &mut [Message], shown: Option<usize>) {
    let mut next = shown.or_else(|| newest(messages));
    while let Some(at) = next {
        messages[at].is_shown = true;
        next = messages[at].parent;
    }
}

/// The end of the path that takes the last version at each place.
fn newest(messages: &[Message]) -> Option<usize> {
    let mut last = vec![None; messages.len()];
    let mut root = None;
    for (at, message) in messages.iter().enumerate() {
        *message.parent.map_or(&mut root, |parent| &mut last[parent]) = Some(at);
    }
    std::iter::successors(root, |at| last[*at]).last()
}

/// Answers that came in pieces, with tools at work between them, become one: an answer that is the
/// only thing to follow another one is its rest.
fn in_one_piece(messages: Vec<Message>) -> Vec<Message> {
    let mut parents = HashSet::new();
    let mut forks = HashSet::new();
    for parent in messages.iter().filter_map(|message| message.parent) {
        if !parents.insert(parent) {
            forks.insert(parent);
        }
    }
    let mut whole: Vec<Message> = Vec::new();
    let mut places = Vec::new();
    for mut message in messages {
        let before = message.parent.filter(|parent| !forks.contains(parent));
        message.parent = message.parent.map(|parent| places[parent]);
        match (before, message.parent) {
            (Some(_), Some(parent)) if is_answer(&message) && is_answer(&whole[parent]) => {
                whole[parent].text.push_str("\n\n");
                whole[parent].text.push_str(&message.text);
                places.push(parent);
            }
            _ => {
                places.push(whole.len());
                whole.push(message);
            }
        }
    }
    whole
}

fn is_answer(message: &Message) -> bool {
    matches!(message.author, Author::Model { .. })
}
