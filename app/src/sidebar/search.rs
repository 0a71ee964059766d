//! Looking for words in all chats.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wick_protocol::{ClientMessage, Hit, LONGEST_SEARCH};

use crate::page::page;
use crate::ui::erased::{changing, memo};
use crate::words;

/// The server is asked so long after the last key, in milliseconds.
const ASK_AFTER: u32 = 120;

/// Where words are written.
#[component]
pub(super) fn SearchField(search: RwSignal<String>) -> impl IntoView {
    let page = page();
    let write = move |event| {
        let text = event_target_value(&event);
        search.set(text.clone());
        spawn_local(async move {
            TimeoutFuture::new(ASK_AFTER).await;
            let is_last = search.try_with_untracked(|it| *it == text).unwrap_or(false);
            if is_last && !text.trim().is_empty() {
                page.tell(ClientMessage::Search { text });
            }
        });
    };
    view! {
        <input
            type="search"
            class="search"
            aria-label=words::list::search_chats()
            placeholder=words::common::search()
            autocomplete="off"
            maxlength=LONGEST_SEARCH.to_string()
            prop:value=search
            on:input=write
        />
    }
}

/// What was found. It stays while something else is looked for.
#[component]
pub(super) fn Hits(search: RwSignal<String>) -> impl IntoView {
    let state = page().state;
    let says = memo(move || {
        let count = state.found().with(|found| {
            found.as_ref().filter(|it| search.with(|search| it.0 == *search)).map(|it| it.1.len())
        });
        match count {
            None => words::list::searching().to_owned(),
            Some(0) => words::list::nothing_found().to_owned(),
            Some(n) => words::list::found(n),
        }
    });
    let hits = changing(move || {
        let hits = state.found().get().map(|it| it.1).unwrap_or_default();
        hits.into_iter().map(hit).collect::<Vec<_>>().into_any()
    });
    view! {
        <div class="chats hits">
            <p class="soft" role="status">{says}</p>
            <ul>{hits}</ul>
        </div>
    }
}

fn hit(hit: Hit) -> AnyView {
    let page = page();
    let Hit { chat, title, message, excerpt } = hit;
    // Every second piece is a match.
    let pieces = excerpt.into_iter().enumerate().map(|(idx, piece)| match idx % 2 {
        0 => piece.into_any(),
        _ => view! { <mark>{piece}</mark> }.into_any(),
    });
    let pieces = pieces.collect::<Vec<_>>();
    let title = message.map(|_| title);
    view! {
        <li>
            <button type="button" class="quiet hit" on:click=move |_| page.visit(chat, message)>
                <b>{title}</b>
                <span>{pieces}</span>
            </button>
        </li>
    }
    .into_any()
}
