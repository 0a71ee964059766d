//! Makes a chat fit into what the model can look back on: the oldest turns leave the prompt, in
//! whole pairs, and the system prompt stays. Where nothing may be left out, says that it does not
//! fit.

use anyhow::{Result, bail};
use wick_protocol::grouped;

use super::llama::Token;
use super::prompts::Prompts;
use crate::engine::frame::{Role, Turn};

/// Room that is left for the answer, in tokens, where there is so much.
const FOR_THE_ANSWER: usize = 512;

/// A prompt that fits.
pub struct Fitted {
    /// Its tokens.
    pub prompt: Vec<Token>,
    /// The oldest turns that are not in it.
    pub n_left_out: usize,
}

/// Lays out as much of a chat as fits into `most` tokens with room for an answer. The last message
/// is always in it, so the prompt can still be too long.
pub fn fit(turns: &[Turn], begun: &str, prompts: Prompts<'_>, most: usize) -> Result<Fitted> {
    let room = most - FOR_THE_ANSWER.min(most / 4);
    let prompt = prompts.tokens(turns, begun)?;
    if prompt.len() <= room {
        return Ok(Fitted { prompt, n_left_out: 0 });
    }
    let n_first = turns.iter().take_while(|turn| turn.role == Role::System).count();
    let sizes: Vec<usize> = turns.iter().map(|turn| prompts.count(turn)).collect();
    let mut fitted = Fitted { prompt, n_left_out: 0 };
    for cut in cuts(turns, &sizes, n_first, most / 2) {
        let shown = [&turns[..n_first], &turns[cut..]].concat();
        fitted = Fitted { prompt: prompts.tokens(&shown, begun)?, n_left_out: cut - n_first };
        if fitted.prompt.len() <= room {
            break;
        }
    }
    Ok(fitted)
}

/// Lays out the whole chat. When that does not fit into `most` tokens with one of the answer, the
/// error is a sentence that says so.
pub fn whole(turns: &[Turn], begun: &str, prompts: Prompts<'_>, most: usize) -> Result<Fitted> {
    let prompt = prompts.tokens(turns, begun)?;
    if most <= prompt.len() {
        bail!(
            "This chat takes {} tokens and there is room for {}. With --when-full stop nothing \
             of it is left out: begin a new chat, send a shorter message, or start Wick with \
             --when-full leave-out{}",
            grouped(prompt.len() as u64),
            grouped(most as u64),
            if most < prompts.model.context_trained() { " or a larger --context" } else { "" }
        );
    }
    Ok(Fitted { prompt, n_left_out: 0 })
}

/// The turns before which a prompt can be cut, one for each `stride` of tokens: the next answers
/// are then cut at the same place, and nothing is read again for them.
fn cuts(turns: &[Turn], sizes: &[usize], n_first: usize, stride: usize) -> Vec<usize> {
    let mut cuts = Vec::new();
    let (mut n_before, mut next) = (0, stride);
    let mut last = None;
    for (idx, turn) in turns.iter().enumerate().skip(n_first) {
        if turn.role == Role::User && n_first < idx {
            last = Some(idx);
            if next <= n_before {
                cuts.push(idx);
                next = n_before + stride;
            }
        }
        n_before += sizes[idx];
    }
    if let Some(last) = last.filter(|last| cuts.last() != Some(last)) {
        cuts.push(last);
    }
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(role: Role) -> Turn {
        Turn { role, text: String::new() }
    }

    #[test]
    fn cuts_are_before_a_persons_message_and_stay_where_they_are() {
        let pair = [turn(Role::User), turn(Role::Assistant)];
        let mut turns = vec![turn(Role::System)];
        let mut sizes = vec![50];
        let mut before: Vec<usize> = Vec::new();
        for _ in 0..12 {
            turns.extend(pair.clone());
            sizes.extend([10, 30]);
            let cuts = cuts(&turns, &sizes, 1, 100);
            assert!(cuts.iter().all(|&cut| turns[cut].role == Role::User && 1 < cut));
            // All but the last resort, the last message alone, are those of before.
            let n = before.len().saturating_sub(1);
            assert_eq!(cuts[..n], before[..n]);
            before = cuts;
        }
        assert_eq!(before, [7, 13, 19, 23]);
        assert_eq!(cuts(&turns[..2], &sizes[..2], 1, 100), [0; 0]);
    }
}
