//! What is sent back: whole answers, pieces of them, and what they took.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use wick_protocol::Finish;

use crate::engine::frame::Usage;

/// What all that is sent for one answer begins with.
#[derive(Clone, Serialize)]
pub struct Head {
    id: String,
    created: u64,
    model: String,
}

/// A whole answer.
#[derive(Serialize)]
pub struct Completion {
    #[serde(flatten)]
    head: Head,
    object: &'static str,
    choices: [Choice; 1],
    usage: Took,
}

/// A piece of an answer; the last one may have the usage and no choice.
#[derive(Serialize)]
pub struct Chunk {
    #[serde(flatten)]
    head: Head,
    object: &'static str,
    choices: Vec<Piece>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<Took>,
}

#[derive(Serialize)]
struct Choice {
    index: u32,
    message: Message,
    finish_reason: &'static str,
}

#[derive(Serialize)]
struct Piece {
    index: u32,
    delta: Message,
    finish_reason: Option<&'static str>,
}

#[derive(Default, Serialize)]
struct Message {
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<String>,
}

#[derive(Serialize)]
struct Took {
    prompt_tokens: usize,
    completion_tokens: usize,
    total_tokens: usize,
    prompt_tokens_details: PromptTokens,
}

#[derive(Serialize)]
struct PromptTokens {
    cached_tokens: usize,
}

impl Head {
    /// For an answer of this model that begins now.
    pub fn new(model: String) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let id = format!("chatcmpl-{:x}-{number}", now.as_millis());
        Self { id, created: now.as_secs(), model }
    }

    /// All of an answer.
    pub fn whole(self, text: String, why: Finish, usage: &Usage) -> Completion {
        let message = Message { role: Some("assistant"), content: Some(text) };
        let choice = Choice { index: 0, message, finish_reason: reason(why) };
        let usage = usage.into();
        Completion { head: self, object: "chat.completion", choices: [choice], usage }
    }

    /// The first piece, which says who speaks.
    pub fn first(&self) -> Chunk {
        let message = Message { role: Some("assistant"), content: Some(String::new()) };
        self.chunk(message, None)
    }

    /// More text.
    pub fn more(&self, text: String) -> Chunk {
        self.chunk(Message { role: None, content: Some(text) }, None)
    }

    /// The piece that says why the answer ended.
    pub fn end(&self, why: Finish) -> Chunk {
        self.chunk(Message::default(), Some(reason(why)))
    }

    /// The piece that says what the answer took.
    pub fn usage(&self, usage: &Usage) -> Chunk {
        let usage = Some(usage.into());
        Chunk { head: self.clone(), object: CHUNK, choices: Vec::new(), usage }
    }

    fn chunk(&self, delta: Message, finish_reason: Option<&'static str>) -> Chunk {
        let choices = vec![Piece { index: 0, delta, finish_reason }];
        Chunk { head: self.clone(), object: CHUNK, choices, usage: None }
    }
}

const CHUNK: &str = "chat.completion.chunk";

impl From<&Usage> for Took {
    fn from(usage: &Usage) -> Self {
        let cached_tokens = usage.kept.all();
        let (prompt_tokens, completion_tokens) = (cached_tokens + usage.n_read, usage.n_written);
        Self {
            prompt_tokens,
            completion_tokens,
            total_tokens: prompt_tokens + completion_tokens,
            prompt_tokens_details: PromptTokens { cached_tokens },
        }
    }
}

fn reason(why: Finish) -> &'static str {
    match why {
        Finish::EndOfTurn | Finish::StopString | Finish::Edited | Finish::Stopped => "stop",
        Finish::Length | Finish::ContextFull => "length",
    }
}
