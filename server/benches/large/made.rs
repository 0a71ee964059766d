//! A model file in the shape of one with 3B parameters, as llama.cpp quantises it to `Q4_K_M`. No
//! such model is small enough to be fetched for a measurement.
//!
//! Header and vocabulary are those of the test model with other dimensions; the weights are noise.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::header;
use super::support::SMOL;
use super::weights::{Kind, Noise};

/// Dimensions, as those of Llama 3.2 3B.
pub const N_LAYERS: u32 = 28;
pub const EMBEDDING: u32 = 3072;
pub const FEED_FORWARD: u32 = 8192;
pub const N_HEADS: u32 = 24;
pub const N_HEADS_KV: u32 = 8;
pub const HEAD: u32 = 128;

/// Bytes of a cell of its context: a key and a value of 16 bits for each head of each layer.
pub const CELL_BYTES: u32 = N_LAYERS * N_HEADS_KV * HEAD * 2 * 2;

/// Tokens of the test model's vocabulary.
const N_TOKENS: u32 = 49_152;

/// Where tensors begin in a file.
const ALIGNMENT: u64 = 32;

/// A tensor of the file.
struct Tensor {
    name: String,
    /// Values of a row, and rows; vectors have one.
    shape: (u32, u32),
    kind: Kind,
}

/// Makes the file beside the folder of the test models, unless it is there.
pub fn ensure(models: &Path) -> PathBuf {
    let folder = models.parent().unwrap().join("made");
    let path = folder.join("Noise-3B.Q4_K_M.gguf");
    if !path.exists() {
        eprintln!("Making {}, 1.8 GiB", path.display());
        fs::create_dir_all(&folder).unwrap();
        let part = path.with_extension("part");
        let source = fs::read(models.join(SMOL)).unwrap();
        write(&mut BufWriter::new(File::create(&part).unwrap()), &source);
        // It only gets its name when it is whole.
        fs::rename(part, &path).unwrap();
    }
    path
}

fn write(to: &mut impl Write, source: &[u8]) {
    let tensors = tensors();
    let mut head = header::of(source, tensors.len() as u64);
    let mut offset = 0;
    for tensor in &tensors {
        header::text(&mut head, &tensor.name);
        let (row, n_rows) = tensor.shape;
        let dims = if n_rows == 1 { vec![row] } else { vec![row, n_rows] };
        head.extend((dims.len() as u32).to_le_bytes());
        for dim in dims {
            head.extend(u64::from(dim).to_le_bytes());
        }
        head.extend(tensor.kind.number().to_le_bytes());
        head.extend(u64::to_le_bytes(offset));
        offset += tensor.n_bytes().next_multiple_of(ALIGNMENT);
    }
    head.resize((head.len() as u64).next_multiple_of(ALIGNMENT) as usize, 0);
    to.write_all(&head).unwrap();
    let mut noise = Noise::new();
    for tensor in &tensors {
        let n_bytes = tensor.n_bytes();
        noise.write(to, tensor.kind, n_bytes);
        let gap = n_bytes.next_multiple_of(ALIGNMENT) - n_bytes;
        to.write_all(&vec![0; gap as usize]).unwrap();
    }
    to.flush().unwrap();
}

/// What a model of the architecture `llama` has. The output has more bits than the rest, and so
/// has, in half of the layers, what their sums depend on most.
fn tensors() -> Vec<Tensor> {
    let tensor = |name: String, shape, kind| Tensor { name, shape, kind };
    let mut tensors = vec![
        tensor("token_embd.weight".into(), (EMBEDDING, N_TOKENS), Kind::Q4K),
        tensor("output_norm.weight".into(), (EMBEDDING, 1), Kind::F32),
        tensor("output.weight".into(), (EMBEDDING, N_TOKENS), Kind::Q6K),
    ];
    for layer in 0..N_LAYERS {
        let fine = if has_more_bits(layer) { Kind::Q6K } else { Kind::Q4K };
        let keys = N_HEADS_KV * HEAD;
        for (name, shape, kind) in [
            ("attn_norm", (EMBEDDING, 1), Kind::F32),
            ("attn_q", (EMBEDDING, EMBEDDING), Kind::Q4K),
            ("attn_k", (EMBEDDING, keys), Kind::Q4K),
            ("attn_v", (EMBEDDING, keys), fine),
            ("attn_output", (EMBEDDING, EMBEDDING), Kind::Q4K),
            ("ffn_norm", (EMBEDDING, 1), Kind::F32),
            ("ffn_gate", (EMBEDDING, FEED_FORWARD), Kind::Q4K),
            ("ffn_up", (EMBEDDING, FEED_FORWARD), Kind::Q4K),
            ("ffn_down", (FEED_FORWARD, EMBEDDING), fine),
        ] {
            tensors.push(tensor(format!("blk.{layer}.{name}.weight"), shape, kind));
        }
    }
    tensors
}

/// As `use_more_bits` of llama.cpp (`src/llama-quant.cpp`).
fn has_more_bits(layer: u32) -> bool {
    let eighth = N_LAYERS / 8;
    layer < eighth || 7 * N_LAYERS / 8 <= layer || (layer - eighth) % 3 == 2
}

impl Tensor {
    fn n_bytes(&self) -> u64 {
        let (values, bytes) = self.kind.block();
        u64::from(self.shape.0) * u64::from(self.shape.1) / values * bytes
    }
}
