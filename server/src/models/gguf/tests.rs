use std::io::Write;

use proptest::prelude::*;

use super::*;
use crate::engine::prompt::Wording;

/// A small GGUF: one tensor of 32 values of 32 bits, whole.
pub(super) fn small() -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend(b"GGUF");
    bytes.extend(3u32.to_le_bytes());
    bytes.extend(1u64.to_le_bytes());
    bytes.extend(5u64.to_le_bytes());
    put_text(&mut bytes, "general.architecture", "llama");
    put_text(&mut bytes, "general.name", "Small");
    put_text(&mut bytes, "tokenizer.chat_template", "{{ x }}");
    put_number(&mut bytes, "llama.context_length", 8192);
    put_number(&mut bytes, "general.file_type", 15);
    text(&mut bytes, "weights");
    bytes.extend(1u32.to_le_bytes());
    bytes.extend(32u64.to_le_bytes());
    bytes.extend(0u32.to_le_bytes());
    bytes.extend(0u64.to_le_bytes());
    bytes.resize(bytes.len().next_multiple_of(32) + 128, 0);
    bytes
}

fn text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend((text.len() as u64).to_le_bytes());
    bytes.extend(text.as_bytes());
}

fn put_text(bytes: &mut Vec<u8>, key: &str, value: &str) {
    text(bytes, key);
    bytes.extend(8u32.to_le_bytes());
    text(bytes, value);
}

fn put_number(bytes: &mut Vec<u8>, key: &str, value: u32) {
    text(bytes, key);
    bytes.extend(4u32.to_le_bytes());
    bytes.extend(value.to_le_bytes());
}

fn read(bytes: &[u8]) -> Result<Header, HeaderError> {
    let mut file = tempfile::NamedTempFile::new().expect("there is a folder for these");
    file.write_all(bytes).expect("it is small");
    Header::read(file.path())
}

#[test]
fn a_header_says_what_the_model_is() {
    let header = read(&small()).expect("it is whole");
    assert_eq!(header.quantisation, Some("Q4_K_M"));
    assert_eq!((header.context, header.has_template, header.n_parts), (8192, true, 1));
}

/// A header with these numbers, each of its kind, and no tensor.
fn recommending(numbers: &[(&str, u32, u32)]) -> Header {
    let mut bytes = Vec::new();
    bytes.extend(b"GGUF");
    bytes.extend(3u32.to_le_bytes());
    bytes.extend(0u64.to_le_bytes());
    bytes.extend((numbers.len() as u64 + 1).to_le_bytes());
    put_text(&mut bytes, "general.architecture", "llama");
    for &(key, kind, value) in numbers {
        text(&mut bytes, key);
        bytes.extend(kind.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.resize(bytes.len().next_multiple_of(32), 0);
    read(&bytes).expect("it is whole")
}

#[test]
fn what_a_file_recommends_is_usual_as_far_as_it_can_be_used() {
    let usual = Sampling::default();
    assert_eq!(read(&small()).expect("it is whole").usual, usual);
    let header = recommending(&[
        ("general.sampling.temp", 6, 0.6f32.to_bits()),
        ("general.sampling.top_k", 5, 20),
        ("general.sampling.top_p", 6, f32::NAN.to_bits()),
        ("general.sampling.min_p", 6, 7.0f32.to_bits()),
        ("general.sampling.penalty_repeat", 6, 1.05f32.to_bits()),
    ]);
    let recommended =
        Sampling { temperature: 0.6, top_k: 20, repeat_penalty: 1.05, ..usual.clone() };
    assert_eq!(header.usual, recommended);
    // Less than 1 is all; a temperature of another kind is none.
    let header =
        recommending(&[("general.sampling.top_k", 5, u32::MAX), ("general.sampling.temp", 5, 1)]);
    assert_eq!(header.usual, Sampling { top_k: 0, ..usual });
}

/// A header with these numbers and this list, and no tensor.
fn built(numbers: &[(&str, u32)], list: (&str, &[u32])) -> Header {
    let mut bytes = Vec::new();
    bytes.extend(b"GGUF");
    bytes.extend(3u32.to_le_bytes());
    bytes.extend(0u64.to_le_bytes());
    bytes.extend((numbers.len() as u64 + 2).to_le_bytes());
    put_text(&mut bytes, "general.architecture", "llama");
    for (key, value) in numbers {
        put_number(&mut bytes, key, *value);
    }
    text(&mut bytes, list.0);
    bytes.extend(9u32.to_le_bytes());
    bytes.extend(4u32.to_le_bytes());
    bytes.extend((list.1.len() as u64).to_le_bytes());
    list.1.iter().for_each(|number| bytes.extend(number.to_le_bytes()));
    bytes.resize(bytes.len().next_multiple_of(32), 0);
    read(&bytes).expect("it is whole")
}

#[test]
fn a_header_says_how_the_model_is_built() {
    let numbers = [
        ("llama.block_count", 3),
        ("llama.embedding_length", 96),
        ("llama.attention.head_count", 6),
        ("llama.feed_forward_length", 256),
        ("llama.attention.value_length", 8),
        ("llama.vocab_size", 1000),
    ];
    let shape = |heads| built(&numbers, ("llama.attention.head_count_kv", heads)).shape;
    let expected = Shape {
        embedding_length: 96,
        feed_forward_length: 256,
        n_heads: 6,
        n_heads_kv: vec![2, 0, 4],
        key_length: 16,
        value_length: 8,
        n_vocabulary: 1000,
    };
    assert_eq!(shape(&[2, 0, 4]), Some(expected.clone()));
    // A list that is not one number for each layer says nothing.
    assert_eq!(shape(&[2, 0]), Some(Shape { n_heads_kv: vec![6; 3], ..expected }));
    assert_eq!(built(&numbers[1..], ("llama.odd", &[])).shape, None);
}

#[test]
fn the_vocabulary_is_counted_where_its_size_is_not_said() {
    let numbers = [("llama.block_count", 1), ("llama.embedding_length", 96)];
    let shape = built(&numbers, ("tokenizer.ggml.tokens", &vec![7; 5000])).shape.expect("it says");
    assert_eq!((shape.n_vocabulary, shape.feed_forward_length), (5000, 384));
    assert_eq!(shape.n_heads_kv, [0; 0]);
}

/// The wording of a header with this tokenizer, these tokens, and these numbers of it.
fn worded(model: &str, pre: &str, tokens: &[&str], numbers: &[(&str, u32)]) -> Wording {
    let mut bytes = Vec::new();
    bytes.extend(b"GGUF");
    bytes.extend(3u32.to_le_bytes());
    bytes.extend(0u64.to_le_bytes());
    bytes.extend((numbers.len() as u64 + 5).to_le_bytes());
    put_text(&mut bytes, "general.architecture", "llama");
    text(&mut bytes, "tokenizer.ggml.tokens");
    bytes.extend(9u32.to_le_bytes());
    bytes.extend(8u32.to_le_bytes());
    bytes.extend((tokens.len() as u64).to_le_bytes());
    for token in tokens {
        text(&mut bytes, token);
    }
    put_text(&mut bytes, "tokenizer.ggml.model", model);
    put_text(&mut bytes, "tokenizer.ggml.pre", pre);
    put_text(&mut bytes, "tokenizer.chat_template", "{{ x }}");
    for (key, value) in numbers {
        put_number(&mut bytes, &format!("tokenizer.ggml.{key}"), *value);
    }
    let mut file = tempfile::NamedTempFile::new().expect("there is a folder for these");
    file.write_all(&bytes).expect("it is small");
    wording(file.path()).expect("it is whole")
}

#[test]
fn a_header_says_how_messages_are_laid_out() {
    let tokens = ["<unk>", "<s>", "</s>", "<|im_start|>", "é"];
    let says = |begin: &str, end: &str, puts_begin| Wording {
        template: Some("{{ x }}".into()),
        begin: begin.into(),
        end: end.into(),
        puts_begin,
    };
    assert_eq!(worded("llama", "", &tokens, &[]), says("<s>", "</s>", true));
    let own = [("bos_token_id", 3), ("eos_token_id", 4), ("add_bos_token", 0)];
    assert_eq!(worded("llama", "", &tokens, &own), says("<|im_start|>", "é", false));
    assert_eq!(worded("gpt2", "llama-bpe", &tokens, &own[..2]), says("<|im_start|>", "é", true));
    assert_eq!(worded("gpt2", "smollm", &tokens, &own[..1]), says("<|im_start|>", "", false));
    // A token that there is none of is the usual one.
    let beyond = [("bos_token_id", 99)];
    assert_eq!(worded("llama", "", &tokens, &beyond), says("<s>", "</s>", true));
    assert_eq!(worded("none", "", &[], &[]), says("", "", false));
}

#[test]
fn another_file_is_no_gguf() {
    for bytes in [b"".as_slice(), b"GG", b"PK\x03\x04 and so on"] {
        assert!(matches!(read(bytes), Err(HeaderError::NotGguf)));
    }
}

#[test]
fn a_file_that_is_cut_off_anywhere_is_refused() {
    let whole = small();
    for length in 4..whole.len() {
        let err = read(&whole[..length]).expect_err("a part is missing");
        assert!(matches!(err, HeaderError::Truncated { .. }), "{length} bytes: {err}");
    }
}

#[test]
fn a_header_that_claims_terabytes_is_refused_without_an_allocation() {
    let mut bytes = small();
    // The length of the first key.
    bytes[24..32].copy_from_slice(&(1u64 << 42).to_le_bytes());
    assert!(matches!(read(&bytes), Err(HeaderError::Damaged(_))));
    let mut bytes = small();
    bytes[8..16].copy_from_slice(&u64::MAX.to_le_bytes());
    assert!(matches!(read(&bytes), Err(HeaderError::Damaged(_))));
}

proptest! {
    #[test]
    fn a_damaged_header_never_panics(at in 4usize..300, value in any::<[u8; 8]>()) {
        let mut bytes = small();
        let at = at.min(bytes.len() - 8);
        bytes[at..at + 8].copy_from_slice(&value);
        // Either answer is right; it must be one.
        let _ = read(&bytes);
    }
}
