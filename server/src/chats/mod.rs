//! The chats, and the SQLite file that keeps them.
//!
//! One thread owns the database; everybody else holds a [`Store`] and sends it work.

mod db;
mod store;

pub use db::{Db, DbError, NewTurn, Said, Unfinished, now};
pub use store::Store;
