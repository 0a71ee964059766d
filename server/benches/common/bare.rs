//! llama.cpp with nothing around it: the loop that Wick is held against. It lays the prompt out as
//! SmolLM2's template does, reads it in batches of 512 and always takes the likeliest token.

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::model::params::LlamaModelParams;
use llama_cpp_2::sampling::LlamaSampler;
use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::{LogOptions, send_logs_to_tracing};

use super::kernels;
use super::support::{SMOL, test_models};

/// Tokens that are read at once.
const BATCH: usize = 512;

/// An answer ends after so long, too: threads that wait for each other beside busy processes hardly
/// get on.
const LONGEST: Duration = Duration::from_secs(6);

/// What SmolLM2's template puts in front of the first message.
const SYSTEM: &str = "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by \
                      Hugging Face<|im_end|>\n";

/// A model, loaded. There is one in a process.
pub struct Llama {
    backend: LlamaBackend,
    model: LlamaModel,
}

/// A context of it.
pub struct Bare<'m> {
    llama: &'m Llama,
    context: LlamaContext<'m>,
    batch: LlamaBatch<'static>,
}

/// One answer.
pub struct Answer {
    /// From the message to the first token.
    pub first: Duration,
    /// Prompt tokens read in a second.
    pub read_per_second: f64,
    /// Tokens written in a second, from the first one on.
    pub tokens_per_second: f64,
}

/// The physical cores: as many threads compute.
pub fn n_cores() -> usize {
    std::thread::available_parallelism().unwrap().get().min(num_cpus::get_physical())
}

impl Llama {
    /// Loads SmolLM2, with the kernels that Wick computes with.
    pub fn load() -> Llama {
        kernels::take_best();
        Llama::load_as_it_is(SMOL)
    }

    /// Loads a model, with the kernels of llama-cpp-2 unless others were taken.
    pub fn load_as_it_is(file: &str) -> Llama {
        send_logs_to_tracing(LogOptions::default().with_logs_enabled(false));
        let backend = LlamaBackend::init().unwrap();
        let path = test_models().unwrap().join(file);
        let params = LlamaModelParams::default();
        let model = LlamaModel::load_from_file(&backend, path, &params).unwrap();
        Llama { backend, model }
    }

    /// Tokens of a text.
    pub fn count(&self, text: &str) -> usize {
        self.model.vocab().tokenize(text.as_bytes(), false, true).len()
    }

    /// A context of 2,048 cells for so many texts, as Wick makes them.
    pub fn context(&self, n_threads: usize, n_sequences: u32) -> Bare<'_> {
        let params = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new(2048))
            .with_n_batch(BATCH as u32)
            .with_n_seq_max(n_sequences)
            .with_kv_unified(true)
            .with_n_threads(n_threads as i32)
            .with_n_threads_batch(n_threads as i32);
        let context = self.model.new_context(&self.backend, params).unwrap();
        Bare { llama: self, context, batch: LlamaBatch::new(BATCH, 1) }
    }

    fn prompt(&self, message: &str) -> Vec<LlamaToken> {
        let text =
            format!("{SYSTEM}<|im_start|>user\n{message}<|im_end|>\n<|im_start|>assistant\n");
        self.model.vocab().tokenize(text.as_bytes(), true, true)
    }
}

impl Bare<'_> {
    /// Keeps so many tokens of what was read before, reads the rest, and writes at most so many.
    /// `tell` hears their bytes.
    pub fn answer(
        &mut self,
        message: &str,
        n_kept: usize,
        n_most: usize,
        mut tell: impl FnMut(&[u8]),
    ) -> Answer {
        let asked = Instant::now();
        let prompt = self.llama.prompt(message);
        self.context.clear_kv_cache_seq(Some(0), Some(n_kept as u32), None).unwrap();
        for from in (n_kept..prompt.len()).step_by(BATCH) {
            self.batch.clear();
            for at in from..prompt.len().min(from + BATCH) {
                self.batch.add(prompt[at], at as i32, &[0], at + 1 == prompt.len()).unwrap();
            }
            self.context.decode(&mut self.batch).unwrap();
        }
        let vocab = self.llama.model.vocab();
        let mut sampler = LlamaSampler::chain_simple([LlamaSampler::greedy()]);
        let mut token = sampler.sample(&self.context, -1);
        let mut bytes = Vec::new();
        let mut tell = |token| {
            bytes.clear();
            vocab.token_to_piece_into(token, &mut bytes, false, None);
            tell(&bytes);
        };
        let first = asked.elapsed();
        tell(token);
        let mut n_tokens = 1;
        for at in prompt.len()..prompt.len() + n_most - 1 {
            if vocab.is_eog(token) || LONGEST < asked.elapsed() {
                break;
            }
            self.batch.clear();
            self.batch.add(token, at as i32, &[0], true).unwrap();
            self.context.decode(&mut self.batch).unwrap();
            token = sampler.sample(&self.context, -1);
            tell(token);
            n_tokens += 1;
        }
        let writing = asked.elapsed().saturating_sub(first);
        Answer {
            first,
            read_per_second: (prompt.len() - n_kept) as f64 / first.as_secs_f64(),
            tokens_per_second: f64::from(n_tokens - 1) / writing.as_secs_f64(),
        }
    }

    /// Writes answers to all messages, each of so many tokens, one token of each in a batch.
    /// Tokens a second of all, from their first ones on.
    pub fn together(&mut self, chats: &[(String, usize)]) -> f64 {
        let mut sampler = LlamaSampler::chain_simple([LlamaSampler::greedy()]);
        self.context.clear_kv_cache();
        self.batch.clear();
        let (mut places, mut ends) = (vec![], vec![]);
        for (sequence, (message, _)) in (0..).zip(chats) {
            let prompt = self.llama.prompt(message);
            places.push(prompt.len());
            for (at, token) in (1..).zip(&prompt) {
                self.batch.add(*token, at - 1, &[sequence], at as usize == prompt.len()).unwrap();
            }
            ends.push(self.batch.n_tokens() - 1);
        }
        self.context.decode(&mut self.batch).unwrap();
        let mut tokens: Vec<LlamaToken> =
            ends.iter().map(|&end| sampler.sample(&self.context, end)).collect();
        let began = Instant::now();
        let longest = chats.iter().map(|chat| chat.1).max().unwrap();
        let mut n_tokens = 0;
        for n_written in 1..longest {
            if LONGEST < began.elapsed() {
                break;
            }
            let goes_on = |&idx: &usize| n_written < chats[idx].1;
            let on: Vec<usize> = (0..chats.len()).filter(goes_on).collect();
            self.batch.clear();
            for &idx in &on {
                let at = places[idx] + n_written - 1;
                self.batch.add(tokens[idx], at as i32, &[idx as i32], true).unwrap();
            }
            self.context.decode(&mut self.batch).unwrap();
            n_tokens += on.len();
            for (row, &idx) in (0..).zip(&on) {
                tokens[idx] = sampler.sample(&self.context, row);
            }
        }
        n_tokens as f64 / began.elapsed().as_secs_f64()
    }
}
