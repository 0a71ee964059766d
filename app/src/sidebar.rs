//! The list of chats. On a narrow screen it is a drawer.

mod chat;

use leptos::prelude::*;

use crate::page::page;
use crate::state::{ChatLine, Link};
use crate::ui::erased::{each, shown_while};
use crate::ui::icon::{Drawing, Icon};
use chat::ChatEntry;

/// The id of the button that begins a chat.
pub(crate) const NEW_CHAT: &str = "new-chat";

/// All chats, newest first.
#[component]
pub(crate) fn Sidebar() -> impl IntoView {
    let page = page();
    let state = page.state;
    let lines = each(
        move || state.chats().with(|chats| chats.iter().map(|it| (it.id.0, 0)).collect()),
        move |(id, _)| {
            let line = |chats: &Vec<ChatLine>| chats.iter().find(|it| it.id.0 == id).cloned();
            state
                .chats()
                .with_untracked(line)
                .map(|chat| view! { <ChatEntry chat=chat/> })
                .into_any()
        },
    );
    let bare = shown_while(
        move || state.link().get() != Link::Connecting && state.chats().with(Vec::is_empty),
        || {
            view! { <p class="soft bare">"Chats appear here and stay on this computer."</p> }
                .into_any()
        },
    );
    view! {
        <nav class="sidebar" aria-label="Chats">
            <div class="sidebar-head">
                <span class="brand"><Icon of=Drawing::FLAME/>"Wick"</span>
                <button type="button" id=NEW_CHAT on:click=move |_| page.new_chat()>
                    <Icon of=Drawing::NEW/>
                    "New chat"
                </button>
            </div>
            <ul class="chats">{lines}</ul>
            {bare}
        </nav>
    }
}
