//! The hub's part about how tokens are chosen: what a person set, and for the rest what the model that
//! answers recommends.

use serde::{Deserialize, Serialize};
use wick_protocol::{ModelId, Sampling, ServerMessage};

use super::{Hub, Refusal};

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

impl Hub {
    /// How the next answer's tokens are chosen.
    pub fn sampling(&self) -> Sampling {
        let usual = self.models().usual();
        let choices = self.choices();
        choices.own.with(choices.sampling.clone(), &usual)
    }

    /// How a model's tokens are chosen where nothing else is set.
    pub fn usual_of(&self, model: &ModelId) -> Sampling {
        let list = self.models().list;
        list.into_iter().find(|it| it.id == *model).map(|it| it.usual).unwrap_or_default()
    }

    /// Chooses tokens like this from now on. What is as the model recommends follows the model.
    pub async fn set_sampling(&self, sampling: Sampling) -> Result<(), Refusal> {
        sampling.check().map_err(|err| Refusal(err.to_string()))?;
        let own = Own::of(&sampling, &self.models().usual());
        {
            let mut choices = self.choices();
            (choices.sampling, choices.own) = (sampling.clone(), own);
        }
        self.tell(ServerMessage::SamplingChanged { sampling: sampling.clone() });
        self.save(move |db| {
            db.set_setting("sampling", &sampling)?;
            db.set_setting("own", &own)
        })
        .await
    }

    /// Another model may recommend something else than what was before.
    pub(super) fn tell_sampling(&self, before: &Sampling) {
        let sampling = self.sampling();
        if sampling != *before {
            self.tell(ServerMessage::SamplingChanged { sampling });
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
