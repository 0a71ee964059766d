//! What the keys of a header say of the model.

use std::collections::HashMap;

use wick_protocol::Sampling;

use super::kinds::quantisation;
use super::{Header, HeaderError, MOST_LAYERS};
use crate::engine::Shape;

/// The value of a key, as far as it is kept.
pub enum Value {
    /// A whole number.
    Number(u64),
    /// A number of 32 bits that need not be whole.
    Float(f32),
    /// A text.
    Text(String),
    /// The numbers are there when they are whole and few.
    List {
        /// How many there are.
        n_entries: u64,
        /// Where the first one is in the file.
        at: u64,
        /// All of them, or none.
        numbers: Vec<u64>,
    },
}

impl Value {
    /// The number that it is.
    pub fn number(&self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Float(_) | Self::Text(_) | Self::List { .. } => None,
        }
    }

    /// The number that it is, which need not be whole.
    fn float(&self) -> Option<f32> {
        match self {
            Self::Float(number) => Some(*number),
            Self::Number(_) | Self::Text(_) | Self::List { .. } => None,
        }
    }

    /// A number that holds for every layer, or one for each.
    fn of_layers(&self, n_layers: usize) -> Option<Vec<u64>> {
        match self {
            Self::Number(number) => Some(vec![*number; n_layers]),
            Self::List { numbers, .. } if numbers.len() == n_layers => Some(numbers.clone()),
            Self::Float(_) | Self::Text(_) | Self::List { .. } => None,
        }
    }

    /// Entries of a list.
    pub fn n_entries(&self) -> u64 {
        match self {
            Self::Number(_) | Self::Float(_) | Self::Text(_) => 0,
            Self::List { n_entries, .. } => *n_entries,
        }
    }

    /// A text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Number(_) | Self::Float(_) | Self::List { .. } => None,
            Self::Text(text) => Some(text),
        }
    }
}

/// What the model is, from all keys of its header.
pub fn understand(keys: &HashMap<String, Value>) -> Result<Header, HeaderError> {
    let text = |key: &str| keys.get(key).and_then(Value::text);
    let number = |key: &str| keys.get(key).and_then(Value::number);
    let architecture = text("general.architecture");
    match text("general.type") {
        _ if architecture == Some("clip") => return Err(eyes(keys)),
        None | Some("model") => (),
        Some("mmproj") => return Err(eyes(keys)),
        Some("adapter") => return Err(HeaderError::NoModel("an adapter for a model")),
        Some(_) => return Err(HeaderError::NoModel("something else")),
    }
    let Some(architecture) = architecture else {
        return Err(HeaderError::Damaged("the architecture is missing"));
    };
    let of_architecture = |key: &str| number(&format!("{architecture}.{key}"));
    // Later parts of a model in several files have no layers of their own to count.
    if of_architecture("block_count").is_some_and(|n| !(1..=MOST_LAYERS).contains(&n)) {
        return Err(HeaderError::Damaged("its number of layers"));
    }
    let context = of_architecture("context_length").unwrap_or(0);
    Ok(Header {
        size_label: text("general.size_label").map(str::to_owned),
        quantisation: number("general.file_type").and_then(quantisation),
        context: u32::try_from(context).map_err(|_| HeaderError::Damaged("its context length"))?,
        has_template: text("tokenizer.chat_template").is_some(),
        usual: usual(keys),
        n_parts: number("split.count").map_or(1, |n| n.clamp(1, 1000) as u32),
        shape: shape(keys, architecture),
    })
}

/// A projector of mtmd: for pictures, or for sound only.
fn eyes(keys: &HashMap<String, Value>) -> HeaderError {
    let number = |key: &str| keys.get(key).and_then(Value::number);
    if number("clip.has_vision_encoder") == Some(0) {
        return HeaderError::NoModel("the ears of a model");
    }
    HeaderError::Eyes { width: number("clip.vision.projection_dim").unwrap_or(0) }
}

/// What those who made the model recommend, as llama.cpp names it (`LLM_KV_GENERAL_SAMPLING_…`).
/// A value that can't be used is not.
fn usual(keys: &HashMap<String, Value>) -> Sampling {
    let value = |name: &str| keys.get(&format!("general.sampling.{name}"));
    let float = |name: &str| value(name).and_then(Value::float);
    let mut usual = Sampling::default();
    let mut take = |put: &dyn Fn(&mut Sampling) -> Option<()>| {
        let mut tried = usual.clone();
        if put(&mut tried).is_some() && tried.check().is_ok() {
            usual = tried;
        }
    };
    take(&|it| float("temp").map(|value| it.temperature = value));
    take(&|it| float("top_p").map(|value| it.top_p = value));
    take(&|it| float("min_p").map(|value| it.min_p = value));
    take(&|it| float("penalty_repeat").map(|value| it.repeat_penalty = value));
    take(&|it| {
        // It has 32 bits and a sign; less than 1 is all of them.
        let value = value("top_k").and_then(Value::number)? as u32;
        it.top_k = value.cast_signed().max(0).cast_unsigned();
        Some(())
    });
    usual
}

/// What is missing is what llama.cpp takes it to be.
fn shape(keys: &HashMap<String, Value>, architecture: &str) -> Option<Shape> {
    let value = |key: &str| keys.get(&format!("{architecture}.{key}"));
    let number = |key: &str| value(key).and_then(Value::number);
    let n_layers = number("block_count")? as usize;
    let of_layers = |key: &str| value(key).and_then(|it| it.of_layers(n_layers));
    let embedding_length = number("embedding_length")?;
    let n_heads = of_layers("attention.head_count").unwrap_or_default();
    let n_heads_kv = of_layers("attention.head_count_kv").unwrap_or_else(|| n_heads.clone());
    let most_heads = n_heads.iter().copied().max().unwrap_or(1).max(1);
    let even = embedding_length / most_heads;
    let widest = of_layers("feed_forward_length").and_then(|them| them.into_iter().max());
    let tokens = match keys.get("tokenizer.ggml.tokens") {
        Some(Value::List { n_entries, .. }) => Some(*n_entries),
        _ => None,
    };
    Some(Shape {
        embedding_length,
        feed_forward_length: widest.unwrap_or_else(|| embedding_length.saturating_mul(4)),
        n_heads: most_heads,
        n_heads_kv,
        key_length: number("attention.key_length").unwrap_or(even),
        value_length: number("attention.value_length").unwrap_or(even),
        n_vocabulary: number("vocab_size").or(tokens).unwrap_or(0),
    })
}
