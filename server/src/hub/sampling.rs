//! The hub's part about how tokens are chosen: what a person set, and for the rest what the model that
//! answers recommends.

use wick_protocol::{ModelId, Own, Sampling, ServerMessage};

use super::{Hub, Refusal};

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
