//! What LM Studio keeps in `*.conversation.json`, one chat in each:
//!
//! ```json
//! {
//!   "name": "Tea", "pinned": false, "createdAt": 1760000000000,
//!   "userLastMessagedAt": 1760000090000, "assistantLastMessagedAt": 1760000100000,
//!   "messages": [
//!     {"currentlySelected": 0, "versions": [
//!       {"type": "singleStep", "role": "user", "content": [{"type": "text", "text": "Hello"}]}
//!     ]},
//!     {"currentlySelected": 0, "versions": [
//!       {"type": "multiStep", "role": "assistant", "senderInfo": {"senderName": "qwen3-8b"},
//!        "steps": [
//!          {"type": "contentBlock", "style": {"type": "thinking"},
//!           "content": [{"type": "text", "text": "They greet me."}]},
//!          {"type": "contentBlock", "stepIdentifier": "1760000100000-0.5",
//!           "content": [{"type": "text", "text": "Hello!"}]}
//!        ]}
//!     ]}
//!   ]
//! }
//! ```
//!
//! A message's versions become versions of ours. What follows them follows the one that is selected,
//! because the file does not say what the others were followed by.

use serde_json::Value;

use super::draft::Draft;
use super::fields::{is, list, milliseconds, text, time};
use super::text::{content, joined, thoughts};
use super::tree::{Node, Said, model};
use crate::{Author, Chat, ReadError};

pub(super) fn is_chat(value: &Value) -> bool {
    match list(value, "messages").first() {
        Some(message) => message.get("versions").is_some(),
        None => value.get("messages").is_some() && value.get("createdAt").is_some(),
    }
}

pub(super) fn read(file: &Value) -> Result<Option<Chat>, ReadError> {
    let mut nodes = Vec::new();
    let mut selected: Option<String> = None;
    for message in list(file, "messages") {
        let parent = selected.clone();
        let at = message["currentlySelected"].as_u64().unwrap_or_default();
        for (version, value) in (0..).zip(list(message, "versions")) {
            let id = nodes.len().to_string();
            if version == at {
                selected = Some(id.clone());
            }
            let (parent, children) = (parent.clone(), Vec::new());
            nodes.push(Node { id, parent, children, said: said(value) });
        }
    }
    let last = ["userLastMessagedAt", "assistantLastMessagedAt"].map(|name| time(file, name));
    let draft = Draft {
        title: text(file, "name"),
        created: time(file, "createdAt"),
        changed: last.into_iter().max().flatten(),
        is_pinned: is(file, "pinned"),
        is_archived: false,
        nodes,
        current: selected,
    };
    draft.chat()
}

fn said(version: &Value) -> Option<Said> {
    let steps = list(version, "steps");
    let author = match text(version, "role")? {
        "user" => Author::Person,
        "assistant" => {
            let sender = text(&version["senderInfo"], "senderName");
            let loaded = || steps.iter().find_map(|step| text(&step["genInfo"], "identifier"));
            model(sender.or_else(loaded).unwrap_or("LM Studio"))
        }
        _ => return None,
    };
    let whole = content(&version["content"]);
    let text = joined(steps.iter().map(words).chain([whole]));
    Some(Said { author, text, sent: steps.iter().find_map(begun) })
}

fn words(step: &Value) -> String {
    match (text(step, "type"), text(&step["style"], "type")) {
        (Some("contentBlock"), Some("thinking")) => thoughts(&content(&step["content"])),
        (Some("contentBlock"), _) => content(&step["content"]),
        _ => String::new(),
    }
}

/// A step is named by when it began, and a random number.
fn begun(step: &Value) -> Option<i64> {
    let (time, _) = text(step, "stepIdentifier")?.split_once('-')?;
    milliseconds(time.parse().ok()?)
}
