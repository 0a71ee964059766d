//! One chat with an engine, watched as its reader would.

use std::time::{Duration, Instant};

use anyhow::Result;
use wick_protocol::Sampling;

use crate::engine::frame::{Role, Turn, Usage};
use crate::engine::{Engine, Event, Keep, ModelFile, Owner, Request};

/// What was said in a chat so far.
pub struct Talk<'a> {
    model: &'a ModelFile,
    n_tokens: u32,
    turns: Vec<Turn>,
}

/// An answer.
pub struct Answer {
    /// From asking to the first text.
    pub first: Duration,
    /// What it took.
    pub usage: Usage,
}

impl<'a> Talk<'a> {
    /// Nothing was said yet; each answer has so many tokens.
    pub fn new(model: &'a ModelFile, n_tokens: u32) -> Self {
        Self { model, n_tokens, turns: Vec::new() }
    }

    /// Says something and waits for the end of the answer.
    pub async fn say(&mut self, engine: &Engine, text: String) -> Result<Answer> {
        self.turns.push(Turn { role: Role::User, text });
        let max_tokens = Some(self.n_tokens);
        let sampling = Sampling { temperature: 0.0, max_tokens, ..Sampling::default() };
        let request = Request {
            model: self.model.clone(),
            owner: Owner(1),
            turns: self.turns.clone(),
            begun: String::new(),
            sampling,
            ignore_end: true,
            keep: Keep::default(),
            anyway: false,
        };
        let asked = Instant::now();
        let mut generation = engine.generate(request)?;
        let (mut first, mut text) = (None, String::new());
        loop {
            match generation.next().await? {
                Event::Text(more) => {
                    first.get_or_insert_with(|| asked.elapsed());
                    text.push_str(&more);
                }
                Event::Done(_, usage) => {
                    self.turns.push(Turn { role: Role::Assistant, text });
                    return Ok(Answer { first: first.unwrap_or_else(|| asked.elapsed()), usage });
                }
                Event::Waiting(_)
                | Event::Loading(_)
                | Event::Reading { .. }
                | Event::Looking { .. } => (),
            }
        }
    }
}
