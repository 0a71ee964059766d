//! The hub's part about who may use Wick: every page hears of it.

use wick_protocol::{Access, AskingId, DeviceId, KeyId, LanDoor, ModelId, Scope, ServerMessage};

use super::list::named;
use super::news::News;
use super::{Hub, Refusal};
use crate::access::MakeKeyError;
use crate::lan::{self, Wish};

/// The setting that says how phones reach Wick.
const LAN: &str = "lan";

impl Hub {
    /// All who may use Wick, as the page of this browser is told.
    pub fn show_access(&self, this: Option<DeviceId>) -> ServerMessage {
        let access = self.access();
        let (devices, keys) = (access.devices(), access.keys());
        let (is_keyless, asking) = (access.is_keyless(), access.pairing().asking());
        let (lan, networks) = (self.lan().door(), self.lan().networks());
        let access = Access { devices, this, keys, is_keyless, asking, lan, networks };
        ServerMessage::AccessChanged { access: serde_json::to_string(&access).unwrap_or_default() }
    }

    /// Others may use Wick now.
    pub fn tell_access(&self) {
        self.news(News::Access);
    }

    /// Gives a browser another name.
    pub async fn rename_device(&self, device: DeviceId, name: &str) -> Result<(), Refusal> {
        let renamed = self.access().rename_device(device, named(name)?).await;
        self.tell_access();
        Ok(renamed?)
    }

    /// Signs a browser out.
    pub async fn revoke_device(&self, device: DeviceId) -> Result<(), Refusal> {
        let revoked = self.access().revoke_device(device).await;
        self.tell_access();
        Ok(revoked?)
    }

    /// Makes a key for a program.
    pub async fn make_key(
        &self,
        name: &str,
        scope: Scope,
        models: Vec<ModelId>,
    ) -> Result<String, Refusal> {
        let made = self.access().make_key(named(name)?, scope, models).await;
        self.tell_access();
        made.map_err(|err| Refusal(err.to_string()))
    }

    /// Lets nobody in with this key any more.
    pub async fn revoke_key(&self, key: KeyId) -> Result<(), Refusal> {
        let revoked = self.access().revoke_key(key).await;
        self.tell_access();
        Ok(revoked?)
    }

    /// Is there for phones at this address, or without one where it is likeliest, and makes a code that lets
    /// one in.
    pub async fn invite(
        &self,
        address: &str,
        is_encrypted: bool,
    ) -> Result<ServerMessage, Refusal> {
        if self.access().is_open() {
            let reason = "Wick was started with --no-auth, which is for this computer only. Start it without";
            return Err(Refusal(reason.into()));
        }
        let wish = if address.is_empty() {
            self.lan().likeliest()
        } else {
            address.parse().ok().map(|address| Wish { address, is_encrypted })
        };
        let door = self.open_lan(wish).await?;
        // It is open again after the next start, unless nothing can be kept, which is told by itself.
        let _ = self.keep_lan(wish).await;
        let code = self.access().pairing().new_code();
        let code = code.map_err(|err| Refusal(MakeKeyError::from(err).to_string()))?;
        let address = format!("{}/#pair={code}", door.address);
        let picture =
            lan::picture(&address).ok_or_else(|| Refusal("No code could be drawn".into()))?;
        Ok(ServerMessage::Invited { address, picture })
    }

    /// Is there for phones, where this computer is in that network.
    async fn open_lan(&self, wish: Option<Wish>) -> Result<LanDoor, Refusal> {
        let wish = wish.and_then(|it| self.lan().here(it)).ok_or_else(|| {
            Refusal("This computer is not in that network any more. Choose another one".into())
        })?;
        self.lan().open(wish).await.map_err(Refusal)
    }

    /// Is there for phones where it was before Wick ended.
    pub async fn open_lan_again(&self) {
        let kept = self.store().with(|db| db.setting::<Option<String>>(LAN)).await;
        if let Some(wish) = kept.ok().flatten().flatten().filter(|_| !self.access().is_open())
            && let Err(err) = self.open_lan(wish.parse().ok()).await
        {
            tracing::warn!("phones can't reach Wick: {err}");
        }
    }

    /// Is there for phones no more.
    pub async fn close_lan(&self) -> Result<(), Refusal> {
        self.access().pairing().forget_code();
        self.lan().close();
        self.keep_lan(None).await
    }

    /// Phones reach it so after the next start.
    pub async fn keep_lan(&self, wish: Option<Wish>) -> Result<(), Refusal> {
        let wish = wish.map(|it| it.to_string());
        self.save(move |db| db.set_setting(LAN, &wish)).await
    }

    /// Lets a phone in that waits, or sends it away.
    pub fn answer_phone(&self, asking: AskingId, is_allowed: bool) {
        self.access().pairing().answer(asking, is_allowed);
    }

    /// Sets whether programs on this computer need no key.
    pub async fn set_keyless(&self, is_keyless: bool) -> Result<(), Refusal> {
        let set = self.access().set_keyless(is_keyless).await;
        self.tell_access();
        Ok(set?)
    }
}
