//! Who may use Wick: browsers that were signed in, programs with a key, or everybody on this computer.
//!
//! A browser that is signed in shows two things: a cookie, which scripts can't read but every server
//! of this host is sent, whatever its port; and a secret, which only pages of this very address can read.
//! Neither is worth anything alone. Both are random, and only hashes of them are kept.
//!
//! What is here is in memory; the database is written behind it. Where that fails, who was signed in stays
//! so until Wick ends, and who was put out stays out.

mod agent;
mod link;
mod pairing;
mod token;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;
use wick_protocol::{ApiKey, Device, DeviceId, KeyId, MOST_DEVICES, ModelId, Scope};

use crate::chats::{Db, DbError, KeptDevice, KeptKey, Store, now};

pub use self::agent::device_name;
pub use self::link::Links;
pub use self::pairing::{PairError, Pairing};
pub use self::token::Token;

/// When somebody was seen last is written down when it is so many milliseconds older.
const SEEN_EVERY: i64 = 600_000;

/// The setting that says whether programs need a key.
const KEYLESS: &str = "keyless";

/// A handle on who may use Wick.
#[derive(Clone)]
pub struct Access(Arc<Shared>);

struct Shared {
    store: Store,
    links: Links,
    pairing: Pairing,
    is_open: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    devices: Vec<Known<KeptDevice>>,
    keys: Vec<Known<KeptKey>>,
    is_keyless: bool,
}

/// Somebody who is let in.
struct Known<T> {
    kept: T,
    /// Cancelled when it is let in no more.
    gone: CancellationToken,
}

impl<T> Known<T> {
    fn new(kept: T) -> Self {
        Self { kept, gone: CancellationToken::new() }
    }
}

/// Who asks for something.
#[derive(Clone, Debug)]
pub enum Visitor {
    /// A browser that is signed in.
    Device(DeviceId, CancellationToken),
    /// A program with a key.
    Program(Program),
    /// Anybody, where nobody has to sign in.
    Anybody,
    /// Nobody that is known.
    Stranger,
}

/// A program with a key.
#[derive(Clone, Debug)]
pub struct Program {
    /// What the key is for.
    pub scope: Scope,
    /// The models that it is for; none = all.
    pub models: Vec<ModelId>,
    gone: CancellationToken,
}

/// What a connection may go on with.
#[derive(Clone, Debug, Default)]
pub struct Pass {
    /// The browser that it was given to, where it had to sign in.
    pub device: Option<DeviceId>,
    /// Cancelled when it is worth nothing any more.
    pub gone: CancellationToken,
}

/// What a browser is given when it signs in.
pub struct Signed {
    /// For its cookie.
    pub cookie: Token,
    /// For its page.
    pub secret: Token,
}

/// Why a browser is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// There is no such link, or no more.
    #[error(
        "This link does not sign in any more: it does so once, within 5 minutes. Type in a terminal on \
         the computer on which Wick runs: wick link"
    )]
    Link,
    /// The system gave no random numbers.
    #[error("The system gave no random numbers: {0}")]
    Random(#[from] getrandom::Error),
}

/// Why there is no new key.
#[derive(Debug, thiserror::Error)]
pub enum MakeKeyError {
    /// There are too many.
    #[error("There are {MOST_DEVICES} keys, which is the most. Revoke one first")]
    Full,
    /// The system gave no random numbers.
    #[error("The system gave no random numbers: {0}")]
    Random(#[from] getrandom::Error),
    /// It is not kept.
    #[error(transparent)]
    Kept(#[from] DbError),
}

impl Visitor {
    /// What a page's connection may go on with; `None` = it is not let in.
    pub fn pass(&self) -> Option<Pass> {
        match self {
            Self::Device(device, gone) => Some(Pass { device: Some(*device), gone: gone.clone() }),
            Self::Program(Program { scope: Scope::Admin, gone, .. }) => {
                Some(Pass { device: None, gone: gone.clone() })
            }
            Self::Anybody => Some(Pass::default()),
            Self::Program(_) | Self::Stranger => None,
        }
    }
}

impl Program {
    /// Whether its key is for this model.
    pub fn may_use(&self, model: &ModelId) -> bool {
        self.models.is_empty() || self.models.contains(model)
    }

    /// Cancelled when its key is worth nothing any more.
    pub fn gone(&self) -> &CancellationToken {
        &self.gone
    }
}

impl Access {
    /// Reads who may use Wick. Where it `is_open`, everybody may who can reach it.
    pub async fn open(store: Store, links: Links, is_open: bool) -> Result<Access, DbError> {
        let state = store.with(|db| {
            Ok(State {
                devices: db.devices()?.into_iter().map(Known::new).collect(),
                keys: db.api_keys()?.into_iter().map(Known::new).collect(),
                is_keyless: db.setting(KEYLESS)?.unwrap_or_default(),
            })
        });
        let state = Mutex::new(state.await?);
        let pairing = Pairing::default();
        Ok(Access(Arc::new(Shared { store, links, pairing, is_open, state })))
    }

    /// Whether nobody has to sign in.
    pub fn is_open(&self) -> bool {
        self.0.is_open
    }

    /// Whether programs on this computer need no key.
    pub fn is_keyless(&self) -> bool {
        self.0.is_open || self.state().is_keyless
    }

    /// The browser that shows both of these.
    pub fn browser(&self, cookie: &str, secret: &str, address: &str) -> Option<Visitor> {
        let (cookie, secret) = (token::hash(cookie), token::hash(secret));
        let mut state = self.state();
        let mut known = state.devices.iter_mut();
        let known = known.find(|it| it.kept.cookie == cookie && it.kept.secret == secret)?;
        let device = &mut known.kept.device;
        let (id, gone) = (device.id, known.gone.clone());
        let is_news = SEEN_EVERY < now() - device.seen || device.address != address;
        device.seen = now();
        if is_news {
            address.clone_into(&mut device.address);
            let seen = device.clone();
            self.note(move |db| db.change_device(&seen));
        }
        Some(Visitor::Device(id, gone))
    }

    /// The program that shows this key.
    pub fn program(&self, key: &str) -> Option<Visitor> {
        let hash = token::hash(key);
        let mut state = self.state();
        let known = state.keys.iter_mut().find(|it| it.kept.hash == hash)?;
        let key = &mut known.kept.key;
        let (scope, models, gone) = (key.scope, key.models.clone(), known.gone.clone());
        let (id, now) = (key.id, now());
        if key.used.replace(now).is_none_or(|used| SEEN_EVERY < now - used) {
            self.note(move |db| db.use_api_key(id, now));
        }
        Some(Visitor::Program(Program { scope, models, gone }))
    }

    /// Uses a link up, whoever shows its code; whether there was one.
    pub fn use_up(&self, code: &str) -> bool {
        self.0.links.take(code)
    }

    /// Phones that want in.
    pub fn pairing(&self) -> &Pairing {
        &self.0.pairing
    }

    /// Signs in a browser that shows the code of a link.
    pub async fn sign_in(
        &self,
        code: &str,
        name: String,
        address: String,
    ) -> Result<Signed, SignInError> {
        if !self.use_up(code) {
            return Err(SignInError::Link);
        }
        Ok(self.let_in(name, address).await?)
    }

    /// Signs a browser in. The one that was seen longest ago makes room where there is none.
    pub async fn let_in(&self, name: String, address: String) -> Result<Signed, getrandom::Error> {
        let (cookie, secret) = (Token::new()?, Token::new()?);
        let (id, kept, oldest) = {
            let mut state = self.state();
            let id = DeviceId(next(state.devices.iter().map(|it| it.kept.device.id.0)));
            let device = Device { id, name, seen: now(), address };
            let kept = KeptDevice { device, cookie: cookie.hash(), secret: secret.hash() };
            let devices = state.devices.iter().map(|it| &it.kept.device);
            let oldest = devices.min_by_key(|it| it.seen).map(|it| it.id);
            let oldest = oldest.filter(|_| MOST_DEVICES <= state.devices.len());
            state.devices.push(Known::new(kept.clone()));
            (id, kept, oldest)
        };
        let mut written = self.0.store.with(move |db| db.add_device(&kept)).await;
        if !self.state().devices.iter().any(|it| it.kept.device.id == id) {
            // It was signed out before it was written down.
            written = self.revoke_device(id).await;
        }
        if let Some(oldest) = oldest {
            written = written.and(self.revoke_device(oldest).await);
        }
        if let Err(err) = written {
            tracing::warn!("who was signed in is not after Wick has ended: {err}");
        }
        Ok(Signed { cookie, secret })
    }

    /// The browsers that are signed in, the one that was seen last first.
    pub fn devices(&self) -> Vec<Device> {
        let state = self.state();
        let mut devices: Vec<_> = state.devices.iter().map(|it| it.kept.device.clone()).collect();
        devices.sort_by_key(|it| std::cmp::Reverse((it.seen, it.id)));
        devices
    }

    /// The keys of programs, the newest first.
    pub fn keys(&self) -> Vec<ApiKey> {
        let mut keys: Vec<_> = self.state().keys.iter().map(|it| it.kept.key.clone()).collect();
        keys.sort_by_key(|it| std::cmp::Reverse(it.id));
        keys
    }

    /// Gives a browser another name.
    pub async fn rename_device(&self, id: DeviceId, name: String) -> Result<(), DbError> {
        let renamed = {
            let mut state = self.state();
            let known = state.devices.iter_mut().find(|it| it.kept.device.id == id);
            let device = &mut known.ok_or(DbError::Gone)?.kept.device;
            device.name = name;
            device.clone()
        };
        self.0.store.with(move |db| db.change_device(&renamed)).await
    }

    /// Signs a browser out. What it has open ends.
    pub async fn revoke_device(&self, id: DeviceId) -> Result<(), DbError> {
        put_out(&mut self.state().devices, |it| it.device.id == id);
        self.0.store.with(move |db| db.drop_device(id)).await
    }

    /// Makes a key. Gives all of it, which is kept nowhere.
    pub async fn make_key(
        &self,
        name: String,
        scope: Scope,
        models: Vec<ModelId>,
    ) -> Result<String, MakeKeyError> {
        let key = format!("wick-{}", Token::new()?);
        let (id, kept) = {
            let mut state = self.state();
            if MOST_DEVICES <= state.keys.len() {
                return Err(MakeKeyError::Full);
            }
            let id = KeyId(next(state.keys.iter().map(|it| it.kept.key.id.0)));
            let start = key.chars().take(START).collect();
            let shown = ApiKey { id, name, start, scope, models, used: None };
            let kept = KeptKey { key: shown, hash: token::hash(&key) };
            state.keys.push(Known::new(kept.clone()));
            (id, kept)
        };
        let kept = self.0.store.with(move |db| db.add_api_key(&kept)).await;
        let is_revoked = !self.state().keys.iter().any(|it| it.kept.key.id == id);
        if kept.is_err() || is_revoked {
            // Nobody is told a key that is not kept.
            let _ = self.revoke_key(id).await;
        }
        kept?;
        Ok(key)
    }

    /// Lets nobody in with this key any more. What is answered to it ends.
    pub async fn revoke_key(&self, id: KeyId) -> Result<(), DbError> {
        put_out(&mut self.state().keys, |it| it.key.id == id);
        self.0.store.with(move |db| db.drop_api_key(id)).await
    }

    /// Sets whether programs on this computer need no key.
    pub async fn set_keyless(&self, is_keyless: bool) -> Result<(), DbError> {
        self.state().is_keyless = is_keyless;
        self.0.store.with(move |db| db.set_setting(KEYLESS, &is_keyless)).await
    }

    /// Writes down who was seen, when there is time.
    fn note(&self, work: impl FnOnce(&mut Db) -> Result<(), DbError> + Send + 'static) {
        self.0.store.send(move |db| {
            if let Err(err) = work(db) {
                tracing::debug!("who was seen is not written down: {err}");
            }
        });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Characters of a key that people see again.
const START: usize = 9;

/// Lets these in no more.
fn put_out<T>(known: &mut Vec<Known<T>>, is_it: impl Fn(&T) -> bool) {
    for it in known.extract_if(.., |it| is_it(&it.kept)) {
        it.gone.cancel();
    }
}

/// A number that is larger than all of these.
fn next(ids: impl Iterator<Item = i64>) -> i64 {
    ids.max().unwrap_or(0) + 1
}
