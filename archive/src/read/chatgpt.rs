//! What ChatGPT exports: `conversations.json` (or `conversations-000.json` and so on) in a zip, an
//! array of
//!
//! ```json
//! {
//!   "title": "Tea", "create_time": 1760000000.5, "update_time": 1760000100.0,
//!   "is_archived": false, "is_starred": null, "default_model_slug": "gpt-5",
//!   "current_node": "c",
//!   "mapping": {
//!     "c": {
//!       "id": "c", "parent": "b", "children": [],
//!       "message": {
//!         "author": {"role": "assistant"}, "create_time": 1760000001.5, "recipient": "all",
//!         "content": {"content_type": "text", "parts": ["Hello!"]},
//!         "metadata": {"model_slug": "gpt-5"}
//!       }
//!     }
//!   }
//! }
//! ```
//!
//! The root has no message. What the system says, what tools are told and what they answer is no
//! message of ours; nor is what the page hides. Thoughts (`"content_type": "thoughts"`) stand
//! before their answer. Of a part that is no text, a note is kept.

use serde_json::Value;

use super::draft::Draft;
use super::fields::{id, ids, is, list, text, time};
use super::text::{content, joined, note, thoughts};
use super::tree::{Node, Said, model};
use crate::{Author, Chat, ReadError};

pub(super) fn read(chat: &Value) -> Result<Option<Chat>, ReadError> {
    let usual_model = text(chat, "default_model_slug").unwrap_or("ChatGPT");
    let nodes = chat["mapping"].as_object().into_iter().flatten().map(|(key, node)| Node {
        id: key.clone(),
        parent: id(node, "parent"),
        children: ids(node, "children"),
        said: node.get("message").and_then(|message| said(message, usual_model)),
    });
    let draft = Draft {
        title: text(chat, "title"),
        created: time(chat, "create_time"),
        changed: time(chat, "update_time"),
        is_pinned: is(chat, "is_starred"),
        is_archived: is(chat, "is_archived"),
        nodes: nodes.collect(),
        current: id(chat, "current_node"),
    };
    draft.chat()
}

fn said(message: &Value, usual_model: &str) -> Option<Said> {
    let metadata = &message["metadata"];
    let is_to_a_tool = text(message, "recipient").is_some_and(|to| to != "all");
    if is_to_a_tool || is(metadata, "is_visually_hidden_from_conversation") {
        return None;
    }
    let author = match text(&message["author"], "role")? {
        "user" => Author::Person,
        "assistant" => model(text(metadata, "model_slug").unwrap_or(usual_model)),
        _ => return None,
    };
    let attached = list(metadata, "attachments").iter().filter_map(attachment);
    let text = joined(attached.chain([words(&message["content"])]));
    Some(Said { author, text, sent: time(message, "create_time") })
}

fn words(of: &Value) -> String {
    match text(of, "content_type").unwrap_or("text") {
        "code" => {
            let language = text(of, "language").filter(|language| *language != "unknown");
            let code = text(of, "text").unwrap_or_default();
            format!("```{}\n{code}\n```", language.unwrap_or_default())
        }
        "thoughts" => thoughts(&joined(list(of, "thoughts").iter().map(thought))),
        "reasoning_recap" | "user_editable_context" | "model_editable_context" => String::new(),
        _ => match list(of, "parts") {
            [] => without_marks(text(of, "text").unwrap_or_default()),
            parts => joined(parts.iter().map(part)),
        },
    }
}

fn thought(of: &Value) -> String {
    joined(["summary", "content"].map(|name| text(of, name).unwrap_or_default().to_owned()))
}

fn part(part: &Value) -> String {
    let kind = text(part, "content_type").unwrap_or_default();
    match () {
        () if kind.contains("image") => note("image", None),
        () if kind.contains("video") => note("video", None),
        () if kind.contains("audio_asset") => note("audio", None),
        () => without_marks(&content(&Value::Array(vec![part.clone()]))),
    }
}

/// Images are parts of the message too, and noted there.
fn attachment(of: &Value) -> Option<String> {
    let is_image = text(of, "mime_type").is_some_and(|kind| kind.starts_with("image/"));
    (!is_image).then(|| note("attachment", text(of, "name")))
}

/// Without the places where the page shows what an answer refers to: characters of its own, that
/// are blank boxes anywhere else.
fn without_marks(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, mark)) = rest.split_once('\u{e200}')
        && let Some((_, after)) = mark.split_once('\u{e201}')
    {
        kept.push_str(before);
        rest = after;
    }
    kept.push_str(rest);
    kept
}
