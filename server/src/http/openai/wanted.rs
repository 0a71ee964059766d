//! What of a request can be done.

use serde_json::{Value, json};
use wick_protocol::{Own, Sampling, attached};

use super::body::{Body, Content, Message, Part, ResponseFormat, Speaker, Stop};
use super::problem::Problem;
use crate::engine::frame::{Role, Turn};

/// A request that can be done.
#[derive(Debug)]
pub struct Wanted {
    /// What the program calls the model; may be empty.
    pub model: String,
    /// What was said, oldest first.
    pub turns: Vec<Turn>,
    /// What the answer begins with.
    pub begun: String,
    /// How tokens are chosen.
    pub sampling: Sampling,
    /// What the request leaves to the model.
    pub own: Own,
    /// Goes on when the model says that it is done.
    pub ignore_end: bool,
    /// In pieces, as they are written.
    pub in_pieces: bool,
    /// With a last piece that says what the answer took.
    pub with_usage: bool,
}

impl TryFrom<Body> for Wanted {
    type Error = Problem;

    fn try_from(body: Body) -> Result<Self, Problem> {
        if body.n.is_some_and(|n| n != 1) {
            return Err(Problem::Invalid("Wick writes one answer at a time: n is 1".into()));
        }
        if body.messages.is_empty() {
            return Err(Problem::Invalid("There are no messages to answer".into()));
        }
        if body.grammar.is_some_and(|grammar| !grammar.trim().is_empty()) {
            let says = "Wick reads no GBNF: response_format and json_schema take a JSON schema";
            return Err(Problem::Invalid(says.into()));
        }
        let usual = Sampling::default();
        let own = Own([
            body.temperature.is_none(),
            body.top_k.is_none(),
            body.top_p.is_none(),
            body.min_p.is_none(),
            body.repeat_penalty.is_none(),
        ]);
        let sampling = Sampling {
            temperature: body.temperature.unwrap_or(usual.temperature),
            top_k: body.top_k.map_or(usual.top_k, not_negative),
            top_p: body.top_p.unwrap_or(usual.top_p),
            min_p: body.min_p.unwrap_or(usual.min_p),
            repeat_penalty: body.repeat_penalty.unwrap_or(usual.repeat_penalty),
            // As in llama-server, -1 is another seed each time and no limit.
            seed: body.seed.filter(|&seed| 0 <= seed).map(|seed| seed as u32),
            max_tokens: body
                .max_completion_tokens
                .or(body.max_tokens)
                .filter(|&most| 0 <= most)
                .map(not_negative),
            stop: match body.stop {
                None => Vec::new(),
                Some(Stop::One(stop)) => vec![stop],
                Some(Stop::Several(stops)) => stops,
            },
            format: match body.response_format {
                Some(ResponseFormat::JsonObject { schema }) => {
                    written(&schema.or(body.json_schema).unwrap_or(json!({ "type": "object" })))?
                }
                Some(ResponseFormat::JsonSchema { json_schema }) => written(&json_schema.schema)?,
                None | Some(ResponseFormat::Text) => {
                    body.json_schema.as_ref().map_or(Ok(String::new()), written)?
                }
            },
        };
        sampling.check()?;
        let mut turns: Vec<Turn> = body.messages.into_iter().map(Turn::from).collect();
        let begun = turns.pop_if(|last| last.role == Role::Assistant);
        Ok(Wanted {
            model: body.model.unwrap_or_default(),
            turns,
            begun: begun.map(|turn| turn.text).unwrap_or_default(),
            sampling,
            own,
            ignore_end: body.ignore_eos.unwrap_or(false),
            in_pieces: body.stream.unwrap_or(false),
            with_usage: body.stream_options.and_then(|it| it.include_usage).unwrap_or(false),
        })
    }
}

impl From<Message> for Turn {
    fn from(message: Message) -> Self {
        let role = match message.role {
            Speaker::System | Speaker::Developer => Role::System,
            Speaker::User => Role::User,
            Speaker::Assistant => Role::Assistant,
        };
        let text = match message.content {
            Content::Text(text) => text,
            Content::Parts(parts) => {
                let (mut texts, mut pictures) = (Vec::new(), Vec::new());
                for part in parts {
                    match part {
                        Part::Text { text } => texts.push(text),
                        Part::Picture(picture) => pictures.push(picture),
                        // Every one was read before.
                        Part::ImageUrl { .. } => (),
                    }
                }
                attached::joined(&texts.join("\n"), &pictures.join("\n\n"))
            }
        };
        Turn { role, text }
    }
}

/// A schema as the engine reads it.
fn written(schema: &Value) -> Result<String, Problem> {
    if schema.is_object() {
        return Ok(schema.to_string());
    }
    Err(Problem::Invalid("A JSON schema is an object".into()))
}

fn not_negative(number: i64) -> u32 {
    number.clamp(0, u32::MAX.into()) as u32
}

#[cfg(test)]
#[path = "wanted_tests.rs"]
mod tests;
