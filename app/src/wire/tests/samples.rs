//! What a server can say, with everything that can be in it.

use wick_protocol::{
    Access, AnswerState, ApiKey, Asking, AskingId, Author, Chat, ChatId, Device, DeviceId, Engine,
    Finish, Firewall, Fit, Folder, FolderId, Fork, Hit, How, Kept, KeyId, LanDoor, Memory, Message,
    MessageId, Model, ModelId, Models, Network, Offer, Place, Preset, Queued, Receipt, Running,
    Sampling, Scope, Seen, ServerMessage, Stage, Starter, Stats, Step, Template, WhyRead,
};

/// Every kind of message that the server can send, with everything that can be in it.
pub(super) fn said_by_server() -> Vec<ServerMessage> {
    let id = MessageId(3);
    let mut all = vec![
        welcome(None, Starter::Idle, Vec::new()),
        welcome(
            Some("The disk is full.".into()),
            Starter::Fetching { done: 1, total: 98_362_432 },
            vec![running(Stage::Loading { percent: 43 }, None)],
        ),
        ServerMessage::ChatChanged { chat: chat() },
        ServerMessage::ChatGone { chat: ChatId(7) },
        ServerMessage::Resumed { engine: Engine::default() },
        ServerMessage::News {
            number: 9_007_199_254_740_993,
            what: Box::new(ServerMessage::ChatGone { chat: ChatId(7) }),
        },
        ServerMessage::FoldersChanged { folders: folders() },
        thread(None, Vec::new()),
        thread(Some(ChatId(7)), messages()),
        ServerMessage::ThreadChanged {
            chat: ChatId(7),
            after: Some(id),
            messages: messages(),
            forks: forks(),
        },
        ServerMessage::ThreadChanged {
            chat: ChatId(7),
            after: None,
            messages: Vec::new(),
            forks: Vec::new(),
        },
        ServerMessage::QueueChanged { chat: ChatId(7), queue: queue() },
        ServerMessage::DraftChanged { chat: None, text: "dr".into() },
        ServerMessage::DraftChanged { chat: Some(ChatId(7)), text: String::new() },
        ServerMessage::InstructionsChanged { chat: None, text: "Be brief.".into() },
        ServerMessage::InstructionsChanged { chat: Some(ChatId(7)), text: String::new() },
        ServerMessage::PresetsChanged { presets: presets() },
        ServerMessage::AccessChanged { access: "{}".into() },
        ServerMessage::Invited { address: "https://x/#pair=0".into(), picture: "<svg/>".into() },
        ServerMessage::KeyMade { key: "wick-0".into() },
        ServerMessage::Versions { messages: Vec::new() },
        ServerMessage::Prompt { text: "<|im_start|>\n".into(), says: "It is short.".into() },
        ServerMessage::Found { text: "cat".into(), hits: [None, Some(id)].map(hit).to_vec() },
        ServerMessage::Began { chat: ChatId(1 << 40) },
        ServerMessage::Delta { message: id, at: 5, text: "é\n\"\u{1}".into() },
        ServerMessage::ModelsChanged { models: models() },
        ServerMessage::SamplingChanged { sampling: Sampling::default() },
        ServerMessage::StarterChanged { starter: Starter::Failed { reason: "No.".into() } },
        ServerMessage::StorageChanged { storage: None },
        ServerMessage::StorageChanged { storage: Some("Full.".into()) },
        ServerMessage::Accepted { key: "k".into(), chat: ChatId(7) },
        ServerMessage::Refused { key: None, reason: "Busy.".into() },
        ServerMessage::Refused { key: Some("k".into()), reason: "Busy.".into() },
    ];
    all.extend(messages().into_iter().map(|message| ServerMessage::MessageChanged { message }));
    all.extend(states().map(|state| ServerMessage::StateChanged { message: id, state }));
    let memory = Some(Memory { total: 184_000_000, weights: 118_000_000 });
    let running = vec![running(Stage::Ready, memory), running(Stage::Resting, memory)];
    all.push(ServerMessage::EngineChanged { engine: Engine { running, receipt: None } });
    for step in [Step::ContextFreed, Step::EngineEnded] {
        let receipt = Some(Receipt { step, before: 178_000_000, after: 0, back_ms: 310 });
        let engine = Engine { running: Vec::new(), receipt };
        all.push(ServerMessage::EngineChanged { engine });
    }
    all
}

fn running(stage: Stage, memory: Option<Memory>) -> Running {
    Running { model: ModelId("a".into()), stage, memory }
}

fn welcome(storage: Option<String>, starter: Starter, running: Vec<Running>) -> ServerMessage {
    ServerMessage::Welcome {
        version: "0.1.0".into(),
        seen: Seen { generation: 1_790_000_000_000_000, number: 7 },
        chats: vec![chat(), Chat { place: Place::default(), ..chat() }],
        folders: folders(),
        models: models(),
        sampling: sampling(),
        engine: Engine { running, receipt: None },
        starter,
        storage,
        presets: presets(),
    }
}

fn chat() -> Chat {
    let place = Place { is_pinned: true, is_archived: false, folder: Some(FolderId(2)) };
    Chat { id: ChatId(7), title: "Of “cats”".into(), changed: 1_790_000_000_000, place }
}

fn folders() -> Vec<Folder> {
    vec![Folder { id: FolderId(2), name: "Pets".into() }]
}

fn forks() -> Vec<Fork> {
    vec![Fork { message: MessageId(3), versions: vec![MessageId(2), MessageId(3)] }]
}

fn queue() -> Vec<Queued> {
    vec![Queued { key: "k".into(), text: "Next".into() }]
}

fn hit(message: Option<MessageId>) -> Hit {
    let excerpt = vec!["A ".into(), "cat".into(), String::new()];
    Hit { chat: ChatId(7), title: "Of “cats”".into(), message, excerpt }
}

fn thread(chat: Option<ChatId>, messages: Vec<Message>) -> ServerMessage {
    ServerMessage::Thread {
        chat,
        messages,
        forks: forks(),
        queue: queue(),
        draft: "dr".into(),
        instructions: "Be brief.".into(),
    }
}

fn presets() -> Vec<Preset> {
    let (name, instructions) = ("Bare".into(), "\"x\"".into());
    let bare = Preset { name, instructions, says: "Temperature 0.8".into(), is_default: false };
    vec![bare.clone(), Preset { is_default: true, ..bare }]
}

fn states() -> impl Iterator<Item = AnswerState> {
    let early = [
        AnswerState::Waiting { ahead: 2 },
        AnswerState::Loading { percent: 43 },
        AnswerState::Reading { done: 310, total: 1_204 },
        AnswerState::Looking { picture: 1, of: 2 },
        AnswerState::Writing,
        AnswerState::Interrupted { reason: "The engine stopped.".into(), offer: None },
        AnswerState::Interrupted {
            reason: "It needs 9 GB.".into(),
            offer: Some(Offer::LoadAnyway),
        },
    ];
    let ends = [
        Finish::EndOfTurn,
        Finish::StopString,
        Finish::Length,
        Finish::ContextFull,
        Finish::Stopped,
        Finish::Edited,
    ];
    early.into_iter().chain(ends.map(|why| AnswerState::Finished { why }))
}

fn messages() -> Vec<Message> {
    let message = |author| Message { id: MessageId(3), chat: ChatId(7), author, text: "x".into() };
    let stats = Stats {
        n_tokens: 128,
        tokens_per_second: 41.25,
        first_token_ms: 300,
        n_read: 31,
        read_ms: 200,
        kept: Kept { live: 1_000, shared: 200, parked: 4 },
        why_read: None,
        n_left_out: 6,
        thought_ms: 1_200,
        memory: 184_000_000,
        how: Some(How { seed: Some(7), has_format: true, ..How::from(&Sampling::default()) }),
    };
    let answer =
        |stats| message(Author::Model { name: "m".into(), state: AnswerState::Writing, stats });
    let reasons = [
        WhyRead::NotSeen,
        WhyRead::Damaged,
        WhyRead::GaveWay,
        WhyRead::Lost,
        WhyRead::CannotGoBack,
        WhyRead::LeftOut,
        WhyRead::OtherKind,
        WhyRead::Temporary,
    ];
    let with_reasons = reasons.map(|why| answer(Some(Stats { why_read: Some(why), ..stats })));
    [message(Author::Person), answer(None), answer(Some(stats))]
        .into_iter()
        .chain(with_reasons)
        .collect()
}

fn models() -> Models {
    let whole = Model {
        id: ModelId("a".into()),
        name: "A".into(),
        file: "a.gguf".into(),
        bytes: 5_000_000_000,
        quantisation: "Q4_1".into(),
        parameters: Some("135M".into()),
        context: 8_192,
        room: 4_096,
        template: Template::InFile,
        usual: Sampling::default(),
        trouble: None,
        fit: Some(Fit { need: 5_200_000_000, free: 20_100_000_000 }),
        sees: true,
    };
    let broken = Model {
        parameters: None,
        template: Template::ChatMl,
        trouble: Some("It is cut short.".into()),
        fit: None,
        sees: false,
        ..whole.clone()
    };
    let folders = vec!["/models".into()];
    let chosen = Some(ModelId("a".into()));
    Models { list: vec![whole, broken], chosen, stops_when_full: true, folders }
}

pub(super) fn sampling() -> Sampling {
    Sampling {
        seed: Some(u32::MAX),
        max_tokens: Some(512),
        stop: vec!["###".into(), "\n".into()],
        format: r#"{"type": "object"}"#.into(),
        ..Sampling::default()
    }
}

pub(super) fn access() -> Access {
    let device =
        Device { id: DeviceId(2), name: "é".into(), seen: 1 << 41, address: "::1".into() };
    let key = |scope, used| ApiKey {
        id: KeyId(3),
        name: "Editor".into(),
        start: "wick-0123".into(),
        scope,
        models: vec![ModelId("a.gguf".into())],
        used,
    };
    let keys = [(Scope::Models, None), (Scope::Chat, Some(7)), (Scope::Admin, Some(8))];
    let keys = keys.map(|(scope, used)| key(scope, used)).to_vec();
    let asking = Asking { id: AskingId(4), name: "Phone".into(), address: "10.0.0.2".into() };
    let lan = LanDoor {
        address: "https://10.0.0.1:8080".into(),
        name: "https://wick-1f3a.local:8080".into(),
        fingerprint: "AB:CD".into(),
        words: "lake otter".into(),
        firewall: Firewall { name: "ufw".into(), allow: "sudo ufw allow".into() },
    };
    let network = Network { name: "wlan0".into(), address: "10.0.0.1".into() };
    Access {
        devices: vec![device],
        this: Some(DeviceId(2)),
        keys,
        is_keyless: true,
        asking: vec![asking],
        lan: Some(lan),
        networks: vec![network],
    }
}
