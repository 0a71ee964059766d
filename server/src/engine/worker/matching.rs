//! What a new prompt has in common with tokens that are known already.
//!
//! Tokens are compared, and where they differ, their bytes: an answer is kept as it was sampled,
//! and when its text comes back in the next prompt, the tokenizer may cut it in other places.

use super::llama::Token;

/// How far known tokens and a prompt say the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Common {
    /// Tokens of what is known.
    pub known: usize,
    /// Tokens of the prompt that they stand for.
    pub prompt: usize,
}

/// The longest beginning that both share. At least one token of the prompt is left over, which
/// has to be read for what follows it. `spell` adds the bytes of a token; none for one that is no
/// text.
pub fn common(
    known: &[Token],
    prompt: &[Token],
    mut spell: impl FnMut(Token, &mut Vec<u8>),
) -> Common {
    let most = prompt.len().saturating_sub(1);
    let same = known.iter().zip(&prompt[..most]).take_while(|(known, wanted)| known == wanted);
    let n_same = same.count();
    let mut best = Common { known: n_same, prompt: n_same };
    // Bytes that one of them has spelled and the other one has not yet.
    let (mut of_known, mut of_prompt) = (Vec::new(), Vec::new());
    let Common { known: mut at_known, prompt: mut at_prompt } = best;
    loop {
        if of_known.is_empty() && of_prompt.is_empty() {
            if most < at_prompt {
                return best;
            }
            best = Common { known: at_known, prompt: at_prompt };
            // In step again: whole tokens are compared as long as that goes well.
            let is_same = known.get(at_known) == prompt[..most].get(at_prompt);
            if is_same && at_known < known.len() {
                (at_known, at_prompt) = (at_known + 1, at_prompt + 1);
                continue;
            }
        }
        let (bytes, tokens, at) = if of_known.len() <= of_prompt.len() {
            (&mut of_known, known, &mut at_known)
        } else {
            (&mut of_prompt, prompt, &mut at_prompt)
        };
        let Some(&token) = tokens.get(*at) else { return best };
        let before = bytes.len();
        spell(token, bytes);
        if bytes.len() == before {
            return best;
        }
        *at += 1;
        let n_both = of_known.len().min(of_prompt.len());
        if of_known[..n_both] != of_prompt[..n_both] {
            return best;
        }
        of_known.drain(..n_both);
        of_prompt.drain(..n_both);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A vocabulary in which a token is the letters of its decimal digits: 12 is "bc"; 0 and
    /// numbers below it are no text.
    fn spell(token: Token, bytes: &mut Vec<u8>) {
        if 0 < token.0 {
            bytes.extend(token.0.to_string().bytes().map(|digit| digit - b'0' + b'a'));
        }
    }

    #[track_caller]
    fn check(known: &[i32], prompt: &[i32], expected: (usize, usize)) {
        let tokens = |ids: &[i32]| ids.iter().map(|&id| Token::new(id)).collect::<Vec<_>>();
        let common = common(&tokens(known), &tokens(prompt), spell);
        assert_eq!((common.known, common.prompt), expected, "{known:?} {prompt:?}");
    }

    #[test]
    fn equal_tokens_are_common_but_for_the_last_of_the_prompt() {
        check(&[1, 2, 3], &[1, 2, 3, 4], (3, 3));
        check(&[1, 2, 3, 4], &[1, 2, 3], (2, 2));
        check(&[1, 2, 3], &[1, 2, 3], (2, 2));
        check(&[1, 2], &[3, 4], (0, 0));
        check(&[], &[3, 4], (0, 0));
        check(&[1], &[1], (0, 0));
    }

    #[test]
    fn text_that_was_cut_in_other_places_is_common() {
        check(&[1, 23, 0], &[1, 2, 3, 0, 5], (3, 4));
        check(&[1, 2, 3, 0], &[1, 23, 0, 5], (4, 3));
        check(&[12, 34], &[1, 23, 4, 5], (2, 3));
        check(&[12, 34, 5], &[1, 23, 45, 6, 7], (3, 3));
        check(&[1, 23], &[1, 2, 4, 5], (1, 1));
        check(&[1, 23], &[1, 2, 3], (1, 1));
    }

    #[test]
    fn what_is_no_text_is_only_like_itself() {
        check(&[1, 0, 2], &[1, 0, 2, 3], (3, 3));
        check(&[1, -1, 2], &[1, 0, 2, 3], (1, 1));
    }
}
