//! Things to build the page from, which know nothing of chats.

pub(crate) mod bar;
pub(crate) mod button;
pub(crate) mod copier;
pub(crate) mod dialog;
pub(crate) mod editor;
pub(crate) mod erased;
pub(crate) mod icon;
pub(crate) mod notices;
pub(crate) mod piece;
pub(crate) mod said;
