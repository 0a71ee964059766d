//! The format of an answer: a JSON schema, or a grammar as Lark writes them, says before each token which
//! ones may come. llguidance reads both.

use anyhow::{Context as _, Result, bail};
use llama_cpp_2::sampling::LlamaSampler;
use llguidance::api::TopLevelGrammar;
use llguidance::{Matcher, ParserFactory};
use serde_json::{Value, json};

use super::{Model, Token};

/// Where a schema says nothing else: models that lay JSON out in lines may do so, and none goes on with
/// spaces for ever.
const SPACES: &str = r"[ \n]{0,40}";

/// What all formats of a model are made with. It knows every token, and is made when the first answer
/// has a format: that takes a moment (0.1 to 1 s).
#[derive(Default)]
pub struct Formats(Option<ParserFactory>);

/// What may come next of one answer.
pub struct Format(Matcher);

impl Formats {
    /// Reads a schema, which begins with a brace, or a grammar.
    pub fn read(&mut self, model: &Model, written: &str) -> Result<Format> {
        let grammar = if written.trim_start().starts_with('{') {
            TopLevelGrammar::from_json_schema(schema(written)?)
        } else {
            TopLevelGrammar::from_lark(written.to_owned())
        };
        let made = match self.0.take() {
            Some(made) => made,
            None => learn(model)?,
        };
        let matcher = Matcher::new(self.0.insert(made).create_parser(grammar));
        match matcher.get_error() {
            None => Ok(Format(matcher)),
            Some(err) => bail!("{err}"),
        }
    }
}

impl Format {
    /// Hears what the answer begins with, or the token that was chosen. False when that is not of
    /// this format.
    pub fn hear(&mut self, tokens: &[Token]) -> bool {
        let tokens: Vec<u32> = tokens.iter().map(|token| token.0.cast_unsigned()).collect();
        self.0.consume_tokens(&tokens).is_ok()
    }

    /// Whether each token may come next; `None` where that takes too much to find out.
    pub fn allowed(&mut self) -> Option<impl Fn(i32) -> bool + use<>> {
        let mask = self.0.compute_mask_or_eos().ok()?;
        Some(move |token: i32| mask.is_allowed(token.cast_unsigned()))
    }
}

fn learn(model: &Model) -> Result<ParserFactory> {
    let tokens = LlamaSampler::llguidance_tok_env(model.wrapped());
    let mut factory = ParserFactory::new_simple(&tokens)?;
    factory.quiet();
    factory.limits_mut().verbose_errors = false;
    Ok(factory)
}

fn schema(written: &str) -> Result<Value> {
    let mut schema: Value = serde_json::from_str(written).context("It is not JSON")?;
    if let Value::Object(it) = &mut schema {
        it.entry("x-guidance").or_insert_with(|| json!({ "whitespace_pattern": SPACES }));
    }
    Ok(schema)
}
