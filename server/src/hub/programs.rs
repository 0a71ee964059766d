//! The hub's part for other programs: models by name, and answers that belong to no chat.

use std::time::SystemTime;

use wick_protocol::ModelId;

use super::{Chosen, Hub};
use crate::engine::{EngineError, Generation, ModelFile, Request};

/// A model as other programs know it.
pub struct Offered {
    /// The model's name, or its id where two models have the same name.
    pub name: String,
    /// When its file was changed, as far as the system says.
    pub changed: Option<SystemTime>,
    /// Names it for good.
    pub id: ModelId,
}

impl Hub {
    /// The models that can be used, as the folders hold them now.
    pub async fn offered_models(&self) -> Vec<Offered> {
        self.look_for_models().await;
        self.offered()
    }

    /// The name by which other programs know a model.
    pub fn offered_name(&self, model: &ModelFile) -> String {
        let offered = self.offered().into_iter().find(|it| it.id == model.id);
        offered.map_or_else(|| model.name.clone(), |it| it.name)
    }

    /// The model with this name or id, checked. Where there is none it is the one that is loaded,
    /// else the chosen one: programs often have a name built in that means nothing here.
    pub async fn model_called(&self, name: &str) -> Result<ModelFile, Chosen> {
        let mut called = self.find_called(name);
        if called.is_none() {
            self.look_for_models().await;
            called = self.find_called(name);
        }
        match called.or_else(|| self.loaded_model()) {
            Some(id) => self.usable_model(id).await,
            None => self.chosen_model().await,
        }
    }

    /// Begins an answer that belongs to no chat and is not saved.
    pub fn generate(&self, request: Request) -> Result<Generation, EngineError> {
        self.0.engine.generate(request)
    }

    fn offered(&self) -> Vec<Offered> {
        let catalogue = self.lock(&self.0.catalogue);
        let mut models = catalogue.models();
        models.retain(|model| model.trouble.is_none());
        let is_alone = |name: &str| models.iter().filter(|it| it.name == name).count() == 1;
        models
            .iter()
            .map(|model| Offered {
                name: if is_alone(&model.name) { &model.name } else { &model.id.0 }.clone(),
                changed: catalogue.changed(&model.id),
                id: model.id.clone(),
            })
            .collect()
    }

    fn find_called(&self, name: &str) -> Option<ModelId> {
        let list = self.models().list;
        let by_id = list.iter().find(|model| model.id.0 == name);
        let found = by_id.or_else(|| list.iter().find(|model| model.name == name));
        found.map(|model| model.id.clone())
    }

    fn loaded_model(&self) -> Option<ModelId> {
        let running = self.engine().borrow().running.clone();
        let list = self.models().list;
        let mut models = running.into_iter().map(|it| it.model);
        models.find(|loaded| list.iter().any(|it| it.id == *loaded))
    }
}
