//! What was not sent, as it is kept over a reload of the page.

use serde_json::Value;
use wick_protocol::{ChatId, ClientMessage};

use super::write;

/// Messages on their way, what stands in the composer, and the instructions of a chat that has not
/// begun.
pub(crate) type Unsent = (Vec<ClientMessage>, String, Option<String>);

/// Messages on their way, then what stands in the composer, then the instructions of a chat that has
/// not begun.
pub(crate) fn write_unsent(
    messages: &[ClientMessage],
    draft: &str,
    of_new: Option<&str>,
) -> String {
    let mut parts: Vec<_> = messages.iter().map(write).collect();
    parts.push(super::write::string(draft));
    parts.push(super::write::or_null(of_new, super::write::string));
    format!("[{}]", parts.join(","))
}

/// The same, read again.
pub(crate) fn read_unsent(json: &str) -> Option<Unsent> {
    let Value::Array(mut parts) = serde_json::from_str(json).ok()? else { return None };
    let of_new = parts.pop()?.as_str().map(str::to_owned);
    let draft = parts.pop()?.as_str()?.to_owned();
    let say = |part: Value| {
        let part = part.get("say")?;
        let text = |name: &str| Some(part.get(name)?.as_str()?.to_owned());
        let chat = part.get("chat").and_then(Value::as_i64).map(ChatId);
        let is_temporary = part.get("is_temporary") == Some(&Value::Bool(true));
        let (key, instructions) = (text("key")?, text("instructions"));
        Some(ClientMessage::Say { key, chat, text: text("text")?, is_temporary, instructions })
    };
    Some((parts.into_iter().filter_map(say).collect(), draft, of_new))
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
            instructions: is_temporary.then(|| "Be brief.".into()),
        };
        let messages = vec![say("k", None, true), say("l", Some(ChatId(7)), false)];
        for of_new in [None, Some("Be\n\"brief\".")] {
            let json = write_unsent(&messages, "dr\naft", of_new);
            let back = (messages.clone(), "dr\naft".into(), of_new.map(str::to_owned));
            assert_eq!(read_unsent(&json), Some(back));
        }
        assert_eq!(read_unsent("[]"), None);
        assert_eq!(read_unsent("7"), None);
    }
}
