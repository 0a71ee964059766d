//! Who may use Wick, as it is kept: browsers that are signed in, keys of programs.

use rusqlite::{Row, params};
use wick_protocol::{ApiKey, Device, DeviceId, KeyId};

use super::rows::{from_json, json};
use super::{Db, DbError};

/// SHA-256 of what only a browser or a program knows.
pub type Hash = [u8; 32];

/// A browser that is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptDevice {
    /// What people see.
    pub device: Device,
    /// Of its cookie.
    pub cookie: Hash,
    /// Of what its page sends besides.
    pub secret: Hash,
}

/// A key of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptKey {
    /// What people see.
    pub key: ApiKey,
    /// Of the whole key.
    pub hash: Hash,
}

impl Db {
    /// All browsers that are signed in.
    pub fn devices(&self) -> Result<Vec<KeptDevice>, DbError> {
        let query = "SELECT id, name, seen, address, cookie, secret FROM device";
        let mut query = self.file().prepare(query)?;
        Ok(query.query_map([], device)?.collect::<Result<_, _>>()?)
    }

    /// Signs a browser in.
    pub fn add_device(&mut self, it: &KeptDevice) -> Result<(), DbError> {
        let KeptDevice { device, cookie, secret } = it;
        self.file().execute(
            "INSERT INTO device (id, name, seen, address, cookie, secret)
             VALUES (?, ?, ?, ?, ?, ?)",
            params![device.id.0, device.name, device.seen, device.address, cookie, secret],
        )?;
        Ok(())
    }

    /// Keeps what people see of a browser. One that was signed out meanwhile stays so.
    pub fn change_device(&mut self, it: &Device) -> Result<(), DbError> {
        self.file().execute(
            "UPDATE device SET name = ?2, seen = ?3, address = ?4 WHERE id = ?1",
            params![it.id.0, it.name, it.seen, it.address],
        )?;
        Ok(())
    }

    /// Signs a browser out.
    pub fn drop_device(&mut self, id: DeviceId) -> Result<(), DbError> {
        self.file().execute("DELETE FROM device WHERE id = ?", [id.0])?;
        Ok(())
    }

    /// All keys of programs. One of which it can't be read what it is for is none.
    pub fn api_keys(&self) -> Result<Vec<KeptKey>, DbError> {
        let query = "SELECT id, name, start, scope, models, used, hash FROM api_key";
        let mut query = self.file().prepare(query)?;
        let keys: Vec<Option<KeptKey>> = query.query_map([], key)?.collect::<Result<_, _>>()?;
        Ok(keys.into_iter().flatten().collect())
    }

    /// Keeps a new key.
    pub fn add_api_key(&mut self, it: &KeptKey) -> Result<(), DbError> {
        let KeptKey { key, hash } = it;
        self.file().execute(
            "INSERT INTO api_key (id, name, start, scope, models, used, hash)
             VALUES (?, ?, ?, ?, ?, ?, ?)",
            params![
                key.id.0,
                key.name,
                key.start,
                json(&key.scope),
                json(&key.models),
                key.used,
                hash
            ],
        )?;
        Ok(())
    }

    /// Keeps when a key was used. One that was revoked meanwhile stays so.
    pub fn use_api_key(&mut self, id: KeyId, used: i64) -> Result<(), DbError> {
        let update = "UPDATE api_key SET used = ?2 WHERE id = ?1";
        self.file().execute(update, params![id.0, used])?;
        Ok(())
    }

    /// Forgets a key.
    pub fn drop_api_key(&mut self, id: KeyId) -> Result<(), DbError> {
        self.file().execute("DELETE FROM api_key WHERE id = ?", [id.0])?;
        Ok(())
    }
}

fn device(row: &Row) -> rusqlite::Result<KeptDevice> {
    Ok(KeptDevice {
        device: Device {
            id: DeviceId(row.get(0)?),
            name: row.get(1)?,
            seen: row.get(2)?,
            address: row.get(3)?,
        },
        cookie: row.get(4)?,
        secret: row.get(5)?,
    })
}

fn key(row: &Row) -> rusqlite::Result<Option<KeptKey>> {
    let (scope, models) = (from_json(row.get(3)?), from_json(row.get(4)?));
    let (Some(scope), Some(models)) = (scope, models) else { return Ok(None) };
    let (id, used) = (KeyId(row.get(0)?), row.get(5)?);
    let key = ApiKey { id, name: row.get(1)?, start: row.get(2)?, scope, models, used };
    Ok(Some(KeptKey { key, hash: row.get(6)? }))
}
