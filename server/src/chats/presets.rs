//! Presets: instructions, sampling and a model under a name.

use rusqlite::{OptionalExtension, Row, params};
use wick_protocol::{MOST_PRESETS, ModelId, Sampling};

use super::db::at_once;
use super::rows::{from_json, json};
use super::{Db, DbError};

const PRESETS: &str = "SELECT name, instructions, sampling, model, is_default FROM preset";

/// A preset as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Preset {
    /// What a person calls it.
    pub name: String,
    /// What the model is told before everything that is said.
    pub instructions: String,
    /// How the next token is chosen.
    pub sampling: Sampling,
    /// The model that was chosen with it; it may not be there any more.
    pub model: Option<ModelId>,
    /// Whether new chats begin with its instructions.
    pub is_default: bool,
}

impl Db {
    /// All presets, by name.
    pub fn presets(&self) -> Result<Vec<Preset>, DbError> {
        let query = format!("{PRESETS} ORDER BY name COLLATE NOCASE, name");
        let mut query = self.file().prepare_cached(&query)?;
        Ok(query.query_map([], preset)?.collect::<Result<_, _>>()?)
    }

    /// One of them.
    pub fn preset(&self, name: &str) -> Result<Preset, DbError> {
        Ok(self.file().query_row(&format!("{PRESETS} WHERE name = ?"), [name], preset)?)
    }

    /// Keeps a preset in place of the one that is called so; false when there are too many. Whether
    /// it is the default stays as it was.
    pub fn save_preset(&mut self, preset: &Preset) -> Result<bool, DbError> {
        at_once(self.file(), |db| {
            let count = "SELECT count(*) FROM preset WHERE name <> ?";
            let n_others: i64 = db.query_row(count, [&preset.name], |row| row.get(0))?;
            if MOST_PRESETS as i64 <= n_others {
                return Ok(false);
            }
            db.execute(
                "INSERT INTO preset (name, instructions, sampling, model) VALUES (?, ?, ?, ?)
                 ON CONFLICT (name) DO UPDATE SET instructions = excluded.instructions,
                     sampling = excluded.sampling, model = excluded.model",
                params![
                    preset.name,
                    preset.instructions,
                    json(&preset.sampling),
                    preset.model.as_ref().map(|it| &it.0)
                ],
            )?;
            Ok(true)
        })
    }

    /// Gives a preset another name; false when another one is called so.
    pub fn rename_preset(&mut self, name: &str, to: &str) -> Result<bool, DbError> {
        at_once(self.file(), |db| {
            let find = "SELECT 1 FROM preset WHERE name = ?1 AND name <> ?2";
            let is_taken = db.query_row(find, [to, name], |_| Ok(())).optional()?.is_some();
            if is_taken {
                return Ok(false);
            }
            match db.execute("UPDATE preset SET name = ?2 WHERE name = ?1", [name, to])? {
                0 => Err(DbError::Gone),
                _ => Ok(true),
            }
        })
    }

    /// Removes a preset.
    pub fn delete_preset(&mut self, name: &str) -> Result<(), DbError> {
        self.file().execute("DELETE FROM preset WHERE name = ?", [name])?;
        Ok(())
    }

    /// Begins new chats with the instructions of this preset, or of none.
    pub fn set_default_preset(&mut self, name: Option<&str>) -> Result<(), DbError> {
        at_once(self.file(), |db| {
            db.execute("UPDATE preset SET is_default = name IS ?", [name])?;
            Ok(())
        })
    }
}

/// A preset of which the sampling is in words of another version has that of a new Wick.
fn preset(row: &Row) -> rusqlite::Result<Preset> {
    Ok(Preset {
        name: row.get(0)?,
        instructions: row.get(1)?,
        sampling: from_json(row.get(2)?).unwrap_or_default(),
        model: row.get::<_, Option<String>>(3)?.map(ModelId),
        is_default: row.get(4)?,
    })
}
