//! Through the front door: bytes in, an archive out, and back.

mod foreign;
mod hostile;
mod html;
mod markdown;
mod own;
mod trees;
mod zips;

use wick_protocol::{AnswerState, Finish};

use crate::{Archive, Author, Chat, Message};

/// Made-up files, one of each kind that can be read.
const SAMPLES: [&[u8]; 6] = [
    include_bytes!("../samples/wick.json"),
    include_bytes!("../samples/chatgpt.json"),
    include_bytes!("../samples/open-webui.json"),
    include_bytes!("../samples/lm-studio.conversation.json"),
    include_bytes!("../samples/llama-server.json"),
    include_bytes!("../samples/llama-server.jsonl"),
];

fn read(text: impl AsRef<[u8]>) -> Archive {
    Archive::read(text.as_ref()).expect("it can be read")
}

/// The only chat of a file.
fn only(text: impl AsRef<[u8]>) -> Chat {
    let mut chats = read(text).chats;
    assert_eq!(chats.len(), 1);
    chats.remove(0)
}

/// A chat as lines: parent, whether it is shown, author and text of each message.
fn lines(chat: &Chat) -> Vec<String> {
    let line = |message: &Message| {
        let parent = message.parent.map_or("-".to_owned(), |parent| parent.to_string());
        let mark = if message.is_shown { "*" } else { " " };
        let author = match &message.author {
            Author::Person => "You",
            Author::Model { name, .. } => name,
        };
        format!("{parent}{mark}{author}: {}", message.text)
    };
    chat.messages.iter().map(line).collect()
}

fn person(parent: Option<usize>, text: &str) -> Message {
    Message { parent, author: Author::Person, text: text.into(), sent: 0, is_shown: true }
}

fn model(parent: Option<usize>, text: &str) -> Message {
    let state = AnswerState::Finished { why: Finish::EndOfTurn };
    let author = Author::Model { name: "Tiny".into(), state, stats: None };
    Message { parent, author, text: text.into(), sent: 0, is_shown: true }
}

fn chat(title: &str, messages: Vec<Message>) -> Chat {
    let title = title.to_owned();
    let (created, changed) = (1_791_104_700_000, 1_791_104_760_000);
    let (is_pinned, is_archived, folder, instructions) = (false, false, None, String::new());
    Chat { title, created, changed, is_pinned, is_archived, folder, instructions, messages }
}
