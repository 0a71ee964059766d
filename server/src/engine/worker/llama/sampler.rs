//! How the next token is chosen from the logits.

use llama_cpp_2::sampling::LlamaSampler;
use llama_cpp_2::token::data::LlamaTokenData;
use llama_cpp_2::token::data_array::LlamaTokenDataArray;
use wick_protocol::Sampling;

use super::{Format, Model, Token};

/// How many of the last tokens the repeat penalty looks at, as in llama-server.
const PENALTY_LAST_TOKENS: i32 = 64;

/// llama.cpp's word for "another seed each time" (`LLAMA_DEFAULT_SEED`).
const RANDOM_SEED: u32 = u32::MAX;

/// Chooses tokens for one answer.
pub struct Sampler {
    chain: LlamaSampler,
    /// Which tokens may come at all. Apart from the chain, which hears of the prompt too.
    format: Option<Format>,
    /// What ends a turn, where an answer is to go on: it never comes, as in llama-server.
    never: Vec<Token>,
    /// Kept from token to token: a vocabulary is up to 3 MB of candidates.
    candidates: LlamaTokenDataArray,
}

impl Sampler {
    /// The steps and their order are those of llama-server; what does nothing is left out. An answer
    /// that has no end goes on until something else ends it; one with a format ends with that.
    pub fn new(
        model: &Model,
        sampling: &Sampling,
        format: Option<Format>,
        has_no_end: bool,
    ) -> Self {
        let mut steps = Vec::new();
        #[expect(clippy::float_cmp, reason = "exactly 1 means off")]
        if sampling.repeat_penalty != 1.0 {
            steps.push(LlamaSampler::penalties(
                i32::try_from(model.n_vocab()).unwrap_or(i32::MAX),
                PENALTY_LAST_TOKENS,
                sampling.repeat_penalty,
                0.0,
                0.0,
            ));
        }
        if sampling.temperature <= 0.0 {
            steps.push(LlamaSampler::greedy());
        } else {
            if 0 < sampling.top_k {
                steps.push(LlamaSampler::top_k(i32::try_from(sampling.top_k).unwrap_or(i32::MAX)));
            }
            if sampling.top_p < 1.0 {
                steps.push(LlamaSampler::top_p(sampling.top_p, 1));
            }
            if 0.0 < sampling.min_p {
                steps.push(LlamaSampler::min_p(sampling.min_p, 1));
            }
            steps.push(LlamaSampler::temp(sampling.temperature));
            steps.push(LlamaSampler::dist(sampling.seed.unwrap_or(RANDOM_SEED)));
        }
        let candidates = LlamaTokenDataArray::new(Vec::with_capacity(model.n_vocab()), false);
        let never = if has_no_end && format.is_none() { model.ends() } else { Vec::new() };
        Self { chain: LlamaSampler::chain(steps, true), format, never, candidates }
    }

    /// Tells it what was said before the answer.
    pub fn heard(&mut self, prompt: &[Token]) {
        let from = prompt.len().saturating_sub(PENALTY_LAST_TOKENS as usize);
        self.chain.accept_many(&prompt[from..]);
    }

    /// The next token; `None` when there is nothing to choose from.
    pub fn choose(&mut self, logits: &[f32]) -> Option<Token> {
        let candidates = &mut self.candidates;
        candidates.data.clear();
        let all = (0..).zip(logits);
        match &mut self.format {
            None => {
                candidates.data.extend(all.map(candidate));
                for token in &self.never {
                    candidates.data[token.0 as usize].set_logit(f32::NEG_INFINITY);
                }
            }
            Some(format) => {
                let is_allowed = format.allowed()?;
                candidates.data.extend(all.filter(|(id, _)| is_allowed(*id)).map(candidate));
            }
        }
        candidates.sorted = false;
        candidates.selected = None;
        candidates.apply_sampler(&mut self.chain);
        let token = candidates.selected_token()?;
        self.chain.accept(token);
        if let Some(format) = &mut self.format {
            format.hear(&[token]);
        }
        Some(token)
    }
}

fn candidate((id, &logit): (i32, &f32)) -> LlamaTokenData {
    LlamaTokenData::new(llama_cpp_2::token::LlamaToken(id), logit, 0.0)
}
