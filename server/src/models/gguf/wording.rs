//! How messages are laid out for a model, as its header says it: the same that llama.cpp says once
//! it has loaded the file.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use super::HeaderError;
use super::meaning::Value;
use super::reader::Reader;
use crate::engine::prompt::Wording;

/// Tokenizers of the kind "gpt2" that put the beginning in front where the header does not say
/// whether (`llama-vocab.cpp`).
const BEGIN_THEMSELVES: [&str; 11] = [
    "llama3",
    "llama-v3",
    "llama-bpe",
    "falcon3",
    "falcon-h1",
    "pixtral",
    "midm-2.0",
    "lfm2",
    "jina-v5-nano",
    "tekken",
    "chameleon",
];

/// Reads how messages are laid out for the model in this file.
pub fn wording(path: &Path) -> Result<Wording, HeaderError> {
    let file = File::open(path)?;
    let have = file.metadata()?.len();
    Reader::new(BufReader::with_capacity(1 << 18, file), have).wording()
}

impl<R: Read + Seek> Reader<R> {
    fn wording(mut self) -> Result<Wording, HeaderError> {
        let (_, keys) = self.keys()?;
        let usual = Usual::of(&keys);
        let number = |key: &str| keys.get(key).and_then(Value::number);
        let puts_begin = number("tokenizer.ggml.add_bos_token").map(|it| it != 0);
        let tokens = keys.get("tokenizer.ggml.tokens");
        let mut token = |key: &str, usual: Option<u64>| {
            let known = |id: &u64| tokens.is_some_and(|it| *id < it.n_entries());
            match number(key).filter(known).or(usual.filter(known)) {
                Some(id) => self.entry(tokens, id),
                None => Ok(String::new()),
            }
        };
        Ok(Wording {
            begin: token("tokenizer.ggml.bos_token_id", usual.begin)?,
            end: token("tokenizer.ggml.eos_token_id", usual.end)?,
            puts_begin: usual.must_put_begin || puts_begin.unwrap_or(usual.puts_begin),
            template: keys.get("tokenizer.chat_template").and_then(Value::text).map(str::to_owned),
        })
    }
}

/// What llama.cpp takes where the header does not say it.
#[derive(Default)]
struct Usual {
    begin: Option<u64>,
    end: Option<u64>,
    puts_begin: bool,
    must_put_begin: bool,
}

impl Usual {
    fn of(keys: &HashMap<String, Value>) -> Usual {
        let text = |key: &str| keys.get(key).and_then(Value::text);
        let pre = text("tokenizer.ggml.pre").unwrap_or_default();
        match text("tokenizer.ggml.model") {
            Some("llama") => {
                Usual { begin: Some(1), end: Some(2), puts_begin: true, must_put_begin: false }
            }
            Some("gpt2") => Usual {
                begin: Some(11),
                end: Some(11),
                puts_begin: BEGIN_THEMSELVES.contains(&pre),
                must_put_begin: pre == "gemma4",
            },
            Some("gemma4") => Usual { must_put_begin: true, ..Usual::default() },
            Some("t5") => Usual { end: Some(1), ..Usual::default() },
            _ => Usual::default(),
        }
    }
}
