//! A request as it comes: what may be there, and in which shapes.

use serde::Deserialize;
use serde_json::Value;

/// Every field may be left out or null, but for the messages.
#[derive(Deserialize)]
pub struct Body {
    pub model: Option<String>,
    pub messages: Vec<Message>,
    pub stream: Option<bool>,
    pub stream_options: Option<StreamOptions>,
    pub n: Option<i64>,
    pub temperature: Option<f32>,
    pub top_k: Option<i64>,
    pub top_p: Option<f32>,
    pub min_p: Option<f32>,
    pub repeat_penalty: Option<f32>,
    pub seed: Option<i64>,
    pub max_tokens: Option<i64>,
    pub max_completion_tokens: Option<i64>,
    pub stop: Option<Stop>,
    pub ignore_eos: Option<bool>,
    pub response_format: Option<ResponseFormat>,
    pub json_schema: Option<Value>,
    pub grammar: Option<String>,
}

/// How an answer in pieces is sent.
#[derive(Deserialize)]
pub struct StreamOptions {
    pub include_usage: Option<bool>,
}

/// What an answer has to look like.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ResponseFormat {
    Text,
    JsonObject { schema: Option<Value> },
    JsonSchema { json_schema: Named },
}

/// A schema with a name.
#[derive(Deserialize)]
pub struct Named {
    pub schema: Value,
}

/// One message.
#[derive(Deserialize)]
pub struct Message {
    pub role: Speaker,
    pub content: Content,
}

/// Who said it. A developer is the system by a newer name.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    System,
    Developer,
    User,
    Assistant,
}

/// What was said.
#[derive(Deserialize)]
#[serde(untagged, expecting = "content is a text or a list of parts that are texts and pictures")]
pub enum Content {
    Text(String),
    Parts(Vec<Part>),
}

/// A part of what was said.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Part {
    Text {
        text: String,
    },
    ImageUrl {
        image_url: Address,
    },
    /// A picture that was read, as it stands in a message.
    #[serde(skip)]
    Picture(String),
}

/// Where a picture is.
#[derive(Deserialize)]
pub struct Address {
    pub url: String,
}

/// What ends an answer.
#[derive(Deserialize)]
#[serde(untagged, expecting = "stop is a text or a list of texts")]
pub enum Stop {
    One(String),
    Several(Vec<String>),
}
