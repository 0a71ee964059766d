//! Who may use Wick, from JSON. Nothing before the first answer needs it.

use serde_json::Value;
use wick_protocol::{
    Access, ApiKey, Asking, AskingId, Device, DeviceId, Firewall, KeyId, LanDoor, ModelId, Network,
    Scope,
};

use super::object::{Object, Result, text};

/// All who may use Wick.
pub(crate) fn read_access(json: &str) -> Result<Access> {
    let mut it = Object::from(serde_json::from_str(json).map_err(|_| "not JSON")?)?;
    Ok(Access {
        devices: it.list("devices", device)?,
        this: it.value("this").as_i64().map(DeviceId),
        keys: it.list("keys", api_key)?,
        is_keyless: it.bool("is_keyless"),
        asking: it.list("asking", asking)?,
        lan: lan(it.value("lan")),
        networks: it.list("networks", network)?,
    })
}

fn asking(value: Value) -> Result<Asking> {
    let mut it = Object::from(value)?;
    let id = AskingId(it.signed("id")?);
    Ok(Asking { id, name: it.text("name")?, address: it.text("address")? })
}

fn network(value: Value) -> Result<Network> {
    let mut it = Object::from(value)?;
    Ok(Network { name: it.text("name")?, address: it.text("address")? })
}

/// `None` where there is none.
fn lan(value: Value) -> Option<LanDoor> {
    let mut it = Object::from(value).ok()?;
    let mut text = |name| it.text(name).ok();
    Some(LanDoor {
        address: text("address")?,
        name: text("name")?,
        fingerprint: text("fingerprint")?,
        words: text("words")?,
        firewall: firewall(it.value("firewall")).ok()?,
    })
}

fn firewall(value: Value) -> Result<Firewall> {
    let mut it = Object::from(value)?;
    Ok(Firewall { name: it.text("name")?, allow: it.text("allow")? })
}

fn device(value: Value) -> Result<Device> {
    let mut it = Object::from(value)?;
    let (id, seen) = (DeviceId(it.signed("id")?), it.signed("seen")?);
    Ok(Device { id, name: it.text("name")?, seen, address: it.text("address")? })
}

fn api_key(value: Value) -> Result<ApiKey> {
    let mut it = Object::from(value)?;
    let scope = match it.text("scope")?.as_str() {
        "models" => Scope::Models,
        "chat" => Scope::Chat,
        _ => Scope::Admin,
    };
    Ok(ApiKey {
        id: KeyId(it.signed("id")?),
        name: it.text("name")?,
        start: it.text("start")?,
        scope,
        models: it.list("models", |id| text(id).map(ModelId))?,
        used: it.value("used").as_i64(),
    })
}
