//! What is common to the texts of messages in other programs' files.

use serde_json::Value;

use super::fields;

/// Parts of a message, one after the other; empty ones are left out.
pub(super) fn joined(parts: impl IntoIterator<Item = String>) -> String {
    let mut parts = parts.into_iter().filter(|part| !part.trim().is_empty());
    let mut text = parts.next().unwrap_or_default();
    for part in parts {
        text.push_str("\n\n");
        text.push_str(&part);
    }
    text
}

/// What stands in place of something that is no text.
pub(super) fn note(what: &str, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("[{what}: {name}]"),
        None => format!("[{what}]"),
    }
}

/// What a model thought before it answered.
pub(super) fn thoughts(text: &str) -> String {
    match text.trim() {
        "" => String::new(),
        text => format!("<think>\n{text}\n</think>"),
    }
}

/// A text, or parts of which some are texts, as OpenAI's interface has them.
pub(super) fn content(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => joined(parts.iter().map(part)),
        _ => String::new(),
    }
}

fn part(part: &Value) -> String {
    let kind = fields::text(part, "type").unwrap_or_default();
    let name = fields::text(part, "name");
    match (part.as_str(), fields::text(part, "text")) {
        (Some(text), _) | (None, Some(text)) => text.to_owned(),
        _ if kind == "text" || kind.starts_with("toolCall") => String::new(),
        _ if kind.contains("image") || fields::text(part, "fileType") == Some("image") => {
            note("image", name)
        }
        _ if kind.contains("audio") => note("audio", name),
        _ => note("attachment", name),
    }
}
