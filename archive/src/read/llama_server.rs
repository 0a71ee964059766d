//! What llama-server's own page saves. Since 2026, lines of JSON: one for the chat, then one for each
//! message; several chats are several such files in a zip.
//!
//! ```json
//! {"type": "session", "harness": "…", "id": "…", "name": "Tea", "lastModified": 1760000100000, "currNode": "b"}
//! {"type": "message", "message": {"id": "b", "parent": "a", "children": [], "type": "text", "role": "assistant",
//!   "content": "Hello!", "reasoningContent": "They greet me.", "timestamp": 1760000001000, "model": "qwen3-8b"}}
//! ```
//!
//! Before, an object, or an array of such: `{"conv": {…}, "messages": [{…}]}`, with the same fields.
//! Still before, the messages were in the object of the chat, one after the other. The root of the
//! tree has the type `root` and is no message; nor is what the system says, and what tools answer.

use serde_json::Value;

use super::draft::Draft;
use super::fields::{id, ids, is, list, text, time};
use super::text::{content, joined, note, thoughts};
use super::tree::{Node, Said, model};
use crate::{Author, Chat, ReadError, limits};

pub(super) fn is_chat(value: &Value) -> bool {
    let has_messages = value.get("messages").is_some_and(Value::is_array);
    let first = list(value, "messages").first();
    let is_spoken = |message: &Value| message.get("role").is_some_and(Value::is_string);
    has_messages && (value.get("conv").is_some() || first.is_some_and(is_spoken))
}

/// A chat in one object.
pub(super) fn read(file: &Value) -> Result<Option<Chat>, ReadError> {
    let mut session = Session::begin(file.get("conv").unwrap_or(file).clone());
    for message in list(file, "messages") {
        session.push(message)?;
    }
    session.chat()
}

/// A chat whose messages come one by one.
pub(super) struct Session {
    about: Value,
    nodes: Vec<Node>,
}

impl Session {
    pub(super) fn begin(about: Value) -> Session {
        Session { about, nodes: Vec::new() }
    }

    /// Adds the message of a line.
    pub(super) fn add(&mut self, line: &Value) -> Result<(), ReadError> {
        self.push(&line["message"])
    }

    pub(super) fn chat(self) -> Result<Option<Chat>, ReadError> {
        let Session { about, nodes } = self;
        let times = nodes.iter().filter_map(|node| node.said.as_ref()?.sent);
        let draft = Draft {
            title: text(&about, "name"),
            created: times.min(),
            changed: time(&about, "lastModified"),
            is_pinned: is(&about, "pinned"),
            is_archived: false,
            current: id(&about, "currNode"),
            nodes,
        };
        draft.chat()
    }

    fn push(&mut self, message: &Value) -> Result<(), ReadError> {
        let has_place = message.get("parent").is_some();
        let before = self.nodes.last().map(|node| node.id.clone());
        self.nodes.push(Node {
            id: id(message, "id").unwrap_or_else(|| format!("message {}", self.nodes.len())),
            parent: if has_place { id(message, "parent") } else { before },
            children: ids(message, "children"),
            said: said(message),
        });
        limits::check(self.nodes.len(), limits::MESSAGES, "messages in one chat")
    }
}

fn said(message: &Value) -> Option<Said> {
    if text(message, "type") == Some("root") {
        return None;
    }
    let author = match text(message, "role")? {
        "user" => Author::Person,
        "assistant" => model(text(message, "model").unwrap_or("llama-server")),
        _ => return None,
    };
    let thought = text(message, "reasoningContent").or_else(|| text(message, "thinking"));
    let thought = thoughts(thought.unwrap_or_default());
    let attached = list(message, "extra").iter().map(attachment);
    let text = joined(attached.chain([thought, content(&message["content"])]));
    Some(Said { author, text, sent: time(message, "timestamp") })
}

fn attachment(of: &Value) -> String {
    match text(of, "type").unwrap_or_default() {
        "imageFile" => note("image", text(of, "name")),
        _ => note("attachment", text(of, "name")),
    }
}
