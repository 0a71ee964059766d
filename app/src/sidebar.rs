//! The list of chats. On a narrow screen it is a drawer.

mod chat;
mod folder;
mod options;
mod rows;
mod search;

use leptos::html;
use leptos::leptos_dom::helpers::window_event_listener;
use leptos::{ev, prelude::*};
use wick_protocol::FolderId;

use crate::more::Part;
use crate::page::page;
use crate::state::{ChatLine, Link};
use crate::ui::dialog::Dialog;
use crate::ui::erased::{each, memo, shown_while};
use crate::ui::icon::{Drawing, Icon};
use crate::words;
use chat::ChatEntry;
use folder::{ArchiveEntry, FolderEntry};
pub(crate) use options::{copies, named, options};
use search::{Hits, SearchField};

/// The id of the button that begins a chat.
pub(crate) const NEW_CHAT: &str = "new-chat";

/// What is folded out in the list, and which options are shown. Copying it copies handles.
#[derive(Clone, Copy)]
struct List {
    closed_folders: RwSignal<Vec<FolderId>>,
    shows_archive: RwSignal<bool>,
    options: options::Options,
}

/// All chats, newest first, or those in which something was found.
#[component]
pub(crate) fn Sidebar() -> impl IntoView {
    let page = page();
    let state = page.state;
    let list = List {
        closed_folders: RwSignal::new(Vec::new()),
        shows_archive: RwSignal::new(false),
        options: options::Options::new(),
    };
    provide_context(list);
    let search = RwSignal::new(String::new());
    let is_searching = memo(move || search.with(|it| !it.trim().is_empty()));
    let bare = shown_while(
        move || {
            let is_empty = state.chats().with(Vec::is_empty) && !is_searching.get();
            state.link().get() != Link::Connecting && is_empty
        },
        || view! { <p class="soft bare">{words::list::no_chats()}</p> }.into_any(),
    );
    let chats = shown_while(move || !is_searching.get(), || view! { <Chats/> }.into_any());
    let hits =
        shown_while(move || is_searching.get(), move || view! { <Hits search=search/> }.into_any());
    view! {
        <nav class="sidebar" aria-label=words::common::chats()>
            <div class="sidebar-head">
                <span class="brand"><Icon of=Drawing::FLAME/>"Wick"</span>
                <button type="button" id=NEW_CHAT on:click=move |_| page.new_chat()>
                    <Icon of=Drawing::NEW/>
                    {words::common::new_chat()}
                </button>
            </div>
            <SearchField search=search/>
            {chats}
            {hits}
            {bare}
            <Dialog title=words::list::options() is_open=list.options.is_open part=Part::Options/>
        </nav>
    }
}

/// The rows of the list. However long it is, only those in sight are made.
#[component]
fn Chats() -> impl IntoView {
    let state = page().state;
    let list: List = expect_context();
    let scroller = NodeRef::<html::Div>::new();
    let top = RwSignal::new(0);
    let height = RwSignal::new(window_height());
    let measured = window_event_listener(ev::resize, move |_| height.set(window_height()));
    on_cleanup(move || measured.remove());
    let rows = memo(move || {
        state.folders().with(|folders| {
            state.chats().with(|chats| {
                list.closed_folders
                    .with(|closed| rows::rows(chats, folders, closed, list.shows_archive.get()))
            })
        })
    });
    let in_sight = memo(move || rows::in_sight(top.get(), height.get(), rows.with(Vec::len)));
    let height_of = |n_rows: usize| format!("{}px", n_rows as i32 * rows::HEIGHT);
    let all = memo(move || height_of(rows.with(Vec::len)));
    let above = memo(move || height_of(in_sight.get().0));
    let lines = each(
        move || {
            let (first, end) = in_sight.get();
            rows.with(|rows| rows[first..end.min(rows.len())].to_vec())
        },
        move |(id, kind)| match kind {
            rows::FOLDER => view! { <FolderEntry id=FolderId(id)/> }.into_any(),
            rows::ARCHIVE => view! { <ArchiveEntry/> }.into_any(),
            kind => {
                let line = |chats: &Vec<ChatLine>| chats.iter().find(|it| it.id.0 == id).cloned();
                let is_inner = kind == rows::CHAT_IN_FOLDER;
                state
                    .chats()
                    .with_untracked(line)
                    .map(|chat| view! { <ChatEntry chat=chat is_inner=is_inner/> })
                    .into_any()
            }
        },
    );
    let scroll = move |_| {
        if let Some(scroller) = scroller.get_untracked() {
            top.set(scroller.scroll_top());
        }
    };
    view! {
        <div class="chats" node_ref=scroller on:scroll=scroll>
            <ul style:height=all style:padding-top=above>{lines}</ul>
        </div>
    }
}

fn window_height() -> i32 {
    window().inner_height().ok().and_then(|it| it.as_f64()).unwrap_or(1_000.0) as i32
}
