//! Lines of the list under which chats stand: folders, and the archive.

use leptos::prelude::*;
use wick_protocol::FolderId;

use super::List;
use super::options::Subject;
use crate::page::page;
use crate::ui::button::options_button;
use crate::ui::erased::memo;
use crate::ui::icon::{Drawing, Icon};
use crate::words;

/// A folder in the list.
#[component]
pub(super) fn FolderEntry(id: FolderId) -> impl IntoView {
    let state = page().state;
    let list: List = expect_context();
    let name = memo(move || {
        state.folders().with(|folders| {
            folders.iter().find(|it| it.id == id).map(|it| it.name.clone()).unwrap_or_default()
        })
    });
    let is_open = memo(move || list.closed_folders.with(|closed| !closed.contains(&id)));
    let toggle = move || {
        list.closed_folders.update(|closed| match closed.iter().position(|it| *it == id) {
            Some(idx) => _ = closed.remove(idx),
            None => closed.push(id),
        });
    };
    let label = memo(move || words::list::options_of_folder(&name.get()));
    let show = move || list.options.show(Subject::Folder(id));
    view! {
        <li class="chat folder">
            {opener(name, is_open, Drawing::FOLDER, toggle)}
            {options_button(label, show)}
        </li>
    }
}

/// What shows and hides the archive.
#[component]
pub(super) fn ArchiveEntry() -> impl IntoView {
    let list: List = expect_context();
    let name = memo(|| words::list::archive().to_owned());
    let is_open = memo(move || list.shows_archive.get());
    let toggle = move || list.shows_archive.update(|it| *it = !*it);
    view! { <li class="chat folder">{opener(name, is_open, Drawing::DOWN, toggle)}</li> }
}

fn opener(
    name: Memo<String>,
    is_open: Memo<bool>,
    drawing: Drawing,
    toggle: impl Fn() + 'static,
) -> AnyView {
    fn erased(
        name: Memo<String>,
        is_expanded: Memo<String>,
        drawing: Drawing,
        toggle: Box<dyn Fn()>,
    ) -> AnyView {
        view! {
            <button
                type="button"
                class="quiet opener"
                aria-expanded=is_expanded
                on:click=move |_| toggle()
            >
                <Icon of=drawing/>
                <span>{name}</span>
            </button>
        }
        .into_any()
    }
    erased(name, memo(move || is_open.get().to_string()), drawing, Box::new(toggle))
}
