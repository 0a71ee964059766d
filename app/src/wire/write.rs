//! What the page says, as JSON.

use wick_protocol::{ChatId, ClientMessage, Sampling};

use super::decimal;

/// The message as it travels.
pub(crate) fn write(message: &ClientMessage) -> String {
    match message {
        ClientMessage::Open { chat } => object("open", &[("chat", chat_or_null(*chat))]),
        ClientMessage::Say { key, chat, text } => object(
            "say",
            &[("key", string(key)), ("chat", chat_or_null(*chat)), ("text", string(text))],
        ),
        ClientMessage::Stop { message } => object("stop", &[("message", message.0.to_string())]),
        ClientMessage::Continue { message } => {
            object("continue", &[("message", message.0.to_string())])
        }
        ClientMessage::LoadAnyway { message } => {
            object("load_anyway", &[("message", message.0.to_string())])
        }
        ClientMessage::Rename { chat, title } => {
            object("rename", &[("chat", chat.0.to_string()), ("title", string(title))])
        }
        ClientMessage::Delete { chat } => object("delete", &[("chat", chat.0.to_string())]),
        ClientMessage::Restore { chat } => object("restore", &[("chat", chat.0.to_string())]),
        ClientMessage::ChooseModel { model } => {
            object("choose_model", &[("model", string(&model.0))])
        }
        ClientMessage::SetSampling { sampling: it } => {
            object("set_sampling", &[("sampling", sampling(it))])
        }
        ClientMessage::LookForModels => string("look_for_models"),
        ClientMessage::GetStarter => string("get_starter"),
        ClientMessage::Rest => string("rest"),
    }
}

/// `{"kind":{"name":value}}`
fn object(kind: &str, fields: &[(&str, String)]) -> String {
    let fields: Vec<_> = fields.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{\"{kind}\":{{{}}}}}", fields.join(","))
}

fn sampling(it: &Sampling) -> String {
    let or_null = |value: Option<u32>| value.map_or_else(|| "null".to_owned(), |it| it.to_string());
    let stop: Vec<_> = it.stop.iter().map(|it| string(it)).collect();
    format!(
        "{{\"temperature\":{},\"top_k\":{},\"top_p\":{},\"min_p\":{},\"repeat_penalty\":{},\
         \"seed\":{},\"max_tokens\":{},\"stop\":[{}]}}",
        decimal(it.temperature),
        it.top_k,
        decimal(it.top_p),
        decimal(it.min_p),
        decimal(it.repeat_penalty),
        or_null(it.seed),
        or_null(it.max_tokens),
        stop.join(",")
    )
}

fn chat_or_null(chat: Option<ChatId>) -> String {
    chat.map_or_else(|| "null".to_owned(), |chat| chat.0.to_string())
}

/// A JSON string.
pub(super) fn string(text: &str) -> String {
    serde_json::to_string(text).expect("a string can always be written")
}
