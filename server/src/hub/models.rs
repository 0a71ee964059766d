//! The hub's part about models: which there are, which one answers, and the starter.

use std::time::{Duration, Instant};

use tokio::sync::broadcast::error::RecvError;
use wick_protocol::{ModelId, Models, STARTER_DOWNLOAD, ServerMessage, Starter};

use super::{Hub, Refusal};
use crate::engine::{Loaded, ModelFile, WhenFull};
use crate::models::starter;

/// Progress is told this often.
const TELL_EVERY: Duration = Duration::from_millis(250);

impl Hub {
    /// What the model folders hold, as far as was looked, and the model that answers: the chosen
    /// one while it is there, else the first that can be used.
    pub fn models(&self) -> Models {
        let catalogue = self.lock(&self.0.catalogue);
        let list = catalogue.models();
        let wanted = self.choices().model.clone();
        let chosen = list
            .iter()
            .find(|model| Some(&model.id) == wanted.as_ref())
            .or_else(|| list.iter().find(|model| model.trouble.is_none()))
            .map(|model| model.id.clone());
        let stops_when_full = self.0.engine.when_full() == WhenFull::Stop;
        Models { list, chosen, stops_when_full, folders: catalogue.folders() }
    }

    /// Looks into the model folders again.
    pub async fn look_for_models(&self) {
        let (before, sampling) = (self.models(), self.sampling());
        let loads = self.lock(&self.0.catalogue).loads().clone();
        let hub = self.clone();
        let look = move || hub.lock(&hub.0.catalogue).look(hub.0.engine.free());
        let looked = tokio::task::spawn_blocking(look).await;
        if let Err(err) = looked {
            tracing::error!("looking for models failed: {err}");
        }
        let models = self.models();
        if models != before {
            self.tell(ServerMessage::ModelsChanged { models });
            self.tell_sampling(&sampling);
        }
        // Those of files that are gone are forgotten.
        if *self.lock(&self.0.catalogue).loads() != loads {
            self.save_loads().await;
        }
    }

    /// Keeps what loads took, for the next estimate. Ends when Wick does.
    pub(super) async fn learn_from_loads(self) {
        let mut loads = self.0.engine.loads();
        loop {
            let loaded = tokio::select! {
                loaded = loads.recv() => loaded,
                () = self.0.closing.cancelled() => return,
            };
            match loaded {
                Ok(Loaded { path, bytes, took }) => {
                    self.lock(&self.0.catalogue).learn(&path, bytes, took);
                    self.tell(ServerMessage::ModelsChanged { models: self.models() });
                    self.save_loads().await;
                }
                Err(RecvError::Lagged(_)) => (),
                Err(RecvError::Closed) => return,
            }
        }
    }

    async fn save_loads(&self) {
        let loads = self.lock(&self.0.catalogue).loads().clone();
        // What can't be saved is shown and learned again.
        let _ = self.save(move |db| db.set_setting("loads", &loads)).await;
    }

    /// Answers with this model from now on.
    pub async fn choose_model(&self, model: ModelId) -> Result<(), Refusal> {
        self.find_model(&model)?;
        let sampling = self.sampling();
        self.choices().model = Some(model.clone());
        self.tell(ServerMessage::ModelsChanged { models: self.models() });
        self.tell_sampling(&sampling);
        self.save(move |db| db.set_setting("model", &model)).await
    }

    /// Fetches the starter model, unless that is going on, and answers with it when nothing else
    /// can.
    pub fn get_starter(&self) {
        {
            let mut starter = self.lock(&self.0.starter);
            if matches!(*starter, Starter::Fetching { .. }) {
                return;
            }
            // Said here already, so that a second click finds it.
            *starter = Starter::Fetching { done: 0, total: STARTER_DOWNLOAD };
        }
        let hub = self.clone();
        self.0.turns.spawn(async move {
            let closing = hub.0.closing.clone();
            tokio::select! {
                () = hub.fetch_starter() => (),
                () = closing.cancelled() => (),
            }
        });
    }

    /// Refuses where there is no such model.
    pub(super) fn find_model(&self, model: &ModelId) -> Result<(), Refusal> {
        if self.models().list.iter().any(|it| it.id == *model) {
            return Ok(());
        }
        Err(Refusal("That model is not there any more. Choose another one".into()))
    }

    /// The model that is to answer, checked. An error is a sentence for people.
    pub(super) async fn chosen_model(&self) -> Result<ModelFile, Chosen> {
        let models = self.models();
        let Some(id) = models.chosen else {
            return Err(Chosen::None(format!(
                "There is no model to answer. Wick looked in {}. Put a GGUF file there or get the \
                 starter model",
                models.folders.join(", ")
            )));
        };
        self.usable_model(id).await
    }

    /// The file of a model, checked.
    pub(super) async fn usable_model(&self, id: ModelId) -> Result<ModelFile, Chosen> {
        let list = self.models().list;
        let name = list.into_iter().find(|it| it.id == id).map_or_else(String::new, |it| it.name);
        let hub = self.clone();
        let usable = tokio::task::spawn_blocking(move || hub.lock(&hub.0.catalogue).usable(&id));
        match usable.await {
            Ok(Ok(model)) => Ok(model),
            Ok(Err(reason)) => Err(Chosen::Unusable { name, reason }),
            Err(err) => Err(Chosen::Unusable { name, reason: err.to_string() }),
        }
    }

    async fn fetch_starter(&self) {
        let mut told = Instant::now();
        self.tell_starter(Starter::Fetching { done: 0, total: STARTER_DOWNLOAD });
        let result = starter::fetch(&self.0.models_folder, |done, total| {
            if TELL_EVERY < told.elapsed() {
                told = Instant::now();
                self.tell_starter(Starter::Fetching { done, total });
            }
        })
        .await;
        match result {
            Ok(path) => {
                tracing::info!("the starter model is in {}", path.display());
                self.look_for_models().await;
                self.tell_starter(Starter::Idle);
            }
            Err(err) => {
                let reason = format!("{err:#}");
                tracing::error!("{reason}");
                self.tell_starter(Starter::Failed { reason });
            }
        }
    }

    fn tell_starter(&self, starter: Starter) {
        self.lock(&self.0.starter).clone_from(&starter);
        self.tell(ServerMessage::StarterChanged { starter });
    }
}

/// Why no model can answer.
pub enum Chosen {
    /// There is none.
    None(String),
    /// The file can't be used.
    Unusable {
        /// The model's name.
        name: String,
        /// A sentence for people.
        reason: String,
    },
}
