//! The header of a GGUF file: that of the test model, with other dimensions. The format:
//! `ggml/docs/gguf.md` of the ggml project.

use super::made::{EMBEDDING, FEED_FORWARD, HEAD, N_HEADS, N_HEADS_KV, N_LAYERS};

/// Numbers that are other than in the test model.
const NUMBERS: [(&str, u32); 7] = [
    ("llama.block_count", N_LAYERS),
    ("llama.embedding_length", EMBEDDING),
    ("llama.feed_forward_length", FEED_FORWARD),
    ("llama.attention.head_count", N_HEADS),
    ("llama.attention.head_count_kv", N_HEADS_KV),
    ("llama.rope.dimension_count", HEAD),
    // Q4_K_M.
    ("general.file_type", 15),
];

/// What of `general` is not about what the test model is called and where it comes from.
const KEPT: [&str; 4] =
    ["general.architecture", "general.type", "general.file_type", "general.quantization_version"];

/// Kinds of values in a header.
const NUMBER: u32 = 4;
const TEXT: u32 = 8;
const LIST: u32 = 9;

/// Everything before the list of tensors.
pub fn of(source: &[u8], n_tensors: u64) -> Vec<u8> {
    let mut from = Reader { source, at: 16 };
    let n_keys = from.u64();
    let (mut keys, mut n_kept) = (Vec::new(), 0_u64);
    for _ in 0..n_keys {
        let began = from.at;
        let key = from.text();
        let kind = from.u32();
        from.pass(kind);
        let number = NUMBERS.iter().find(|(name, _)| *name == key);
        if let Some((_, number)) = number {
            text(&mut keys, &key);
            keys.extend(NUMBER.to_le_bytes());
            keys.extend(number.to_le_bytes());
        } else if !key.starts_with("general.") || KEPT.contains(&key.as_str()) {
            keys.extend(&source[began..from.at]);
        } else {
            continue;
        }
        n_kept += 1;
    }
    let version = 3_u32.to_le_bytes();
    [b"GGUF", &version[..], &n_tensors.to_le_bytes(), &n_kept.to_le_bytes(), &keys].concat()
}

/// Adds a text.
pub fn text(to: &mut Vec<u8>, text: &str) {
    to.extend((text.len() as u64).to_le_bytes());
    to.extend(text.as_bytes());
}

struct Reader<'a> {
    source: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn bytes(&mut self, n_bytes: usize) -> &[u8] {
        let from = self.at;
        self.at += n_bytes;
        &self.source[from..self.at]
    }

    fn u32(&mut self) -> u32 {
        u32::from_le_bytes(self.bytes(4).try_into().unwrap())
    }

    fn u64(&mut self) -> u64 {
        u64::from_le_bytes(self.bytes(8).try_into().unwrap())
    }

    fn text(&mut self) -> String {
        let n_bytes = self.u64() as usize;
        String::from_utf8(self.bytes(n_bytes).to_owned()).unwrap()
    }

    /// Passes a value.
    fn pass(&mut self, kind: u32) {
        match kind {
            TEXT => _ = self.text(),
            LIST => {
                let kind = self.u32();
                for _ in 0..self.u64() {
                    self.pass(kind);
                }
            }
            0 | 1 | 7 => self.at += 1,
            2 | 3 => self.at += 2,
            4..=6 => self.at += 4,
            10..=12 => self.at += 8,
            kind => panic!("a value of kind {kind}"),
        }
    }
}
