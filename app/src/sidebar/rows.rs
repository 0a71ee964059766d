//! Which rows the list of chats has, and which of them are in sight.

use wick_protocol::{Folder, FolderId};

use crate::state::ChatLine;
use crate::ui::erased::Key;

/// Kinds of rows.
pub(super) const CHAT: i64 = 0;
pub(super) const FOLDER: i64 = 1;
pub(super) const CHAT_IN_FOLDER: i64 = 2;
/// A chat above all others.
pub(super) const PINNED: i64 = 4;
/// The row that shows and hides what is archived.
pub(super) const ARCHIVE: i64 = 3;

/// How high each row is, in pixels; the styles make it so.
pub(super) const HEIGHT: i32 = 44;

/// Rows above and below what is in sight, so that scrolling finds them there.
const BEYOND: usize = 8;

/// Pinned chats, then folders with what is in those that are folded out, then the others, then the
/// archive.
pub(super) fn rows(
    chats: &[ChatLine],
    folders: &[Folder],
    closed: &[FolderId],
    shows_archive: bool,
) -> Vec<Key> {
    let mut rows: Vec<Key> = Vec::with_capacity(chats.len() + folders.len() + 1);
    let listed = || chats.iter().filter(|it| !it.place.is_archived);
    rows.extend(listed().filter(|it| it.place.is_pinned).map(|it| (it.id.0, PINNED)));
    for folder in folders {
        rows.push((folder.id.0, FOLDER));
        if !closed.contains(&folder.id) {
            let is_in = |it: &&ChatLine| it.place.folder == Some(folder.id) && !it.place.is_pinned;
            rows.extend(listed().filter(is_in).map(|it| (it.id.0, CHAT_IN_FOLDER)));
        }
    }
    let is_loose = |it: &&ChatLine| it.place.folder.is_none() && !it.place.is_pinned;
    rows.extend(listed().filter(is_loose).map(|it| (it.id.0, CHAT)));
    let mut archived = chats.iter().filter(|it| it.place.is_archived).peekable();
    if archived.peek().is_some() {
        rows.push((0, ARCHIVE));
        if shows_archive {
            rows.extend(archived.map(|it| (it.id.0, CHAT_IN_FOLDER)));
        }
    }
    rows
}

/// The first row to make, and the one behind the last, of so many.
pub(super) fn in_sight(top: i32, height: i32, n_rows: usize) -> (usize, usize) {
    let row = |pixels: i32| (pixels.max(0) / HEIGHT) as usize;
    let first = row(top).saturating_sub(BEYOND).min(n_rows);
    (first, n_rows.min(row(top + height) + 1 + BEYOND))
}

#[cfg(test)]
mod tests {
    use leptos::prelude::*;
    use wick_protocol::{Chat, ChatId, Place};

    use super::*;

    fn chat(id: i64, place: Place) -> ChatLine {
        ChatLine::new(Chat { id: ChatId(id), title: String::new(), changed: 0, place })
    }

    #[test]
    fn each_chat_has_its_place() {
        let _owner = Owner::new();
        let (pets, work) = (FolderId(1), FolderId(2));
        let of = |id, name: &str| Folder { id, name: name.into() };
        let folders = [of(pets, "Pets"), of(work, "Work")];
        let plain = Place::default();
        let chats = [
            chat(7, plain),
            chat(6, Place { is_pinned: true, folder: Some(pets), ..plain }),
            chat(5, Place { folder: Some(pets), ..plain }),
            chat(4, Place { folder: Some(work), ..plain }),
            chat(3, Place { is_archived: true, is_pinned: true, ..plain }),
        ];
        let some = rows(&chats, &folders, &[work], false);
        assert_eq!(
            some,
            [(6, PINNED), (1, FOLDER), (5, CHAT_IN_FOLDER), (2, FOLDER), (7, CHAT), (0, ARCHIVE)]
        );
        let all = rows(&chats, &[], &[], true);
        assert_eq!(all, [(6, PINNED), (7, CHAT), (0, ARCHIVE), (3, CHAT_IN_FOLDER)]);
        assert_eq!(rows(&[], &[], &[], true), []);
    }

    #[test]
    fn only_rows_in_sight_are_made() {
        assert_eq!(in_sight(0, 440, 5_000), (0, 19));
        assert_eq!(in_sight(44_000, 440, 5_000), (992, 1_019));
        assert_eq!(in_sight(0, 440, 3), (0, 3));
        assert_eq!(in_sight(44_000, 440, 3), (3, 3));
        assert_eq!(in_sight(-100, 440, 30), (0, 16));
    }
}
