//! JSON as it travels, read and written by hand.
//!
//! Readers that serde derives would be a tenth of the whole page, and tables of powers of ten a
//! tenth more. The tests hold every message against what serde makes of `wick_protocol`, so the
//! two cannot drift apart.

mod access;
mod later;
mod numbers;
mod object;
mod read;
#[cfg(test)]
mod tests;
mod unsent;
mod write;

pub(crate) use access::read_access;
pub(crate) use later::write_later;
pub(crate) use numbers::{decimal, from_decimal};
pub(crate) use read::read;
pub(crate) use unsent::{read_unsent, write_unsent};
pub(crate) use write::write;
