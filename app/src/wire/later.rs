//! What the page says from its dialogs, as JSON. Nothing before the first answer needs it.

use wick_protocol::{ClientMessage, Sampling, Scope};

use super::decimal;
use super::write::{chat_or_null, object, or_null, string, write};

/// The message as it travels, of every kind.
pub(crate) fn write_later(message: &ClientMessage) -> String {
    match message {
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
        ClientMessage::ShowVersions { message } => {
            object("show_versions", &[("message", message.0.to_string())])
        }
        ClientMessage::Compare { message, model, sampling: it } => object(
            "compare",
            &[
                ("message", message.0.to_string()),
                ("model", string(&model.0)),
                ("sampling", sampling(it)),
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
        ClientMessage::Arrange { chat, place } => {
            let place = format!(
                "{{\"is_pinned\":{},\"is_archived\":{},\"folder\":{}}}",
                place.is_pinned,
                place.is_archived,
                or_null(place.folder, |it| it.0.to_string())
            );
            object("arrange", &[("chat", chat.0.to_string()), ("place", place)])
        }
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
        ClientMessage::SetSampling { sampling: it } => {
            object("set_sampling", &[("sampling", sampling(it))])
        }
        ClientMessage::ShowAccess => string("show_access"),
        ClientMessage::RenameDevice { device, name } => {
            object("rename_device", &[("device", device.0.to_string()), ("name", string(name))])
        }
        ClientMessage::RevokeDevice { device } => {
            object("revoke_device", &[("device", device.0.to_string())])
        }
        ClientMessage::MakeKey { name, scope, models } => {
            let models: Vec<_> = models.iter().map(|it| string(&it.0)).collect();
            let scope = match scope {
                Scope::Models => "models",
                Scope::Chat => "chat",
                Scope::Admin => "admin",
            };
            let models = format!("[{}]", models.join(","));
            object(
                "make_key",
                &[("name", string(name)), ("scope", string(scope)), ("models", models)],
            )
        }
        ClientMessage::RevokeKey { key } => object("revoke_key", &[("key", key.0.to_string())]),
        ClientMessage::Invite { address, is_encrypted } => object(
            "invite",
            &[("address", string(address)), ("is_encrypted", is_encrypted.to_string())],
        ),
        ClientMessage::CloseLan => string("close_lan"),
        ClientMessage::Answer { asking, is_allowed } => object(
            "answer",
            &[("asking", asking.0.to_string()), ("is_allowed", is_allowed.to_string())],
        ),
        ClientMessage::SetKeyless { is_keyless } => {
            object("set_keyless", &[("is_keyless", is_keyless.to_string())])
        }
        other => write(other),
    }
}

fn sampling(it: &Sampling) -> String {
    let number = |value: Option<u32>| or_null(value, |it| it.to_string());
    let stop: Vec<_> = it.stop.iter().map(|it| string(it)).collect();
    format!(
        "{{\"temperature\":{},\"top_k\":{},\"top_p\":{},\"min_p\":{},\"repeat_penalty\":{},\
         \"seed\":{},\"max_tokens\":{},\"stop\":[{}],\"format\":{}}}",
        decimal(it.temperature),
        it.top_k,
        decimal(it.top_p),
        decimal(it.min_p),
        decimal(it.repeat_penalty),
        number(it.seed),
        number(it.max_tokens),
        stop.join(","),
        string(&it.format)
    )
}
