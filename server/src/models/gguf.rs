//! The header of a GGUF file: what the model is called, what it needs, whether it is whole.
//!
//! It is read before llama.cpp sees the file and believes nothing: no allocation comes from a
//! count in the file, and every tensor must end inside the file. The format:
//! `ggml/docs/gguf.md` of the ggml project.

mod wording;

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;

use crate::engine::Shape;
pub use wording::wording;

/// The longest text in a header, in bytes.
const LONGEST_TEXT: u64 = 16 << 20;

/// The most entries in an array: four times the largest vocabulary known.
const MOST_ENTRIES: u64 = 64 << 20;

/// The most keys and the most tensors.
const MOST_KEYS: u64 = 1 << 16;

/// The most layers, and the longest list of numbers that is kept.
const MOST_LAYERS: u64 = 4096;

/// What a header says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// `general.size_label`, such as "135M".
    pub size_label: Option<String>,
    /// `general.file_type`, as a person writes it, such as "Q4_K_M".
    pub quantisation: Option<&'static str>,
    /// Tokens that the model was trained to look back on; 0 when it does not say.
    pub context: u32,
    /// Whether it brings a chat template.
    pub has_template: bool,
    /// In how many files the model is.
    pub n_parts: u32,
    /// How it is built, when it says.
    pub shape: Option<Shape>,
}

/// Why a file is not used. The messages are sentences for people.
#[derive(Debug, thiserror::Error)]
pub enum HeaderError {
    /// It does not begin as a GGUF does.
    #[error("This is not a GGUF file")]
    NotGguf,
    /// Written for other machines or by an unknown version.
    #[error("This is a GGUF of version {0}; versions 2 and 3 can be read")]
    Version(u32),
    /// The end is missing.
    #[error("The file is cut off: {have} of at least {need} bytes are there. Fetch it again")]
    Truncated {
        /// Bytes that are there.
        have: u64,
        /// Bytes that the header speaks of.
        need: u64,
    },
    /// A count or an offset that can't be.
    #[error("The header of the file is damaged: {0}. Fetch it again")]
    Damaged(&'static str),
    /// A file that holds something else than a model that writes text.
    #[error("This file holds {0} and no model that answers")]
    NoModel(&'static str),
    /// The disk or the rights.
    #[error("The file can't be read: {0}")]
    Io(#[from] io::Error),
}

impl Header {
    /// Reads and checks the header of a file.
    pub fn read(path: &Path) -> Result<Header, HeaderError> {
        let file = File::open(path)?;
        let have = file.metadata()?.len();
        match Reader::new(BufReader::with_capacity(1 << 18, file), have).header() {
            Err(HeaderError::Io(err)) if err.kind() == io::ErrorKind::UnexpectedEof => {
                Err(HeaderError::Truncated { have, need: have + 1 })
            }
            result => result,
        }
    }
}

struct Reader<R> {
    from: R,
    have: u64,
    at: u64,
}

impl<R: Read + Seek> Reader<R> {
    fn new(from: R, have: u64) -> Self {
        Self { from, have, at: 0 }
    }

    fn header(mut self) -> Result<Header, HeaderError> {
        let (n_tensors, keys) = self.keys()?;
        let header = understand(&keys)?;
        self.check_tensors(n_tensors, &keys)?;
        Ok(header)
    }

    /// How many tensors there are, and what is said before them.
    fn keys(&mut self) -> Result<(u64, HashMap<String, Value>), HeaderError> {
        let mut magic = [0; 4];
        if self.from.read_exact(&mut magic).is_err() || &magic != b"GGUF" {
            return Err(HeaderError::NotGguf);
        }
        self.at = 4;
        match self.u32()? {
            2 | 3 => (),
            version => return Err(HeaderError::Version(version)),
        }
        let n_tensors = self.count(MOST_KEYS, "its number of tensors")?;
        let n_keys = self.count(MOST_KEYS, "its number of keys")?;
        let mut keys = HashMap::new();
        for _ in 0..n_keys {
            let key = self.text()?;
            if let Some(value) = self.value()? {
                keys.insert(key, value);
            }
        }
        Ok((n_tensors, keys))
    }

    /// Every tensor must end inside the file.
    fn check_tensors(
        &mut self,
        n_tensors: u64,
        keys: &HashMap<String, Value>,
    ) -> Result<(), HeaderError> {
        let alignment = keys.get("general.alignment").and_then(Value::number).unwrap_or(32);
        if !alignment.is_power_of_two() || (1 << 20) < alignment {
            return Err(HeaderError::Damaged("its alignment"));
        }
        let mut end = 0;
        for _ in 0..n_tensors {
            let _name = self.text()?;
            let n_dims = self.u32()?;
            if 4 < n_dims {
                return Err(HeaderError::Damaged("the shape of a tensor"));
            }
            let mut n_values: u64 = 1;
            for _ in 0..n_dims {
                let dim = self.u64()?;
                n_values = n_values
                    .checked_mul(dim)
                    .filter(|&n| n < 1 << 48)
                    .ok_or(HeaderError::Damaged("the shape of a tensor"))?;
            }
            let kind = self.u32()?;
            let offset = self.u64()?;
            let size = size_of_values(kind, n_values);
            let tensor_end = offset.checked_add(size).ok_or(HeaderError::Damaged("an offset"))?;
            end = end.max(tensor_end);
        }
        let data = self.at.next_multiple_of(alignment);
        let need = data.checked_add(end).ok_or(HeaderError::Damaged("an offset"))?;
        if self.have < need {
            return Err(HeaderError::Truncated { have: self.have, need });
        }
        Ok(())
    }

    fn value(&mut self) -> Result<Option<Value>, HeaderError> {
        let kind = self.u32()?;
        self.value_of(kind)
    }

    /// Numbers and texts are kept, short lists of whole numbers too; of others their length.
    fn value_of(&mut self, kind: u32) -> Result<Option<Value>, HeaderError> {
        Ok(match kind {
            8 => Some(Value::Text(self.text()?)),
            9 => {
                let kind = self.u32()?;
                let n_entries = self.count(MOST_ENTRIES, "the length of a list")?;
                Some(self.list(kind, n_entries)?)
            }
            kind => {
                let number = self.whole(kind)?;
                let is_float = matches!(kind, 6 | 12);
                (!is_float).then_some(Value::Number(number))
            }
        })
    }

    fn list(&mut self, kind: u32, n_entries: u64) -> Result<Value, HeaderError> {
        let (at, mut numbers) = (self.at, Vec::new());
        if n_entries <= MOST_LAYERS && !matches!(kind, 6 | 8 | 9 | 12) {
            for _ in 0..n_entries {
                numbers.push(self.whole(kind)?);
            }
        } else {
            self.pass_entries(kind, n_entries)?;
        }
        Ok(Value::List { n_entries, at, numbers })
    }

    fn whole(&mut self, kind: u32) -> Result<u64, HeaderError> {
        let mut bytes = [0; 8];
        self.bytes(&mut bytes[..width(kind)?])?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn pass_entries(&mut self, kind: u32, n_entries: u64) -> Result<(), HeaderError> {
        match kind {
            8 => {
                for _ in 0..n_entries {
                    let length = self.count(LONGEST_TEXT, "the length of a text")?;
                    self.skip(length)?;
                }
                Ok(())
            }
            9 => Err(HeaderError::Damaged("a list of lists")),
            kind => self.skip(n_entries * width(kind)? as u64),
        }
    }

    fn text(&mut self) -> Result<String, HeaderError> {
        let length = self.count(LONGEST_TEXT, "the length of a text")?;
        self.check_left(length)?;
        let mut bytes = vec![0; length as usize];
        self.bytes(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn count(&mut self, most: u64, what: &'static str) -> Result<u64, HeaderError> {
        match self.u64()? {
            count if count <= most => Ok(count),
            _ => Err(HeaderError::Damaged(what)),
        }
    }

    fn u32(&mut self) -> Result<u32, HeaderError> {
        let mut bytes = [0; 4];
        self.bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn u64(&mut self) -> Result<u64, HeaderError> {
        let mut bytes = [0; 8];
        self.bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn bytes(&mut self, bytes: &mut [u8]) -> Result<(), HeaderError> {
        self.from.read_exact(bytes)?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    fn skip(&mut self, n_bytes: u64) -> Result<(), HeaderError> {
        self.check_left(n_bytes)?;
        self.from.seek_relative(n_bytes as i64)?;
        self.at += n_bytes;
        Ok(())
    }

    fn check_left(&self, n_bytes: u64) -> Result<(), HeaderError> {
        let need = self.at + n_bytes;
        if self.have < need {
            return Err(HeaderError::Truncated { have: self.have, need });
        }
        Ok(())
    }
}

enum Value {
    Number(u64),
    Text(String),
    /// The numbers are there when they are whole and few.
    List {
        n_entries: u64,
        /// Where the first one is in the file.
        at: u64,
        numbers: Vec<u64>,
    },
}

impl Value {
    fn number(&self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(_) | Self::List { .. } => None,
        }
    }

    /// Entries of a list.
    fn n_entries(&self) -> u64 {
        match self {
            Self::Number(_) | Self::Text(_) => 0,
            Self::List { n_entries, .. } => *n_entries,
        }
    }

    /// A number that holds for every layer, or one for each.
    fn of_layers(&self, n_layers: usize) -> Option<Vec<u64>> {
        match self {
            Self::Number(number) => Some(vec![*number; n_layers]),
            Self::List { numbers, .. } if numbers.len() == n_layers => Some(numbers.clone()),
            Self::Text(_) | Self::List { .. } => None,
        }
    }

    fn text(&self) -> Option<&str> {
        match self {
            Self::Number(_) | Self::List { .. } => None,
            Self::Text(text) => Some(text),
        }
    }
}

fn understand(keys: &HashMap<String, Value>) -> Result<Header, HeaderError> {
    let text = |key: &str| keys.get(key).and_then(Value::text);
    let number = |key: &str| keys.get(key).and_then(Value::number);
    match text("general.type") {
        None | Some("model") => (),
        Some("mmproj") => return Err(HeaderError::NoModel("the eyes of a model")),
        Some("adapter") => return Err(HeaderError::NoModel("an adapter for a model")),
        Some(_) => return Err(HeaderError::NoModel("something else")),
    }
    let Some(architecture) = text("general.architecture") else {
        return Err(HeaderError::Damaged("the architecture is missing"));
    };
    if architecture == "clip" {
        return Err(HeaderError::NoModel("the eyes of a model"));
    }
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
        n_parts: number("split.count").map_or(1, |n| n.clamp(1, 1000) as u32),
        shape: shape(keys, architecture),
    })
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

/// Bytes of a plain value.
fn width(kind: u32) -> Result<usize, HeaderError> {
    match kind {
        0 | 1 | 7 => Ok(1),
        2 | 3 => Ok(2),
        4..=6 => Ok(4),
        10..=12 => Ok(8),
        _ => Err(HeaderError::Damaged("a value of an unknown kind")),
    }
}

/// Bytes of so many values of a tensor; 0 for kinds that are newer than this list. Values come
/// in blocks: (values, bytes) of a block as in `ggml.c`, `type_traits`.
fn size_of_values(kind: u32, n_values: u64) -> u64 {
    let (values, bytes) = match kind {
        0 | 26 => (1, 4),
        1 | 25 | 30 => (1, 2),
        2 | 20 => (32, 18),
        3 => (32, 20),
        6 => (32, 22),
        7 => (32, 24),
        8 => (32, 34),
        9 => (32, 36),
        10 => (256, 84),
        11 | 21 => (256, 110),
        12 => (256, 144),
        13 => (256, 176),
        14 => (256, 210),
        15 => (256, 292),
        16 | 35 => (256, 66),
        17 => (256, 74),
        18 => (256, 98),
        19 => (256, 50),
        22 => (256, 82),
        23 => (256, 136),
        24 => (1, 1),
        27 | 28 => (1, 8),
        29 => (256, 56),
        34 => (256, 54),
        39 => (32, 17),
        _ => return 0,
    };
    n_values.div_ceil(values).saturating_mul(bytes)
}

/// The name of a file type (`llama.h`, `llama_ftype`).
fn quantisation(file_type: u64) -> Option<&'static str> {
    Some(match file_type {
        0 => "F32",
        1 => "F16",
        2 => "Q4_0",
        3 => "Q4_1",
        7 => "Q8_0",
        8 => "Q5_0",
        9 => "Q5_1",
        10 => "Q2_K",
        11 => "Q3_K_S",
        12 => "Q3_K_M",
        13 => "Q3_K_L",
        14 => "Q4_K_S",
        15 => "Q4_K_M",
        16 => "Q5_K_S",
        17 => "Q5_K_M",
        18 => "Q6_K",
        19 => "IQ2_XXS",
        20 => "IQ2_XS",
        21 => "Q2_K_S",
        22 => "IQ3_XS",
        23 => "IQ3_XXS",
        24 => "IQ1_S",
        25 => "IQ4_NL",
        26 => "IQ3_S",
        27 => "IQ3_M",
        28 => "IQ2_S",
        29 => "IQ2_M",
        30 => "IQ4_XS",
        31 => "IQ1_M",
        32 => "BF16",
        36 => "TQ1_0",
        37 => "TQ2_0",
        38 => "MXFP4",
        _ => return None,
    })
}

#[cfg(test)]
#[path = "gguf_tests.rs"]
mod tests;
