//! What the server says, from JSON.

use serde_json::Value;
use wick_protocol::{AnswerState, Author, Chat, ChatId, Engine, Finish, Fit, Folder, FolderId};
use wick_protocol::{
    Fork, Hit, How, Kept, Memory, Message, MessageId, Model, ModelId, Models, Offer,
};
use wick_protocol::{Place, Preset, Queued, Receipt, Running, Sampling, Seen};
use wick_protocol::{ServerMessage, Stage, Starter, Stats, Step, Template, WhyRead};

use super::object::{Object, Result, text, variant};

/// The message that travelled.
pub(crate) fn read(json: &str) -> Result<ServerMessage> {
    server_message(serde_json::from_str(json).map_err(|_| "not JSON")?)
}

fn server_message(value: Value) -> Result<ServerMessage> {
    let (kind, mut it) = variant(value)?;
    Ok(match kind.as_str() {
        "welcome" => ServerMessage::Welcome {
            version: it.text("version")?,
            seen: seen(it.value("seen"))?,
            folders: it.list("folders", folder)?,
            chats: it.list("chats", chat)?,
            models: models(it.value("models"))?,
            sampling: sampling(it.value("sampling"))?,
            engine: engine(it.value("engine"))?,
            starter: starter(it.value("starter"))?,
            storage: it.text_or_none("storage"),
            presets: it.list("presets", preset)?,
        },
        "resumed" => ServerMessage::Resumed { engine: engine(it.value("engine"))? },
        "news" => ServerMessage::News {
            number: it.number("number")?,
            what: Box::new(server_message(it.value("what"))?),
        },
        "folders_changed" => ServerMessage::FoldersChanged { folders: it.list("folders", folder)? },
        "chat_changed" => ServerMessage::ChatChanged { chat: chat(it.value("chat"))? },
        "chat_gone" => ServerMessage::ChatGone { chat: ChatId(it.signed("chat")?) },
        "thread" => ServerMessage::Thread {
            chat: it.chat_or_none(),
            messages: it.list("messages", message)?,
            forks: it.list("forks", fork)?,
            queue: it.list("queue", queued)?,
            draft: it.text("draft")?,
            instructions: it.text("instructions")?,
        },
        "thread_changed" => ServerMessage::ThreadChanged {
            chat: ChatId(it.signed("chat")?),
            after: it.value("after").as_i64().map(MessageId),
            messages: it.list("messages", message)?,
            forks: it.list("forks", fork)?,
        },
        "queue_changed" => ServerMessage::QueueChanged {
            chat: ChatId(it.signed("chat")?),
            queue: it.list("queue", queued)?,
        },
        "draft_changed" => {
            ServerMessage::DraftChanged { chat: it.chat_or_none(), text: it.text("text")? }
        }
        "instructions_changed" => {
            ServerMessage::InstructionsChanged { chat: it.chat_or_none(), text: it.text("text")? }
        }
        "presets_changed" => ServerMessage::PresetsChanged { presets: it.list("presets", preset)? },
        "access_changed" => ServerMessage::AccessChanged { access: it.text("access")? },
        "invited" => {
            ServerMessage::Invited { address: it.text("address")?, picture: it.text("picture")? }
        }
        "key_made" => ServerMessage::KeyMade { key: it.text("key")? },
        "prompt" => ServerMessage::Prompt { text: it.text("text")?, says: it.text("says")? },
        "versions" => ServerMessage::Versions { messages: it.list("messages", message)? },
        "found" => ServerMessage::Found { text: it.text("text")?, hits: it.list("hits", hit)? },
        "began" => ServerMessage::Began { chat: ChatId(it.signed("chat")?) },
        "message_changed" => {
            ServerMessage::MessageChanged { message: message(it.value("message"))? }
        }
        "delta" => ServerMessage::Delta {
            message: MessageId(it.signed("message")?),
            at: it.number("at")?,
            text: it.text("text")?,
        },
        "state_changed" => ServerMessage::StateChanged {
            message: MessageId(it.signed("message")?),
            state: answer_state(it.value("state"))?,
        },
        "models_changed" => ServerMessage::ModelsChanged { models: models(it.value("models"))? },
        "engine_changed" => ServerMessage::EngineChanged { engine: engine(it.value("engine"))? },
        "sampling_changed" => {
            ServerMessage::SamplingChanged { sampling: sampling(it.value("sampling"))? }
        }
        "starter_changed" => {
            ServerMessage::StarterChanged { starter: starter(it.value("starter"))? }
        }
        "storage_changed" => ServerMessage::StorageChanged { storage: it.text_or_none("storage") },
        "accepted" => {
            ServerMessage::Accepted { key: it.text("key")?, chat: ChatId(it.signed("chat")?) }
        }
        "refused" => {
            ServerMessage::Refused { key: it.text_or_none("key"), reason: it.text("reason")? }
        }
        _ => return Err("kind of message"),
    })
}

fn chat(value: Value) -> Result<Chat> {
    let mut it = Object::from(value)?;
    let (id, mut place) = (ChatId(it.signed("id")?), Object::from(it.value("place"))?);
    let place = Place {
        is_pinned: place.bool("is_pinned"),
        is_archived: place.bool("is_archived"),
        folder: place.value("folder").as_i64().map(FolderId),
    };
    Ok(Chat { id, title: it.text("title")?, changed: it.signed("changed")?, place })
}

fn seen(value: Value) -> Result<Seen> {
    let mut it = Object::from(value)?;
    Ok(Seen { generation: it.number("generation")?, number: it.number("number")? })
}

fn folder(value: Value) -> Result<Folder> {
    let mut it = Object::from(value)?;
    Ok(Folder { id: FolderId(it.signed("id")?), name: it.text("name")? })
}

fn fork(value: Value) -> Result<Fork> {
    let mut it = Object::from(value)?;
    let version = |value: Value| value.as_i64().map(MessageId).ok_or("version");
    Ok(Fork { message: MessageId(it.signed("message")?), versions: it.list("versions", version)? })
}

fn queued(value: Value) -> Result<Queued> {
    let mut it = Object::from(value)?;
    Ok(Queued { key: it.text("key")?, text: it.text("text")? })
}

fn hit(value: Value) -> Result<Hit> {
    let mut it = Object::from(value)?;
    Ok(Hit {
        chat: ChatId(it.signed("chat")?),
        title: it.text("title")?,
        message: it.value("message").as_i64().map(MessageId),
        excerpt: it.list("excerpt", text)?,
    })
}

fn message(value: Value) -> Result<Message> {
    let mut it = Object::from(value)?;
    Ok(Message {
        id: MessageId(it.signed("id")?),
        chat: ChatId(it.signed("chat")?),
        author: author(it.value("author"))?,
        text: it.text("text")?,
    })
}

fn author(value: Value) -> Result<Author> {
    let (kind, mut it) = variant(value)?;
    Ok(match kind.as_str() {
        "person" => Author::Person,
        "model" => Author::Model {
            name: it.text("name")?,
            state: answer_state(it.value("state"))?,
            stats: it.object_or_none("stats", stats)?,
        },
        _ => return Err("who"),
    })
}

fn answer_state(value: Value) -> Result<AnswerState> {
    let (kind, mut it) = variant(value)?;
    Ok(match kind.as_str() {
        "waiting" => AnswerState::Waiting { ahead: it.number("ahead")? },
        "loading" => AnswerState::Loading { percent: it.number("percent")? },
        "reading" => AnswerState::Reading { done: it.number("done")?, total: it.number("total")? },
        "looking" => AnswerState::Looking { picture: it.number("picture")?, of: it.number("of")? },
        "writing" => AnswerState::Writing,
        "finished" => AnswerState::Finished { why: finish(&it.text("why")?)? },
        "interrupted" => AnswerState::Interrupted {
            reason: it.text("reason")?,
            offer: match it.text_or_none("offer").as_deref() {
                None => None,
                Some("load_anyway") => Some(Offer::LoadAnyway),
                Some(_) => return Err("offer"),
            },
        },
        _ => return Err("state of an answer"),
    })
}

fn finish(word: &str) -> Result<Finish> {
    Ok(match word {
        "end_of_turn" => Finish::EndOfTurn,
        "stop_string" => Finish::StopString,
        "length" => Finish::Length,
        "context_full" => Finish::ContextFull,
        "stopped" => Finish::Stopped,
        "edited" => Finish::Edited,
        _ => return Err("why"),
    })
}

fn stats(value: Value) -> Result<Stats> {
    let mut it = Object::from(value)?;
    Ok(Stats {
        n_tokens: it.number("n_tokens")?,
        tokens_per_second: it.float("tokens_per_second")?,
        first_token_ms: it.number("first_token_ms")?,
        n_read: it.number("n_read")?,
        read_ms: it.number("read_ms")?,
        kept: kept(it.value("kept"))?,
        why_read: it.text_or_none("why_read").map(|word| why_read(&word)).transpose()?,
        n_left_out: it.number("n_left_out")?,
        thought_ms: it.number("thought_ms")?,
        memory: it.number("memory")?,
        how: it.object_or_none("how", how)?,
    })
}

fn how(value: Value) -> Result<How> {
    let mut it = Object::from(value)?;
    Ok(How { has_format: it.bool("has_format"), ..how_of(&mut it)? })
}

fn how_of(it: &mut Object) -> Result<How> {
    Ok(How {
        temperature: it.float("temperature")?,
        top_k: it.number("top_k")?,
        top_p: it.float("top_p")?,
        min_p: it.float("min_p")?,
        repeat_penalty: it.float("repeat_penalty")?,
        seed: it.number("seed").ok(),
        has_format: false,
    })
}

fn kept(value: Value) -> Result<Kept> {
    let mut it = Object::from(value)?;
    Ok(Kept {
        live: it.number("live")?,
        shared: it.number("shared")?,
        parked: it.number("parked")?,
    })
}

fn why_read(word: &str) -> Result<WhyRead> {
    Ok(match word {
        "not_seen" => WhyRead::NotSeen,
        "damaged" => WhyRead::Damaged,
        "lost" => WhyRead::Lost,
        "gave_way" => WhyRead::GaveWay,
        "cannot_go_back" => WhyRead::CannotGoBack,
        "left_out" => WhyRead::LeftOut,
        "other_kind" => WhyRead::OtherKind,
        "temporary" => WhyRead::Temporary,
        _ => return Err("why tokens were read"),
    })
}

fn models(value: Value) -> Result<Models> {
    let mut it = Object::from(value)?;
    Ok(Models {
        list: it.list("list", model)?,
        chosen: it.text_or_none("chosen").map(ModelId),
        stops_when_full: it.bool("stops_when_full"),
        folders: it.list("folders", text)?,
    })
}

fn model(value: Value) -> Result<Model> {
    let mut it = Object::from(value)?;
    Ok(Model {
        id: ModelId(it.text("id")?),
        name: it.text("name")?,
        file: it.text("file")?,
        bytes: it.number("bytes")?,
        quantisation: it.text("quantisation")?,
        parameters: it.text_or_none("parameters"),
        context: it.number("context")?,
        room: it.number("room")?,
        template: match it.text("template")?.as_str() {
            "in_file" => Template::InFile,
            "chat_ml" => Template::ChatMl,
            _ => return Err("template"),
        },
        usual: sampling(it.value("usual"))?,
        trouble: it.text_or_none("trouble"),
        fit: it.object_or_none("fit", fit)?,
        sees: it.bool("sees"),
    })
}

fn fit(value: Value) -> Result<Fit> {
    let mut it = Object::from(value)?;
    Ok(Fit { need: it.number("need")?, free: it.number("free")? })
}

fn starter(value: Value) -> Result<Starter> {
    let (kind, mut it) = variant(value)?;
    Ok(match kind.as_str() {
        "idle" => Starter::Idle,
        "fetching" => Starter::Fetching { done: it.number("done")?, total: it.number("total")? },
        "failed" => Starter::Failed { reason: it.text("reason")? },
        _ => return Err("state of the starter"),
    })
}

fn engine(value: Value) -> Result<Engine> {
    let mut it = Object::from(value)?;
    let receipt = it.object_or_none("receipt", receipt)?;
    Ok(Engine { running: it.list("running", running)?, receipt })
}

fn receipt(value: Value) -> Result<Receipt> {
    let mut it = Object::from(value)?;
    let step = match it.text("step")?.as_str() {
        "context_freed" => Step::ContextFreed,
        "engine_ended" => Step::EngineEnded,
        _ => return Err("step"),
    };
    let (before, after) = (it.number("before")?, it.number("after")?);
    Ok(Receipt { step, before, after, back_ms: it.number("back_ms")? })
}

fn memory(value: Value) -> Result<Memory> {
    let mut it = Object::from(value)?;
    Ok(Memory { total: it.number("total")?, weights: it.number("weights")? })
}

fn running(value: Value) -> Result<Running> {
    let mut it = Object::from(value)?;
    let (model, memory) = (ModelId(it.text("model")?), it.object_or_none("memory", memory)?);
    Ok(Running { model, stage: stage(it.value("stage"))?, memory })
}

fn stage(value: Value) -> Result<Stage> {
    let (kind, mut it) = variant(value)?;
    Ok(match kind.as_str() {
        "loading" => Stage::Loading { percent: it.number("percent")? },
        "ready" => Stage::Ready,
        "resting" => Stage::Resting,
        _ => return Err("stage of a model"),
    })
}

fn sampling(value: Value) -> Result<Sampling> {
    let mut it = Object::from(value)?;
    let How { temperature, top_k, top_p, min_p, repeat_penalty, seed, .. } = how_of(&mut it)?;
    Ok(Sampling {
        temperature,
        top_k,
        top_p,
        min_p,
        repeat_penalty,
        seed,
        max_tokens: it.number("max_tokens").ok(),
        stop: it.list("stop", text)?,
        format: it.text("format")?,
    })
}

fn preset(value: Value) -> Result<Preset> {
    let mut it = Object::from(value)?;
    Ok(Preset {
        name: it.text("name")?,
        instructions: it.text("instructions")?,
        says: it.text("says")?,
        is_default: it.bool("is_default"),
    })
}
