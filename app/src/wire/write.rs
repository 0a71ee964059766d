//! What the page says, as JSON.

use wick_protocol::{ChatId, ClientMessage, MessageId, Sampling};

use super::decimal;

/// The message as it travels.
pub(crate) fn write(message: &ClientMessage) -> String {
    let of_message =
        |kind, message: &MessageId| object(kind, &[("message", message.0.to_string())]);
    let of_chat = |kind, chat: &ChatId| object(kind, &[("chat", chat.0.to_string())]);
    match message {
        ClientMessage::Hello { seen, chat, reached } => object(
            "hello",
            &[
                (
                    "seen",
                    or_null(*seen, |it| {
                        pair("generation", it.generation as i64, "number", it.number)
                    }),
                ),
                ("chat", chat_or_null(*chat)),
                (
                    "reached",
                    or_null(*reached, |it| pair("message", it.message.0, "at", it.at as u64)),
                ),
            ],
        ),
        ClientMessage::Open { chat, message } => object(
            "open",
            &[("chat", chat_or_null(*chat)), ("message", or_null(*message, |it| it.0.to_string()))],
        ),
        ClientMessage::Say { key, chat, text, is_temporary, instructions } => object(
            "say",
            &[
                ("key", string(key)),
                ("chat", chat_or_null(*chat)),
                ("text", string(text)),
                ("is_temporary", is_temporary.to_string()),
                ("instructions", or_null(instructions.as_deref(), string)),
            ],
        ),
        ClientMessage::ChangeQueued { chat, key, text } => object(
            "change_queued",
            &[
                ("chat", chat.0.to_string()),
                ("key", string(key)),
                ("text", or_null(text.as_deref(), string)),
            ],
        ),
        ClientMessage::SendQueued { chat } => of_chat("send_queued", chat),
        ClientMessage::Draft { chat, text } => {
            object("draft", &[("chat", chat_or_null(*chat)), ("text", string(text))])
        }
        ClientMessage::Stop { message } => of_message("stop", message),
        ClientMessage::Continue { message } => of_message("continue", message),
        ClientMessage::LoadAnyway { message } => of_message("load_anyway", message),
        ClientMessage::Again { message } => of_message("again", message),
        ClientMessage::Edit { key, message, text } => object(
            "edit",
            &[("key", string(key)), ("message", message.0.to_string()), ("text", string(text))],
        ),
        ClientMessage::Walk { message } => of_message("walk", message),
        ClientMessage::DeleteMessage { message } => of_message("delete_message", message),
        ClientMessage::RestoreMessage { message } => of_message("restore_message", message),
        ClientMessage::Fork { message } => of_message("fork", message),
        ClientMessage::SetInstructions { chat, text } => {
            object("set_instructions", &[("chat", chat.0.to_string()), ("text", string(text))])
        }
        ClientMessage::ShowPrompt { chat, instructions, text } => object(
            "show_prompt",
            &[
                ("chat", chat_or_null(*chat)),
                ("instructions", or_null(instructions.as_deref(), string)),
                ("text", string(text)),
            ],
        ),
        ClientMessage::SavePreset { name, instructions } => {
            object("save_preset", &[("name", string(name)), ("instructions", string(instructions))])
        }
        ClientMessage::ChoosePreset { name, chat } => {
            object("choose_preset", &[("name", string(name)), ("chat", chat_or_null(*chat))])
        }
        ClientMessage::RenamePreset { name, to } => {
            object("rename_preset", &[("name", string(name)), ("to", string(to))])
        }
        ClientMessage::DeletePreset { name } => object("delete_preset", &[("name", string(name))]),
        ClientMessage::DefaultPreset { name } => {
            object("default_preset", &[("name", or_null(name.as_deref(), string))])
        }
        ClientMessage::Rename { chat, title } => {
            object("rename", &[("chat", chat.0.to_string()), ("title", string(title))])
        }
        ClientMessage::Arrange { chat, place } => {
            let place = format!(
                "{{\"is_pinned\":{},\"is_archived\":{},\"folder\":{}}}",
                place.is_pinned,
                place.is_archived,
                or_null(place.folder, |it| it.0.to_string())
            );
            object("arrange", &[("chat", chat.0.to_string()), ("place", place)])
        }
        ClientMessage::Delete { chat } => of_chat("delete", chat),
        ClientMessage::Restore { chat } => of_chat("restore", chat),
        ClientMessage::NameFolder { folder, name, chat } => object(
            "name_folder",
            &[
                ("folder", or_null(*folder, |it| it.0.to_string())),
                ("name", string(name)),
                ("chat", chat_or_null(*chat)),
            ],
        ),
        ClientMessage::DeleteFolder { folder } => {
            object("delete_folder", &[("folder", folder.0.to_string())])
        }
        ClientMessage::Search { text } => object("search", &[("text", string(text))]),
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
    let number = |value: Option<u32>| or_null(value, |it| it.to_string());
    let stop: Vec<_> = it.stop.iter().map(|it| string(it)).collect();
    format!(
        "{{\"temperature\":{},\"top_k\":{},\"top_p\":{},\"min_p\":{},\"repeat_penalty\":{},\
         \"seed\":{},\"max_tokens\":{},\"stop\":[{}]}}",
        decimal(it.temperature),
        it.top_k,
        decimal(it.top_p),
        decimal(it.min_p),
        decimal(it.repeat_penalty),
        number(it.seed),
        number(it.max_tokens),
        stop.join(",")
    )
}

/// `{"one":1,"two":2}`
fn pair(one: &str, first: i64, two: &str, second: u64) -> String {
    format!("{{\"{one}\":{first},\"{two}\":{second}}}")
}

fn chat_or_null(chat: Option<ChatId>) -> String {
    or_null(chat, |chat| chat.0.to_string())
}

pub(super) fn or_null<T>(value: Option<T>, write: impl Fn(T) -> String) -> String {
    value.map_or_else(|| "null".to_owned(), write)
}

/// A JSON string.
pub(super) fn string(text: &str) -> String {
    serde_json::to_string(text).expect("a string can always be written")
}
