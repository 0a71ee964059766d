//! Every message in both directions, held against what serde makes of it.

mod samples;

use wick_protocol::{
    Access, AskingId, ChatId, ClientMessage, DeviceId, FolderId, KeyId, MessageId, ModelId, Place,
    Reached, Sampling, Scope, Seen, ServerMessage,
};

use self::samples::{access, said_by_server, sampling};
use super::{read, read_access, write, write_later};

#[test]
fn who_may_use_wick_is_read_as_serde_reads_it() {
    for access in [Access::default(), access()] {
        let json = serde_json::to_string(&access).expect("it is plain data");
        assert_eq!(read_access(&json), Ok(access), "{json}");
    }
}

fn make_key(scope: Scope, models: &[&str]) -> ClientMessage {
    let models = models.iter().map(|&it| ModelId(it.into())).collect();
    ClientMessage::MakeKey { name: "n\"".into(), scope, models }
}

#[test]
fn what_the_server_says_is_read_as_serde_reads_it() {
    for message in said_by_server() {
        // A new message has to be added to the samples and to `read`.
        match &message {
            ServerMessage::Welcome { .. }
            | ServerMessage::ChatChanged { .. }
            | ServerMessage::ChatGone { .. }
            | ServerMessage::Resumed { .. }
            | ServerMessage::News { .. }
            | ServerMessage::FoldersChanged { .. }
            | ServerMessage::Thread { .. }
            | ServerMessage::ThreadChanged { .. }
            | ServerMessage::QueueChanged { .. }
            | ServerMessage::DraftChanged { .. }
            | ServerMessage::InstructionsChanged { .. }
            | ServerMessage::PresetsChanged { .. }
            | ServerMessage::AccessChanged { .. }
            | ServerMessage::Invited { .. }
            | ServerMessage::KeyMade { .. }
            | ServerMessage::Prompt { .. }
            | ServerMessage::Versions { .. }
            | ServerMessage::Found { .. }
            | ServerMessage::Began { .. }
            | ServerMessage::MessageChanged { .. }
            | ServerMessage::Delta { .. }
            | ServerMessage::StateChanged { .. }
            | ServerMessage::ModelsChanged { .. }
            | ServerMessage::EngineChanged { .. }
            | ServerMessage::SamplingChanged { .. }
            | ServerMessage::StarterChanged { .. }
            | ServerMessage::StorageChanged { .. }
            | ServerMessage::Accepted { .. }
            | ServerMessage::Refused { .. } => (),
        }
        let json = serde_json::to_string(&message).expect("it is plain data");
        assert_eq!(read(&json), Ok(message), "{json}");
    }
}

#[test]
fn what_the_page_says_is_what_serde_reads() {
    let (chat, message) = (ChatId(-7), MessageId(3));
    for said in [
        ClientMessage::Hello { seen: None, chat: None, reached: None },
        ClientMessage::Hello {
            seen: Some(Seen { generation: 1 << 53, number: 7 }),
            chat: Some(chat),
            reached: Some(Reached { message, at: 5 }),
        },
        ClientMessage::Open { chat: None, message: None },
        ClientMessage::Open { chat: Some(chat), message: Some(message) },
        ClientMessage::Say {
            key: "k".into(),
            chat: None,
            text: "é\n\"\u{1}\\".into(),
            is_temporary: true,
            instructions: None,
        },
        ClientMessage::Say {
            key: "k".into(),
            chat: Some(chat),
            text: "x".into(),
            is_temporary: false,
            instructions: Some("\"".into()),
        },
        ClientMessage::SetInstructions { chat, text: "é\n".into() },
        ClientMessage::ShowPrompt { chat: None, instructions: Some("x".into()), text: "y".into() },
        ClientMessage::ShowPrompt { chat: Some(chat), instructions: None, text: String::new() },
        ClientMessage::ShowVersions { message },
        ClientMessage::ShowAccess,
        ClientMessage::RenameDevice { device: DeviceId(2), name: "n\"".into() },
        ClientMessage::RevokeDevice { device: DeviceId(2) },
        make_key(Scope::Models, &[]),
        make_key(Scope::Chat, &["a.gguf", "é"]),
        make_key(Scope::Admin, &["a.gguf"]),
        ClientMessage::RevokeKey { key: KeyId(3) },
        ClientMessage::Invite { address: "10.0.0.1".into(), is_encrypted: false },
        ClientMessage::CloseLan,
        ClientMessage::Answer { asking: AskingId(4), is_allowed: false },
        ClientMessage::SetKeyless { is_keyless: true },
        ClientMessage::SavePreset { name: "n\"".into(), instructions: "x".into() },
        ClientMessage::ChoosePreset { name: "n".into(), chat: Some(chat) },
        ClientMessage::ChoosePreset { name: "n".into(), chat: None },
        ClientMessage::RenamePreset { name: "n".into(), to: "m".into() },
        ClientMessage::DeletePreset { name: "n".into() },
        ClientMessage::DefaultPreset { name: Some("n".into()) },
        ClientMessage::DefaultPreset { name: None },
        ClientMessage::ChangeQueued { chat, key: "k".into(), text: None },
        ClientMessage::ChangeQueued { chat, key: "k".into(), text: Some("x".into()) },
        ClientMessage::SendQueued { chat },
        ClientMessage::Draft { chat: None, text: "\"".into() },
        ClientMessage::Again { message, times: 3 },
        ClientMessage::Compare { message, model: ModelId("a".into()), sampling: sampling() },
        ClientMessage::Edit { key: "k".into(), message, text: "x".into() },
        ClientMessage::Walk { message },
        ClientMessage::DeleteMessage { message },
        ClientMessage::RestoreMessage { message },
        ClientMessage::Fork { message },
        ClientMessage::Arrange { chat, place: Place::default() },
        ClientMessage::Arrange {
            chat,
            place: Place { is_pinned: true, is_archived: true, folder: Some(FolderId(2)) },
        },
        ClientMessage::NameFolder { folder: None, name: "n".into(), chat: Some(chat) },
        ClientMessage::NameFolder { folder: Some(FolderId(2)), name: "n".into(), chat: None },
        ClientMessage::DeleteFolder { folder: FolderId(2) },
        ClientMessage::Search { text: "é".into() },
        ClientMessage::Stop { message },
        ClientMessage::AnswerNow { message },
        ClientMessage::Continue { message },
        ClientMessage::LoadAnyway { message },
        ClientMessage::Rename { chat, title: "x".into() },
        ClientMessage::Delete { chat },
        ClientMessage::Restore { chat },
        ClientMessage::ChooseModel { model: ModelId("a\"b".into()) },
        ClientMessage::SetSampling { sampling: sampling() },
        ClientMessage::SetSampling { sampling: Sampling::default() },
        ClientMessage::LookForModels,
        ClientMessage::GetStarter,
        ClientMessage::Rest,
    ] {
        let json = write_later(&said);
        let read: ClientMessage = serde_json::from_str(&json).expect(&json);
        assert_eq!(read, said);
        assert!([json.as_str(), ""].contains(&write(&said).as_str()), "{json}");
    }
}

#[test]
fn what_cannot_be_read_names_what_is_missing() {
    assert_eq!(read("x"), Err("not JSON"));
    assert_eq!(read("[]"), Err("neither a name nor an object"));
    assert_eq!(read(r#"{"newer":{}}"#), Err("kind of message"));
    assert_eq!(read(r#"{"delta":{"message":1,"at":-1,"text":""}}"#), Err("at"));
}
