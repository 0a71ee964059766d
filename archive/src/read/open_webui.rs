//! What Open WebUI exports: an array of chats, or one of them,
//!
//! ```json
//! {
//!   "id": "…", "title": "Tea", "created_at": 1760000000, "updated_at": 1760000100,
//!   "pinned": false, "archived": false, "folder_id": null,
//!   "chat": {
//!     "title": "Tea", "models": ["qwen3:8b"],
//!     "history": {
//!       "currentId": "b",
//!       "messages": {
//!         "b": {
//!           "id": "b", "parentId": "a", "childrenIds": [], "role": "assistant",
//!           "content": "Hello!", "model": "qwen3:8b", "timestamp": 1760000001
//!         }
//!       }
//!     },
//!     "messages": []
//!   }
//! }
//! ```
//!
//! or only what is its `chat`. `chat.messages` is what was shown; it is read where there is no
//! `history`. A folder has only an id, so it is left out. What a model thought is in its answer, as
//! `<details type="reasoning">`; other such blocks are what tools did, and left out.

use serde_json::Value;

use super::draft::Draft;
use super::fields::{id, ids, is, list, text, time};
use super::text::{content, joined, note, thoughts};
use super::tree::{Node, Said, model};
use crate::{Author, Chat, ReadError};

pub(super) fn is_chat(value: &Value) -> bool {
    let chat = value.get("chat").unwrap_or(value);
    chat.get("history").is_some_and(Value::is_object)
        || (value.get("chat").is_some() && chat.get("messages").is_some_and(Value::is_array))
}

pub(super) fn read(file: &Value) -> Result<Option<Chat>, ReadError> {
    let chat = file.get("chat").unwrap_or(file);
    let usual_model = list(chat, "models").iter().find_map(Value::as_str).unwrap_or("Open WebUI");
    let history = &chat["history"];
    let (nodes, current) = match history["messages"].as_object().filter(|all| !all.is_empty()) {
        Some(all) => {
            let nodes = all.iter().map(|(key, message)| Node {
                id: key.clone(),
                parent: id(message, "parentId"),
                children: ids(message, "childrenIds"),
                said: said(message, usual_model),
            });
            (nodes.collect(), id(history, "currentId"))
        }
        None => (line(list(chat, "messages"), usual_model), None),
    };
    let draft = Draft {
        title: text(file, "title").or_else(|| text(chat, "title")),
        created: time(file, "created_at").or_else(|| time(chat, "timestamp")),
        changed: time(file, "updated_at"),
        is_pinned: is(file, "pinned"),
        is_archived: is(file, "archived"),
        nodes,
        current,
    };
    draft.chat()
}

/// Messages that follow each other.
fn line(messages: &[Value], usual_model: &str) -> Vec<Node> {
    let nodes = messages.iter().enumerate().map(|(at, message)| Node {
        id: at.to_string(),
        parent: at.checked_sub(1).map(|before| before.to_string()),
        children: Vec::new(),
        said: said(message, usual_model),
    });
    nodes.collect()
}

fn said(message: &Value, usual_model: &str) -> Option<Said> {
    let words = content(&message["content"]);
    let (author, words) = match text(message, "role")? {
        "user" => (Author::Person, words),
        "assistant" => (model(text(message, "model").unwrap_or(usual_model)), answer(&words)),
        _ => return None,
    };
    let text = joined(list(message, "files").iter().map(file).chain([words]));
    Some(Said { author, text, sent: time(message, "timestamp") })
}

fn file(of: &Value) -> String {
    match text(of, "type") {
        Some("image") => note("image", text(of, "name")),
        _ => note("attachment", text(of, "name")),
    }
}

/// An answer with its thoughts as ours have them, and without what tools did.
fn answer(text: &str) -> String {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, block)) = rest.split_once("<details type=\"") {
        let Some((block, after)) = block.split_once("</details>") else {
            break;
        };
        parts.push(before.trim().to_owned());
        if block.starts_with("reasoning\"") {
            parts.push(reasoning(block));
        }
        rest = after;
    }
    if parts.is_empty() {
        return text.to_owned();
    }
    joined(parts.into_iter().chain([rest.trim().to_owned()]))
}

/// The lines after the summary, which are quoted, and then escaped.
fn reasoning(block: &str) -> String {
    let escaped = block.split_once("</summary>").map_or("", |(_, lines)| lines);
    let quoted = escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    let quoted = quoted.replace("&#x27;", "'").replace("&amp;", "&");
    let lines = quoted
        .lines()
        .map(|line| line.strip_prefix("> ").or_else(|| line.strip_prefix('>')).unwrap_or(line));
    thoughts(&lines.collect::<Vec<_>>().join("\n"))
}
