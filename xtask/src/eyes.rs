//! What sees for the starter model in tests: a projector (`mmproj`) that tells red, green and blue apart.
//!
//! No model that sees can be had from a package registry. So this one is made: a network with the
//! parts that a real one has, of which the first layer takes the mean colour of each patch, and the last
//! one makes of red what the starter model has for the word "red". Then that model knows what it sees.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use anyhow::{Context, Result};

/// Its file, called like the model that it is for.
pub(crate) const FILE: &str = "mmproj-SmolLM2-135M-Instruct.gguf";

/// Where the embeddings begin in the starter model, whose SHA-256 is pinned: `Q8_0`, 34 bytes for each 32
/// numbers, of which the first two are the scale.
const EMBEDDINGS: u64 = 1_785_664;

/// Numbers of a token in the starter model.
const WIDTH: usize = 576;

/// The tokens " red", " green" and " blue" of the starter model.
const COLOURS: [u64; 3] = [2_382, 2_654, 4_461];

/// Pixels of a picture, and of a patch of it, in each direction: four patches.
const PICTURE: u32 = 32;
const PATCH: u32 = 16;

/// Numbers of a patch within the network: the first three are its colour.
const INNER: usize = 32;

/// Makes the file beside the starter model.
pub(crate) fn write(starter: &Path) -> Result<()> {
    let mut model = File::open(starter)?;
    let words = COLOURS.map(|token| embedding(&mut model, token));
    let words: Vec<Vec<f32>> = words.into_iter().collect::<Result<_>>()?;
    let file = starter.with_file_name(FILE);
    let unfinished = file.with_extension("part");
    fs::write(&unfinished, gguf(&facts(), &tensors(&words)))?;
    fs::rename(&unfinished, &file).with_context(|| format!("could not write {}", file.display()))
}

fn embedding(model: &mut File, token: u64) -> Result<Vec<f32>> {
    let n_bytes = WIDTH / 32 * 34;
    let mut bytes = vec![0; n_bytes];
    model.seek(SeekFrom::Start(EMBEDDINGS + token * n_bytes as u64))?;
    model.read_exact(&mut bytes)?;
    let block = |block: &[u8]| {
        let scale = half(u16::from_le_bytes([block[0], block[1]]));
        block[2..].iter().map(|it| f32::from(it.cast_signed()) * scale).collect::<Vec<f32>>()
    };
    Ok(bytes.chunks(34).flat_map(block).collect())
}

/// A number of 16 bits that is not tiny.
fn half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let exponent = i32::from(bits >> 10 & 31) - 15;
    sign * (1.0 + f32::from(bits & 1023) / 1024.0) * 2_f32.powi(exponent)
}

/// A value of the header.
enum Value {
    Number(u32),
    Real(f32),
    Yes,
    Text(&'static str),
    Reals([f32; 3]),
}

fn facts() -> Vec<(&'static str, Value)> {
    vec![
        ("general.architecture", Value::Text("clip")),
        ("general.type", Value::Text("mmproj")),
        ("clip.has_vision_encoder", Value::Yes),
        ("clip.projector_type", Value::Text("mlp")),
        ("clip.use_gelu", Value::Yes),
        ("clip.vision.image_size", Value::Number(PICTURE)),
        ("clip.vision.patch_size", Value::Number(PATCH)),
        ("clip.vision.embedding_length", Value::Number(INNER as u32)),
        ("clip.vision.feed_forward_length", Value::Number(INNER as u32)),
        ("clip.vision.projection_dim", Value::Number(WIDTH as u32)),
        ("clip.vision.block_count", Value::Number(1)),
        ("clip.vision.attention.head_count", Value::Number(1)),
        ("clip.vision.attention.layer_norm_epsilon", Value::Real(1e-5)),
        ("clip.vision.image_mean", Value::Reals([0.5; 3])),
        ("clip.vision.image_std", Value::Reals([0.5; 3])),
    ]
}

/// A name, how long it is in each direction, the fastest one first, and its numbers.
type Tensor = (&'static str, Vec<u64>, Vec<f32>);

fn tensors(words: &[Vec<f32>]) -> Vec<Tensor> {
    let (inner, width) = (INNER as u64, WIDTH as u64);
    let n_pixels = (PATCH * PATCH) as usize;
    // The mean of each colour, from -1 to 1.
    let mean = |row: usize, channel: usize| {
        vec![if row == channel { 1.0 / n_pixels as f32 } else { 0.0 }; n_pixels]
    };
    let patch = (0..INNER).flat_map(|row| (0..3).flat_map(move |channel| mean(row, channel)));
    // 20 where only this colour is there, and nothing where another one is.
    let only = |row: usize, column: usize| match (row, column) {
        (0..3, 0..3) if row == column => 10.0,
        (0..3, 0..3) => -10.0,
        _ => 0.0,
    };
    let first = (0..INNER).flat_map(|row| (0..INNER).map(move |column| only(row, column)));
    let threshold = (0..INNER).map(|row| if row < 3 { -10.0 } else { 0.0 });
    let word = |row: usize, column: usize| words.get(column).map_or(0.0, |word| word[row] / 20.0);
    let last = (0..WIDTH).flat_map(|row| (0..INNER).map(move |column| word(row, column)));
    let nothing = |n: usize| vec![0.0; n];
    let square = || (vec![inner, inner], nothing(INNER * INNER));
    let (edge, n_patches) = (u64::from(PATCH), (PICTURE / PATCH).pow(2));
    let of_layer = ["v.blk.0.attn_out.weight", "v.blk.0.ffn_up.weight", "v.blk.0.ffn_down.weight"];
    let mut tensors = vec![
        ("v.patch_embd.weight", vec![edge, edge, 3, inner], patch.collect()),
        (
            "v.position_embd.weight",
            vec![inner, n_patches.into()],
            nothing(INNER * n_patches as usize),
        ),
        ("mm.0.weight", vec![inner, inner], first.collect()),
        ("mm.0.bias", vec![inner], threshold.collect()),
        ("mm.2.weight", vec![inner, width], last.collect()),
        ("mm.2.bias", vec![width], nothing(WIDTH)),
    ];
    tensors.extend(of_layer.map(|name| (name, square().0, square().1)));
    tensors
}

/// A file as `ggml/docs/gguf.md` of the ggml project has it.
fn gguf(facts: &[(&str, Value)], tensors: &[Tensor]) -> Vec<u8> {
    let mut out = b"GGUF".to_vec();
    out.extend(3_u32.to_le_bytes());
    out.extend((tensors.len() as u64).to_le_bytes());
    out.extend((facts.len() as u64).to_le_bytes());
    let text = |out: &mut Vec<u8>, text: &str| {
        out.extend((text.len() as u64).to_le_bytes());
        out.extend(text.as_bytes());
    };
    for (key, value) in facts {
        text(&mut out, key);
        match value {
            Value::Number(it) => out.extend([4_u32.to_le_bytes(), it.to_le_bytes()].concat()),
            Value::Real(it) => out.extend([6_u32.to_le_bytes(), it.to_le_bytes()].concat()),
            Value::Yes => out.extend([&7_u32.to_le_bytes()[..], &[1]].concat()),
            Value::Text(it) => {
                out.extend(8_u32.to_le_bytes());
                text(&mut out, it);
            }
            Value::Reals(them) => {
                out.extend([9_u32, 6].map(u32::to_le_bytes).concat());
                out.extend((them.len() as u64).to_le_bytes());
                out.extend(them.iter().flat_map(|it| it.to_le_bytes()));
            }
        }
    }
    let mut at = 0_u64;
    for (name, lengths, numbers) in tensors {
        text(&mut out, name);
        out.extend((lengths.len() as u32).to_le_bytes());
        out.extend(lengths.iter().flat_map(|it| it.to_le_bytes()));
        // Numbers of 32 bits, which is kind 0.
        out.extend(0_u32.to_le_bytes());
        out.extend(at.to_le_bytes());
        at += (numbers.len() as u64 * 4).next_multiple_of(32);
    }
    for (_, _, numbers) in tensors {
        out.resize(out.len().next_multiple_of(32), 0);
        out.extend(numbers.iter().flat_map(|it| it.to_le_bytes()));
    }
    out.resize(out.len().next_multiple_of(32), 0);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_in_the_file() {
        let words = vec![vec![0.5; WIDTH]; COLOURS.len()];
        let tensors = tensors(&words);
        for (name, lengths, numbers) in &tensors {
            assert_eq!(lengths.iter().product::<u64>(), numbers.len() as u64, "{name}");
        }
        let file = gguf(&facts(), &tensors);
        let n_numbers: usize = tensors.iter().map(|it| it.2.len()).sum();
        assert!(file.starts_with(b"GGUF") && n_numbers * 4 < file.len());
        // Red stays red, and is its word.
        let inner = |colour: [f32; 3]| {
            let of = |row: usize, it: usize| tensors[2].2[row * INNER + it] * colour[it];
            [0, 1, 2].map(|row| tensors[3].2[row] + of(row, 0) + of(row, 1) + of(row, 2))
        };
        let apart = |(a, b): (f32, f32)| (a - b).abs();
        let inner = inner([1.0, -1.0, -1.0]).into_iter().zip([20.0, -20.0, -20.0]);
        assert!(inner.map(apart).sum::<f32>() < 1e-3);
        assert!((tensors[4].2[0] * 20.0 - 0.5).abs() < 1e-6);
    }

    #[test]
    fn halves_are_read() {
        for (bits, number) in [(0x3c00, 1.0), (0xc000, -2.0), (0x3555, 0.333_251_95)] {
            assert!((half(bits) - number).abs() < 1e-6, "{bits:x}");
        }
    }
}
