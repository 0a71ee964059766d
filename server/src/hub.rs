//! What all pages share: the chats, the models, the answers that are being written, and the news
//! of them.

mod answers;
mod models;
mod programs;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wick_protocol::{Chat, ChatId, MessageId, ModelId, Sampling, ServerMessage, Starter};

use crate::chats::{Db, DbError, Store};
use crate::engine::history::History;
use crate::engine::{Engine, Owner};
use crate::models::Catalogue;
use crate::turn::Answer;

pub use self::answers::shown;
pub use self::models::Chosen;
pub use self::programs::Offered;

/// News that a page may be behind before it gets everything anew.
const MOST_NEWS: usize = 256;

/// How long a chat that was taken away can be restored.
const RESTORE_WITHIN: Duration = Duration::from_mins(1);

/// The longest title, in bytes.
const LONGEST_TITLE: usize = 400;

/// A handle on what all pages share.
#[derive(Clone)]
pub struct Hub(Arc<Shared>);

struct Shared {
    store: Store,
    engine: Engine,
    catalogue: Mutex<Catalogue>,
    choices: Mutex<Choices>,
    live: Mutex<HashMap<ChatId, Live>>,
    /// Held from the look whether an answer is being written until the next one has begun.
    asking: tokio::sync::Mutex<()>,
    starter: Mutex<Starter>,
    /// Where the starter model goes.
    models_folder: PathBuf,
    /// Why nothing can be saved, when nothing can.
    storage: Mutex<Option<String>>,
    news: broadcast::Sender<Arc<ServerMessage>>,
    turns: TaskTracker,
    closing: CancellationToken,
}

/// What a person chose, kept in the database.
#[derive(Clone, Default)]
struct Choices {
    model: Option<ModelId>,
    sampling: Sampling,
}

/// An answer that is being written.
#[derive(Clone)]
struct Live {
    id: MessageId,
    answer: watch::Receiver<Answer>,
    stop: CancellationToken,
}

/// Whose tokens the engine keeps for a chat.
pub fn owner(chat: ChatId) -> Owner {
    Owner(chat.0.unsigned_abs())
}

/// Why something was not done, in a sentence for people.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);

impl From<DbError> for Refusal {
    fn from(err: DbError) -> Self {
        Refusal(err.to_string())
    }
}

impl Hub {
    /// Reads what a person chose. `models_folder` is where the starter model goes.
    pub async fn open(
        store: Store,
        engine: Engine,
        mut catalogue: Catalogue,
        models_folder: PathBuf,
    ) -> Result<Hub, DbError> {
        let (choices, loads) = store
            .with(|db| {
                let choices = Choices {
                    model: db.setting("model")?,
                    sampling: db.setting("sampling")?.unwrap_or_default(),
                };
                Ok((choices, db.setting("loads")?.unwrap_or_default()))
            })
            .await?;
        catalogue.remember(loads);
        let hub = Hub(Arc::new(Shared {
            store,
            engine,
            catalogue: Mutex::new(catalogue),
            choices: Mutex::new(choices),
            live: Mutex::default(),
            asking: tokio::sync::Mutex::default(),
            starter: Mutex::new(Starter::Idle),
            models_folder,
            storage: Mutex::default(),
            news: broadcast::channel(MOST_NEWS).0,
            turns: TaskTracker::new(),
            closing: CancellationToken::new(),
        }));
        hub.0.turns.spawn(hub.clone().learn_from_loads());
        Ok(hub)
    }

    /// News from now on. What concerns one chat is meant for pages that show it.
    pub fn news(&self) -> broadcast::Receiver<Arc<ServerMessage>> {
        self.0.news.subscribe()
    }

    /// What the engine does and holds.
    pub fn engine(&self) -> watch::Receiver<wick_protocol::Engine> {
        self.0.engine.status()
    }

    /// What the engine held and did until now; `None` when it is closing.
    pub async fn history(&self) -> Option<History> {
        self.0.engine.history().await
    }

    /// Set when Wick is ending.
    pub fn closing(&self) -> &CancellationToken {
        &self.0.closing
    }

    /// All that a page needs to begin. Whoever also takes [`Hub::news`] takes them first, so that
    /// nothing falls between.
    pub async fn welcome(&self) -> ServerMessage {
        let chats = match self.0.store.with(|db| db.chats()).await {
            Ok(chats) => chats,
            Err(err) => {
                self.tell_storage(Err(err));
                Vec::new()
            }
        };
        self.look_for_models().await;
        ServerMessage::Welcome {
            version: env!("CARGO_PKG_VERSION").into(),
            chats,
            models: self.models(),
            sampling: self.choices().sampling.clone(),
            engine: self.engine().borrow().clone(),
            starter: self.lock(&self.0.starter).clone(),
            storage: self.lock(&self.0.storage).clone(),
        }
    }

    /// Gives a chat another title.
    pub async fn rename(&self, chat: ChatId, title: &str) -> Result<(), Refusal> {
        let title = title.trim().replace(['\n', '\r', '\t'], " ");
        if title.is_empty() || LONGEST_TITLE < title.len() {
            return Err(Refusal(format!("A title has 1 to {LONGEST_TITLE} bytes")));
        }
        let chat = self.save(move |db| db.rename(chat, &title)).await?;
        self.tell(ServerMessage::ChatChanged { chat });
        Ok(())
    }

    /// Takes a chat away; what is being written in it is stopped. It can be restored for a
    /// minute.
    pub async fn delete(&self, chat: ChatId) -> Result<(), Refusal> {
        if let Some(live) = self.lock(&self.0.live).get(&chat) {
            live.stop.cancel();
        }
        self.save(move |db| db.delete(chat)).await?;
        self.tell(ServerMessage::ChatGone { chat });
        let hub = self.clone();
        self.0.turns.spawn(async move {
            tokio::select! {
                () = tokio::time::sleep(RESTORE_WITHIN) => {
                    let before = crate::chats::now() - RESTORE_WITHIN.as_millis() as i64;
                    // What stays is purged with the next start.
                    let gone = hub.0.store.with(move |db| db.purge(before + 1)).await;
                    for chat in gone.unwrap_or_default() {
                        hub.0.engine.forget(owner(chat)).await;
                    }
                }
                () = hub.0.closing.cancelled() => (),
            }
        });
        Ok(())
    }

    /// Brings a chat back that was taken away.
    pub async fn restore(&self, chat: ChatId) -> Result<(), Refusal> {
        let chat: Chat = self.save(move |db| db.restore(chat)).await?;
        self.tell(ServerMessage::ChatChanged { chat });
        Ok(())
    }

    /// Chooses tokens like this from now on.
    pub async fn set_sampling(&self, sampling: Sampling) -> Result<(), Refusal> {
        sampling.check().map_err(|err| Refusal(err.to_string()))?;
        self.choices().sampling = sampling.clone();
        self.tell(ServerMessage::SamplingChanged { sampling: sampling.clone() });
        self.save(move |db| db.set_setting("sampling", &sampling)).await
    }

    /// Gives all memory of the engine back now.
    pub async fn rest(&self) -> Result<(), Refusal> {
        self.0.engine.rest().await.map_err(|err| Refusal(err.to_string()))
    }

    /// Ends what is being written, saves it, and ends the engine.
    pub async fn close(&self) {
        self.0.closing.cancel();
        self.0.turns.close();
        self.0.turns.wait().await;
        self.0.engine.close().await;
    }

    /// Changes the database and tells everybody whether that works.
    async fn save<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Db) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, Refusal> {
        match self.0.store.with(work).await {
            Ok(value) => {
                self.tell_storage(Ok(()));
                Ok(value)
            }
            Err(err) => {
                let refusal = Refusal(err.to_string());
                self.tell_storage(Err(err));
                Err(refusal)
            }
        }
    }

    /// Saving worked or did not; news when that is a change.
    fn tell_storage(&self, result: Result<(), DbError>) {
        let storage = match result {
            Ok(()) => None,
            // These say nothing about the disk.
            Err(DbError::Gone | DbError::Closed) => return,
            Err(err) => Some(err.to_string()),
        };
        let mut told = self.lock(&self.0.storage);
        if *told != storage {
            if let Some(reason) = &storage {
                tracing::error!("{reason}");
            }
            told.clone_from(&storage);
            self.tell(ServerMessage::StorageChanged { storage });
        }
    }

    fn tell(&self, message: ServerMessage) {
        // Nobody may be there to hear it.
        let _ = self.0.news.send(Arc::new(message));
    }

    fn choices(&self) -> MutexGuard<'_, Choices> {
        self.lock(&self.0.choices)
    }

    #[expect(clippy::unused_self, reason = "it reads as a sentence")]
    fn lock<'a, T>(&self, mutex: &'a Mutex<T>) -> MutexGuard<'a, T> {
        mutex.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
