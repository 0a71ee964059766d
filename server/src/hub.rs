//! What all pages share: the chats, the models, the answers that are being written, and the news
//! of them.

mod access;
mod answers;
mod branches;
mod chest;
mod instructions;
mod list;
mod models;
mod news;
mod presets;
mod programs;
mod prompt;
mod queue;
mod sampling;
mod temporary;
mod titles;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wick_protocol::{ChatId, MessageId, ModelId, Own, Sampling, Seen, ServerMessage, Starter};

use crate::access::Access;
use crate::chats::{Db, DbError, Store};
use crate::engine::history::History;
use crate::engine::{Engine, Owner};
use crate::lan::Lan;
use crate::models::Catalogue;
use crate::turn::Answer;

pub use self::answers::{Shown, shown};
pub use self::models::Chosen;
pub use self::news::{Ear, News, Numbered, SessionId};
pub use self::programs::Offered;
pub use self::temporary::Showing;
pub use self::titles::Titles;

use self::news::Newsroom;

/// A handle on what all pages share.
#[derive(Clone)]
pub struct Hub(Arc<Shared>);

struct Shared {
    store: Store,
    access: Access,
    lan: Lan,
    engine: Engine,
    catalogue: Mutex<Catalogue>,
    choices: Mutex<Choices>,
    live: Mutex<HashMap<MessageId, Live>>,
    /// Held from the look whether an answer is being written until the next one has begun.
    asking: tokio::sync::Mutex<()>,
    starter: Mutex<Starter>,
    /// Where the starter model goes.
    models_folder: PathBuf,
    /// Why nothing can be saved, when nothing can.
    storage: Mutex<Option<String>>,
    /// How many pages show each temporary chat.
    shown: Mutex<HashMap<ChatId, usize>>,
    titles: Titles,
    newsroom: Newsroom,
    turns: TaskTracker,
    closing: CancellationToken,
}

/// What a person chose, kept in the database.
#[derive(Clone, Default)]
struct Choices {
    model: Option<ModelId>,
    sampling: Sampling,
    /// What of it is the model's and not set by anybody.
    own: Own,
}

/// An answer that is being written.
#[derive(Clone)]
struct Live {
    chat: ChatId,
    answer: watch::Receiver<Answer>,
    stop: CancellationToken,
    hurry: Arc<Notify>,
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
    /// Reads what a person chose. `models_folder` is where the starter model goes, `titles` says who
    /// names chats.
    pub async fn open(
        (store, access, lan): (Store, Access, Lan),
        engine: Engine,
        mut catalogue: Catalogue,
        models_folder: PathBuf,
        titles: Titles,
    ) -> Result<Hub, DbError> {
        let (choices, loads) = store
            .with(|db| {
                let sampling: Sampling = db.setting("sampling")?.unwrap_or_default();
                // Before models recommended anything, what was as usual had not been set.
                let own = db.setting("own")?;
                let own = own.unwrap_or_else(|| Own::of(&sampling, &Sampling::default()));
                let choices = Choices { model: db.setting("model")?, sampling, own };
                Ok((choices, db.setting("loads")?.unwrap_or_default()))
            })
            .await?;
        catalogue.remember(loads);
        let hub = Hub(Arc::new(Shared {
            store,
            access,
            lan,
            engine,
            catalogue: Mutex::new(catalogue),
            choices: Mutex::new(choices),
            live: Mutex::default(),
            asking: tokio::sync::Mutex::default(),
            starter: Mutex::new(Starter::Idle),
            models_folder,
            storage: Mutex::default(),
            shown: Mutex::default(),
            titles,
            newsroom: Newsroom::new(),
            turns: TaskTracker::new(),
            closing: CancellationToken::new(),
        }));
        hub.0.turns.spawn(hub.clone().learn_from_loads());
        Ok(hub)
    }

    /// News from now on, and what was missed since a page saw this. What concerns one chat is meant
    /// for pages that show it.
    pub fn listen(&self, seen: Option<Seen>) -> Ear {
        self.0.newsroom.listen(seen)
    }

    /// Where everything is kept.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// Who may use Wick.
    pub fn access(&self) -> &Access {
        &self.0.access
    }

    /// Where phones reach Wick.
    pub fn lan(&self) -> &Lan {
        &self.0.lan
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

    /// All that a page needs to begin. Whoever also listens does so first, so that nothing falls
    /// between; `seen` is from where on.
    pub async fn welcome(&self, seen: Seen) -> ServerMessage {
        let list = self.0.store.with(|db| Ok((db.chats()?, db.folders()?))).await;
        let (chats, folders) = list.unwrap_or_else(|err| {
            self.tell_storage(Err(err));
            Default::default()
        });
        self.look_for_models().await;
        let presets = self.presets().await;
        ServerMessage::Welcome {
            version: env!("CARGO_PKG_VERSION").into(),
            seen,
            chats,
            folders,
            models: self.models(),
            sampling: self.sampling(),
            engine: self.engine().borrow().clone(),
            starter: self.lock(&self.0.starter).clone(),
            storage: self.lock(&self.0.storage).clone(),
            presets,
        }
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
        self.news(News::Said(Box::new(message)));
    }

    fn news(&self, news: News) {
        self.0.newsroom.tell(news);
    }

    fn choices(&self) -> MutexGuard<'_, Choices> {
        self.lock(&self.0.choices)
    }

    #[expect(clippy::unused_self, reason = "it reads as a sentence")]
    fn lock<'a, T>(&self, mutex: &'a Mutex<T>) -> MutexGuard<'a, T> {
        mutex.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
