//! Our name on the network, which stays the same for good: `wick-1f3a.local`.

use std::net::{IpAddr, Ipv4Addr};

use anyhow::{Context, Result};
use mdns_sd::{IfKind, ServiceDaemon, ServiceInfo};

use crate::access::Token;
use crate::chats::Store;

/// The setting that keeps it.
const SETTING: &str = "lan-name";

/// Letters of it that are ours alone.
const LETTERS: usize = 4;

/// What is announced (RFC 6763).
const KIND: &str = "_wick._tcp.local.";

/// Announces the name as long as it lives (RFC 6762).
pub struct Name(ServiceDaemon);

impl Name {
    /// The one that was kept, or a new one, which is good for this time where nothing can be kept.
    pub async fn kept(store: &Store) -> Result<String> {
        let new = Token::new()?.to_string();
        let new = format!("wick-{}.local", &new[..LETTERS]);
        let kept = store.with({
            let new = new.clone();
            move |db| {
                if let Some(name) = db.setting(SETTING)? {
                    return Ok(name);
                }
                db.set_setting(SETTING, &new)?;
                Ok(new)
            }
        });
        Ok(kept.await.unwrap_or(new))
    }

    /// Says on the network of this address that the name is there, at this port.
    pub fn announce(name: &str, address: Ipv4Addr, port: u16) -> Result<Name> {
        let daemon = ServiceDaemon::new().context("The name can't be announced")?;
        daemon.disable_interface(IfKind::All)?;
        daemon.enable_interface(IfKind::Addr(address.into()))?;
        let short = name.trim_end_matches(".local");
        let nothing: &[(&str, &str)] = &[];
        let service = ServiceInfo::new(
            KIND,
            short,
            &format!("{name}."),
            IpAddr::from(address),
            port,
            nothing,
        )?;
        daemon.register(service)?;
        Ok(Name(daemon))
    }
}

impl Drop for Name {
    fn drop(&mut self) {
        // It is gone with the process at the latest.
        let _ = self.0.shutdown();
    }
}
