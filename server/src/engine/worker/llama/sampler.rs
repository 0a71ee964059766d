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
    /// Only so many of the likeliest tokens can be chosen, and nothing changes which these are.
    most: Option<usize>,
    /// Kept from token to token: all of a vocabulary are up to 3 MB of candidates.
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
        let mut most = None;
        #[expect(clippy::float_cmp, reason = "exactly 1 means off")]
        let has_penalty = sampling.repeat_penalty != 1.0;
        if has_penalty {
            steps.push(LlamaSampler::penalties(
                i32::try_from(model.n_vocab()).unwrap_or(i32::MAX),
                PENALTY_LAST_TOKENS,
                sampling.repeat_penalty,
                0.0,
                0.0,
            ));
        }
        if sampling.temperature <= 0.0 {
            most = Some(1);
            steps.push(LlamaSampler::greedy());
        } else {
            if 0 < sampling.top_k {
                most = Some(sampling.top_k as usize);
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
        // Penalties change which tokens are the likeliest.
        let most = most.filter(|_| !has_penalty);
        let candidates = LlamaTokenDataArray::new(Vec::new(), false);
        let never = if has_no_end && format.is_none() { model.ends() } else { Vec::new() };
        Self { chain: LlamaSampler::chain(steps, true), format, never, most, candidates }
    }

    /// Tells it what was said before the answer.
    pub fn heard(&mut self, prompt: &[Token]) {
        let from = prompt.len().saturating_sub(PENALTY_LAST_TOKENS as usize);
        // Cells of pictures are no tokens.
        self.chain.accept_many(prompt[from..].iter().filter(|token| 0 <= token.0));
    }

    /// The next token; `None` when there is nothing to choose from.
    pub fn choose(&mut self, logits: &[f32]) -> Option<Token> {
        let candidates = &mut self.candidates;
        candidates.data.clear();
        let all = (0..).zip(logits);
        let never = &self.never;
        let may_come = |id: i32| never.iter().all(|token| token.0 != id);
        match (&mut self.format, self.most) {
            (None, Some(most)) => {
                candidates.data.extend(likeliest(logits, most, may_come).map(candidate));
            }
            (None, None) => {
                candidates.data.extend(all.filter(|(id, _)| may_come(*id)).map(candidate));
            }
            (Some(format), _) => {
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

/// The so many likeliest tokens that may come, in no order. To look through the logits once takes a
/// fraction of the time that it takes to make a candidate of every token and to sort those.
fn likeliest(
    logits: &[f32],
    most: usize,
    may_come: impl Fn(i32) -> bool,
) -> impl Iterator<Item = (i32, &f32)> {
    let mut found: Vec<(i32, &f32)> = Vec::with_capacity(2 * most);
    let mut least = f32::NEG_INFINITY;
    let by_logit = |a: &(i32, &f32), b: &(i32, &f32)| b.1.total_cmp(a.1).then(a.0.cmp(&b.0));
    for (id, logit) in (0..).zip(logits) {
        // Written so that what is no number is left out.
        if least < *logit && may_come(id) {
            found.push((id, logit));
            if found.len() == 2 * most {
                found.select_nth_unstable_by(most - 1, by_logit);
                found.truncate(most);
                least = *found[most - 1].1;
            }
        }
    }
    if most < found.len() {
        found.select_nth_unstable_by(most - 1, by_logit);
        found.truncate(most);
    }
    found.into_iter()
}

fn candidate((id, &logit): (i32, &f32)) -> LlamaTokenData {
    LlamaTokenData::new(llama_cpp_2::token::LlamaToken(id), logit, 0.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_may_not_come_and_what_is_no_number_is_left_out() {
        let logits = [1.0, f32::NAN, 3.0, 2.0, f32::NEG_INFINITY];
        let found: Vec<i32> = likeliest(&logits, 1, |id| id != 2).map(|it| it.0).collect();
        assert_eq!(found, [3]);
        assert_eq!(likeliest(&[f32::NAN], 3, |_| true).count(), 0);
        assert_eq!(likeliest(&logits, 9, |_| true).count(), 3);
    }

    proptest! {
        #[test]
        fn they_are_the_first_ones_in_order(
            logits in prop::collection::vec(-9i8..9, 0..200),
            most in 1usize..40,
        ) {
            let logits: Vec<f32> = logits.into_iter().map(f32::from).collect();
            let mut all: Vec<(i32, f32)> = (0..).zip(logits.iter().copied()).collect();
            all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            all.truncate(most);
            let mut found: Vec<(i32, f32)> =
                likeliest(&logits, most, |_| true).map(|(id, it)| (id, *it)).collect();
            found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            prop_assert_eq!(found, all);
        }
    }
}
