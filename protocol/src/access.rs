//! Who may use Wick: browsers that are signed in, and programs with a key.

use serde::{Deserialize, Serialize};

use crate::ModelId;

/// Names a browser that is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DeviceId(pub i64);

/// Names a key of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct KeyId(pub i64);

/// All who may use Wick.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// The browsers, the one that was seen last first.
    pub devices: Vec<Device>,
    /// The one that is told this; `None` = it did not have to sign in.
    pub this: Option<DeviceId>,
    /// The keys, the newest first.
    pub keys: Vec<ApiKey>,
    /// Whether programs on this computer may use the models without a key.
    pub is_keyless: bool,
    /// Phones that wait to be let in, the first one first.
    pub asking: Vec<Asking>,
    /// Where phones reach Wick; `None` = nowhere.
    pub lan: Option<LanDoor>,
    /// The networks that this computer is in, the likeliest one first.
    pub networks: Vec<Network>,
}

/// Names a phone that waits to be let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AskingId(pub i64);

/// A phone that waits to be let in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asking {
    /// Names it.
    pub id: AskingId,
    /// What it says that it is.
    pub name: String,
    /// From which address it comes.
    pub address: String,
}

/// A network that this computer is in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// As the system calls it, such as `wlan0`.
    pub name: String,
    /// The address of this computer there.
    pub address: String,
}

/// Where phones reach Wick.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanDoor {
    /// By the address of this computer, such as `https://192.168.1.5:8080`; `http` where it is not encrypted.
    pub address: String,
    /// By its name, where the phone can look that up.
    pub name: String,
    /// SHA-256 of the certificate, in pairs of digits; empty where there is none.
    pub fingerprint: String,
    /// The beginning of it as words, which phones show, too.
    pub words: String,
    /// What may keep phones out; empty where nothing is known to.
    pub firewall: Firewall,
}

/// What looks at all that comes from the network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Firewall {
    /// As people know it, such as `ufw`; empty = there is none.
    pub name: String,
    /// The command that lets phones through.
    pub allow: String,
}

/// A browser that is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Names it.
    pub id: DeviceId,
    /// What a person calls it; at first what it says that it is.
    pub name: String,
    /// When it asked for something last, in milliseconds since 1970.
    pub seen: i64,
    /// From which address it did.
    pub address: String,
}

/// A key of a program, without what is secret of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Names it.
    pub id: KeyId,
    /// What a person calls it.
    pub name: String,
    /// How it begins.
    pub start: String,
    /// What it is for.
    pub scope: Scope,
    /// The models that it is for; none = all.
    pub models: Vec<ModelId>,
    /// When it was used last, in milliseconds since 1970; `None` = never.
    pub used: Option<i64>,
}

/// What a key is for. Each is for what those before it are for, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// To see which models there are.
    Models,
    /// To have them answer.
    #[default]
    Chat,
    /// For all that a page may do: read, export and import chats.
    Admin,
}
