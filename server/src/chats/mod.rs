//! The chats, and the SQLite file that keeps them.
//!
//! One thread owns the database; everybody else holds a [`Store`] and sends it work. `tree` is the
//! pure part: which messages of a chat are shown. The rest is one file for each thing that is asked
//! of the database: `db` (opening it), `talk` (what is said), `branches`, `list`, `queue`, `search`,
//! `instructions`, `presets`, `chest` (chats in and out), `visitors` (who may use Wick).

mod branches;
mod chest;
mod db;
mod instructions;
mod list;
mod presets;
mod queue;
mod rows;
mod search;
mod store;
mod talk;
mod tree;
mod trouble;
mod visitors;

pub use branches::Thread;
pub use db::{Db, now};
pub use presets::Preset;
pub use store::Store;
pub use talk::{NewTurn, Said, Spot, Unfinished};
pub use trouble::DbError;
pub use visitors::{Hash, KeptDevice, KeptKey};
