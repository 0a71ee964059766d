//! Trees as they should not be.

use serde_json::{Value, json};

use super::{lines, only};
use crate::Chat;

/// A chat of ChatGPT with these nodes: id, parent and what a person said there.
fn tree(nodes: &[(&str, &str, &str)], current: &str) -> Chat {
    let mut mapping = serde_json::Map::new();
    for (id, parent, text) in nodes {
        let content = json!({"content_type": "text", "parts": [text]});
        let message = json!({"author": {"role": "user"}, "content": content});
        mapping.insert((*id).into(), json!({"id": id, "parent": parent, "message": message}));
    }
    only(json!({"mapping": mapping, "current_node": current}).to_string())
}

#[test]
fn a_ring_is_cut() {
    let chat = tree(&[("a", "c", "1"), ("b", "a", "2"), ("c", "b", "3")], "c");
    assert_eq!(lines(&chat), ["-*You: 1", "0*You: 2", "1*You: 3"]);
    assert_eq!(lines(&tree(&[("a", "a", "me")], "a")), ["-*You: me"]);
}

#[test]
fn a_missing_parent_is_none() {
    let chat = tree(&[("a", "nowhere", "1"), ("b", "a", "2"), ("c", "gone", "3")], "b");
    assert_eq!(lines(&chat), ["-*You: 1", "0*You: 2", "- You: 3"]);
}

#[test]
fn what_follows_nothing_follows_what_was_before_it() {
    let chat = tree(&[("a", "", "1"), ("b", "a", " "), ("c", "b", ""), ("d", "c", "2")], "c");
    assert_eq!(lines(&chat), ["-*You: 1", "0 You: 2"]);
}

#[test]
fn the_newest_is_shown_where_a_file_does_not_say() {
    let chat = tree(&[("a", "", "1"), ("b", "a", "2"), ("c", "a", "3")], "gone");
    assert_eq!(lines(&chat), ["-*You: 1", "0 You: 2", "0*You: 3"]);
}

#[test]
fn parents_come_before_their_children_whatever_the_ids() {
    let chat = tree(&[("a", "b", "3"), ("b", "c", "2"), ("c", "", "1")], "a");
    assert_eq!(lines(&chat), ["-*You: 1", "0*You: 2", "1*You: 3"]);
}

#[test]
fn a_long_line_is_no_deeper_than_a_short_one() {
    let ids: Vec<_> = (0..50_000).map(|at| format!("{at:05}")).collect();
    let mut nodes = vec![(&*ids[0], "", "text")];
    nodes.extend(ids.windows(2).map(|pair| (&*pair[1], &*pair[0], "text")));
    let chat = tree(&nodes, &ids[49_999]);
    assert_eq!(chat.shown().count(), 50_000);
    assert!(chat.messages.iter().all(|message| message.is_shown));
}

#[test]
fn a_child_is_found_that_only_its_parent_knows_of() {
    let node = |text: &str, children: Value| {
        let content = json!({"content_type": "text", "parts": [text]});
        json!({"children": children, "message": {"author": {"role": "user"}, "content": content}})
    };
    let mapping = json!({"a": node("1", json!(["z", "b"])), "b": node("3", json!([])),
        "z": node("2", json!([]))});
    let chat = only(json!({"mapping": mapping}).to_string());
    assert_eq!(lines(&chat), ["-*You: 1", "0 You: 2", "0*You: 3"]);
}
