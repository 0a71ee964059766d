//! What was not sent, as it is kept over a reload of the page.

use serde_json::Value;
use wick_protocol::{ChatId, ClientMessage};

use super::write;

/// Messages on their way, then what stands in the composer.
pub(crate) fn write_unsent(messages: &[ClientMessage], draft: &str) -> String {
    let mut parts: Vec<_> = messages.iter().map(write).collect();
    parts.push(super::write::string(draft));
    format!("[{}]", parts.join(","))
}

/// The same, read again.
pub(crate) fn read_unsent(json: &str) -> Option<(Vec<ClientMessage>, String)> {
    let Value::Array(mut parts) = serde_json::from_str(json).ok()? else { return None };
    let draft = parts.pop()?.as_str()?.to_owned();
    let say = |part: Value| {
        let part = part.get("say")?;
        let text = |name: &str| Some(part.get(name)?.as_str()?.to_owned());
        let chat = part.get("chat").and_then(Value::as_i64).map(ChatId);
        let is_temporary = part.get("is_temporary") == Some(&Value::Bool(true));
        Some(ClientMessage::Say { key: text("key")?, chat, text: text("text")?, is_temporary })
    };
    Some((parts.into_iter().filter_map(say).collect(), draft))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_sent_comes_back_the_same() {
        let say = |key: &str, chat, is_temporary| ClientMessage::Say {
            key: key.into(),
            chat,
            text: "\"a\"".into(),
            is_temporary,
        };
        let messages = vec![say("k", None, true), say("l", Some(ChatId(7)), false)];
        let json = write_unsent(&messages, "dr\naft");
        assert_eq!(read_unsent(&json), Some((messages, "dr\naft".into())));
        assert_eq!(read_unsent("[]"), None);
        assert_eq!(read_unsent("7"), None);
    }
}
