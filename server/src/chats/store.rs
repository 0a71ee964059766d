//! A handle on the thread that owns the database.

use std::path::Path;
use std::thread;

use anyhow::{Context, Result};
use tokio::sync::{mpsc, oneshot};

use super::{Db, DbError};

/// Work that may wait for the database at once.
const MOST_WAITING: usize = 1024;

type Work = Box<dyn FnOnce(&mut Db) + Send>;

/// Sends work to the thread that owns the database. The thread ends with the last clone, after
/// it has done what was sent.
#[derive(Clone)]
pub struct Store(mpsc::Sender<Work>);

impl Store {
    /// Opens or makes the database file, which grows to `most` bytes. An error is a sentence for people.
    pub fn open(path: &Path, most: u64) -> Result<Store> {
        let db = Db::open(path, most)
            .with_context(|| format!("The chats in {} can't be opened", path.display()))?;
        Ok(Self::around(db)?)
    }

    fn around(mut db: Db) -> std::io::Result<Store> {
        let (sender, mut inbox) = mpsc::channel::<Work>(MOST_WAITING);
        thread::Builder::new().name("wick-chats".into()).spawn(move || {
            while let Some(work) = inbox.blocking_recv() {
                work(&mut db);
            }
        })?;
        Ok(Store(sender))
    }

    /// Runs `work` on the database and gives back its result.
    pub async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Db) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, DbError> {
        let (reply, result) = oneshot::channel();
        let work: Work = Box::new(move |db| {
            // Whoever asked may have gone.
            let _ = reply.send(work(db));
        });
        self.0.send(work).await.map_err(|_| DbError::Closed)?;
        result.await.map_err(|_| DbError::Closed)?
    }

    /// Runs `work` on the database when there is time for it, and never where too much waits.
    pub fn send(&self, work: impl FnOnce(&mut Db) + Send + 'static) {
        // Nothing depends on it.
        let _ = self.0.try_send(Box::new(work));
    }
}
