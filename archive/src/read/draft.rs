//! A chat as another program had it, on its way to become one of ours.

use super::tree::{Node, messages};
use crate::{Chat, ReadError, limits};

/// Titles are the beginning of the first message where there is none, this long at most, in
/// characters.
const TITLE_LENGTH: usize = 60;

/// What a file says about a chat.
#[derive(Default)]
pub(super) struct Draft<'a> {
    pub(super) title: Option<&'a str>,
    pub(super) created: Option<i64>,
    pub(super) changed: Option<i64>,
    pub(super) is_pinned: bool,
    pub(super) is_archived: bool,
    pub(super) nodes: Vec<Node>,
    /// The node that was shown last.
    pub(super) current: Option<String>,
}

impl Draft<'_> {
    /// The chat, if anything was said in it.
    pub(super) fn chat(self) -> Result<Option<Chat>, ReadError> {
        limits::check(self.nodes.len(), limits::MESSAGES, "messages in one chat")?;
        let begun = self.created.or(self.changed).unwrap_or_default();
        let mut messages = messages(self.nodes, self.current.as_deref(), begun);
        let Some(first) = messages.first() else {
            return Ok(None);
        };
        let mut title = match self.title {
            Some(title) => title.split_whitespace().collect::<Vec<_>>().join(" "),
            None => beginning(&first.text),
        };
        limits::cut_name(&mut title);
        let created = self.created.unwrap_or(first.sent);
        let last_sent = messages.iter().map(|message| message.sent).max();
        let changed = self.changed.or(last_sent).unwrap_or(created);
        for message in &mut messages {
            limits::cut_text(&mut message.text);
        }
        Ok(Some(Chat {
            title,
            created,
            changed,
            is_pinned: self.is_pinned,
            is_archived: self.is_archived,
            folder: None,
            instructions: String::new(),
            messages,
        }))
    }
}

/// The beginning of a text, in one line.
fn beginning(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    line.chars().take(TITLE_LENGTH).collect()
}
