//! The hub's part about who may use Wick: every page hears of it.

use wick_protocol::{Access, DeviceId, KeyId, ModelId, Scope, ServerMessage};

use super::list::named;
use super::news::News;
use super::{Hub, Refusal};

impl Hub {
    /// All who may use Wick, as the page of this browser is told.
    pub fn show_access(&self, this: Option<DeviceId>) -> ServerMessage {
        let access = self.access();
        let (devices, keys) = (access.devices(), access.keys());
        let access = Access { devices, this, keys, is_keyless: access.is_keyless() };
        ServerMessage::AccessChanged { access }
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

    /// Sets whether programs on this computer need no key.
    pub async fn set_keyless(&self, is_keyless: bool) -> Result<(), Refusal> {
        let set = self.access().set_keyless(is_keyless).await;
        self.tell_access();
        Ok(set?)
    }
}
