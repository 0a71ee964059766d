//! Which of the sampling nobody set, so that it is as the model that answers recommends.

use serde::{Deserialize, Serialize};

use crate::Sampling;

/// Which values are those of the model that answers, whichever it is: temperature, top-k, top-p, min-p,
/// repeat penalty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Own(pub [bool; 5]);

impl Default for Own {
    fn default() -> Self {
        Self([true; 5])
    }
}

impl Own {
    /// Those that are as usual: nobody set them to something else.
    #[expect(clippy::float_cmp, reason = "what was not changed is exactly the same")]
    pub fn of(sampling: &Sampling, usual: &Sampling) -> Self {
        Self([
            sampling.temperature == usual.temperature,
            sampling.top_k == usual.top_k,
            sampling.top_p == usual.top_p,
            sampling.min_p == usual.min_p,
            sampling.repeat_penalty == usual.repeat_penalty,
        ])
    }

    /// What holds with a model for which this is usual.
    pub fn with(self, sampling: Sampling, usual: &Sampling) -> Sampling {
        let [temperature, top_k, top_p, min_p, repeat_penalty] = self.0;
        let either = |is_own, usual, set| if is_own { usual } else { set };
        Sampling {
            temperature: either(temperature, usual.temperature, sampling.temperature),
            top_k: if top_k { usual.top_k } else { sampling.top_k },
            top_p: either(top_p, usual.top_p, sampling.top_p),
            min_p: either(min_p, usual.min_p, sampling.min_p),
            repeat_penalty: either(repeat_penalty, usual.repeat_penalty, sampling.repeat_penalty),
            ..sampling
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_set_follows_the_model() {
        let calm = Sampling { temperature: 0.3, top_k: 20, ..Sampling::default() };
        let lively = Sampling { temperature: 1.2, min_p: 0.1, ..Sampling::default() };
        let set = Sampling { top_p: 0.5, seed: Some(7), ..calm.clone() };
        let own = Own::of(&set, &calm);
        assert_eq!(own.with(set.clone(), &calm), set);
        let expected = Sampling { top_p: 0.5, seed: Some(7), ..lively.clone() };
        assert_eq!(own.with(set, &lively), expected);
        assert_eq!(Own::default().with(calm, &lively), lively);
    }
}
