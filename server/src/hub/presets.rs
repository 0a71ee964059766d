//! The hub's part about presets. A chat has its own instructions; sampling and model are those of
//! all chats, and are set when a preset is chosen.

use wick_protocol::{ChatId, MOST_PRESETS, Models, Preset};

use super::instructions::Instructions;
use super::list::named;
use super::news::News;
use super::{Hub, Refusal};
use crate::chats::Preset as Kept;

impl Hub {
    /// All presets, by name.
    pub async fn presets(&self) -> Vec<Preset> {
        let kept = self.0.store.with(|db| db.presets()).await.unwrap_or_default();
        let models = self.models();
        kept.into_iter().map(|it| shown(it, &models)).collect()
    }

    /// Keeps these instructions, with the sampling and the model that are chosen now, in place of
    /// the preset that is called so.
    pub async fn save_preset(&self, name: &str, instructions: String) -> Result<(), Refusal> {
        let Instructions(instructions) = Instructions::new(instructions)?;
        let name = named(name)?;
        // One after the other: both look at what was chosen.
        let sampling = self.sampling();
        let model = self.models().chosen;
        let preset = Kept { name, instructions, sampling, model, is_default: false };
        if !self.save(move |db| db.save_preset(&preset)).await? {
            let reason = format!("There are {MOST_PRESETS} presets already. Delete one first");
            return Err(Refusal(reason));
        }
        self.tell_presets();
        Ok(())
    }

    /// Chooses the sampling and the model of a preset, and its instructions for a chat. A model that
    /// is not there any more is not chosen.
    pub async fn choose_preset(&self, name: String, chat: Option<ChatId>) -> Result<(), Refusal> {
        let preset = self.0.store.with(move |db| db.preset(&name)).await?;
        if let Some(chat) = chat {
            self.set_instructions(chat, preset.instructions).await?;
        }
        let models = self.models();
        let model = preset.model.filter(|it| models.list.iter().any(|model| model.id == *it));
        // Before the sampling: what of it the model recommends is the model's.
        if let Some(model) = model.filter(|it| models.chosen.as_ref() != Some(it)) {
            self.choose_model(model).await?;
        }
        self.set_sampling(preset.sampling).await
    }

    /// Gives a preset another name.
    pub async fn rename_preset(&self, name: String, to: &str) -> Result<(), Refusal> {
        let to = named(to)?;
        if !self.save(move |db| db.rename_preset(&name, &to)).await? {
            return Err(Refusal("Another preset is called so".into()));
        }
        self.tell_presets();
        Ok(())
    }

    /// Removes a preset. What was chosen with it stays.
    pub async fn delete_preset(&self, name: String) -> Result<(), Refusal> {
        self.save(move |db| db.delete_preset(&name)).await?;
        self.tell_presets();
        Ok(())
    }

    /// Begins new chats with the instructions of this preset, or of none.
    pub async fn set_default_preset(&self, name: Option<String>) -> Result<(), Refusal> {
        self.save(move |db| db.set_default_preset(name.as_deref())).await?;
        self.tell_presets();
        Ok(())
    }

    /// The one for new chats may be among those that changed.
    fn tell_presets(&self) {
        self.news(News::Presets);
        self.news(News::Instructions(None));
    }
}

/// A preset as a page gets it.
fn shown(kept: Kept, models: &Models) -> Preset {
    let Kept { name, instructions, sampling, model, is_default } = kept;
    let model = match model {
        None => "any model".to_owned(),
        Some(id) => match models.list.iter().find(|it| it.id == id) {
            Some(model) => model.name.clone(),
            None => format!("{}, which is not there any more and will not be chosen", id.0),
        },
    };
    let says = format!("Temperature {}, {model}", sampling.temperature);
    Preset { name, instructions, says, is_default }
}

#[cfg(test)]
mod tests {
    use wick_protocol::{ModelId, Sampling};

    use super::*;

    #[test]
    fn a_model_that_is_gone_is_said_to_be() {
        let says = |model: Option<&str>| {
            let kept = Kept {
                name: "Pirate".into(),
                instructions: "Arr.".into(),
                sampling: Sampling::default(),
                model: model.map(|id| ModelId(id.into())),
                is_default: false,
            };
            shown(kept, &Models::default()).says
        };
        assert_eq!(says(None), "Temperature 0.8, any model");
        let gone = "Temperature 0.8, a.gguf, which is not there any more and will not be chosen";
        assert_eq!(says(Some("a.gguf")), gone);
    }
}
