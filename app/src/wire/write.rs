//! What the page says, as JSON.

use wick_protocol::{ChatId, ClientMessage, MessageId};

/// The message as it travels. What only comes from dialogs is written by
/// [`write_later`](super::write_later), whose code comes with them.
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
        ClientMessage::AnswerNow { message } => of_message("answer_now", message),
        ClientMessage::Continue { message } => of_message("continue", message),
        ClientMessage::LoadAnyway { message } => of_message("load_anyway", message),
        ClientMessage::Again { message, times } => {
            object("again", &[("message", message.0.to_string()), ("times", times.to_string())])
        }
        ClientMessage::Edit { key, message, text } => object(
            "edit",
            &[("key", string(key)), ("message", message.0.to_string()), ("text", string(text))],
        ),
        ClientMessage::Walk { message } => of_message("walk", message),
        ClientMessage::DeleteMessage { message } => of_message("delete_message", message),
        ClientMessage::RestoreMessage { message } => of_message("restore_message", message),
        ClientMessage::Fork { message } => of_message("fork", message),
        ClientMessage::Rename { chat, title } => {
            object("rename", &[("chat", chat.0.to_string()), ("title", string(title))])
        }
        ClientMessage::Delete { chat } => of_chat("delete", chat),
        ClientMessage::Restore { chat } => of_chat("restore", chat),
        ClientMessage::Search { text } => object("search", &[("text", string(text))]),
        ClientMessage::ChooseModel { model } => {
            object("choose_model", &[("model", string(&model.0))])
        }
        ClientMessage::LookForModels => string("look_for_models"),
        ClientMessage::GetStarter => string("get_starter"),
        ClientMessage::Rest => string("rest"),
        ClientMessage::Arrange { .. }
        | ClientMessage::NameFolder { .. }
        | ClientMessage::DeleteFolder { .. }
        | ClientMessage::SetSampling { .. }
        | ClientMessage::SetInstructions { .. }
        | ClientMessage::ShowPrompt { .. }
        | ClientMessage::ShowVersions { .. }
        | ClientMessage::Compare { .. }
        | ClientMessage::SavePreset { .. }
        | ClientMessage::ChoosePreset { .. }
        | ClientMessage::RenamePreset { .. }
        | ClientMessage::DeletePreset { .. }
        | ClientMessage::DefaultPreset { .. }
        | ClientMessage::ShowAccess
        | ClientMessage::RenameDevice { .. }
        | ClientMessage::RevokeDevice { .. }
        | ClientMessage::MakeKey { .. }
        | ClientMessage::RevokeKey { .. }
        | ClientMessage::Invite { .. }
        | ClientMessage::CloseLan
        | ClientMessage::Answer { .. }
        | ClientMessage::SetKeyless { .. } => String::new(),
    }
}

/// `{"kind":{"name":value}}`
pub(super) fn object(kind: &str, fields: &[(&str, String)]) -> String {
    let fields: Vec<_> = fields.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{\"{kind}\":{{{}}}}}", fields.join(","))
}

/// `{"one":1,"two":2}`
fn pair(one: &str, first: i64, two: &str, second: u64) -> String {
    format!("{{\"{one}\":{first},\"{two}\":{second}}}")
}

pub(super) fn chat_or_null(chat: Option<ChatId>) -> String {
    or_null(chat, |chat| chat.0.to_string())
}

pub(super) fn or_null<T>(value: Option<T>, write: impl Fn(T) -> String) -> String {
    value.map_or_else(|| "null".to_owned(), write)
}

/// A JSON string.
pub(super) fn string(text: &str) -> String {
    serde_json::to_string(text).expect("a string can always be written")
}
