//! News at the edge of the page, for ten seconds each. Time stands still for what is pointed
//! at or has the focus.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wick_protocol::ClientMessage;

use crate::browser;
use crate::more::{Part, part};
use crate::page::page;
use crate::state::Notice;
use crate::ui::button::button;
use crate::ui::erased::{each, shown_while};
use crate::words;

/// How long it is shown, in seconds.
const SHOWN_FOR: u32 = 10;

/// The place for news.
#[component]
pub(crate) fn Notices() -> impl IntoView {
    let news = page().state.news;
    let pieces = shown_while(
        move || !news.list().with(Vec::is_empty),
        || part(Part::Notices, RwSignal::new(true), RwSignal::new(false)),
    );
    view! { <div class="notices" role="status">{pieces}</div> }
}

/// The news, oldest first.
pub(crate) fn pieces() -> AnyView {
    let news = page().state.news;
    each(
        move || news.list().with(|list| list.iter().map(|(it, _)| (*it as i64, 0)).collect()),
        move |(number, _)| {
            let list = news.list().get_untracked();
            let piece = list.into_iter().find(|(it, _)| *it as i64 == number);
            piece.map(|(number, notice)| view! { <Piece number=number notice=notice/> }).into_any()
        },
    )
}

#[component]
fn Piece(number: usize, notice: Notice) -> impl IntoView {
    let page = page();
    let news = page.state.news;
    let is_held = RwSignal::new(false);
    spawn_local(async move {
        let mut left = SHOWN_FOR;
        while 0 < left {
            TimeoutFuture::new(1_000).await;
            match is_held.try_get_untracked() {
                Some(true) => (),
                Some(false) => left -= 1,
                None => return,
            }
        }
        news.drop(number);
    });
    let content = match notice {
        Notice::Said(sentence) => view! { <p>{sentence}</p> }.into_any(),
        Notice::MayTell => {
            let ask = move || {
                browser::ask_to_tell();
                news.drop(number);
            };
            view! {
                <p>{words::notices::may_tell()}</p>
                {button("", words::notices::tell_me().into_any(), ask)}
            }
            .into_any()
        }
        Notice::MessageDeleted(message) => {
            let undo = move || {
                page.tell(ClientMessage::RestoreMessage { message });
                news.drop(number);
            };
            view! {
                <p>{words::notices::deleted_message()}</p>
                {button("", words::common::undo().into_any(), undo)}
            }
            .into_any()
        }
        Notice::Deleted { chat, title, was_open } => {
            let undo = move || {
                page.restore(chat, was_open);
                news.drop(number);
            };
            view! {
                <p>
                    {words::notices::before_title()}
                    <span class="title">{title}</span>
                    {words::notices::behind_title()}
                </p>
                {button("", words::common::undo().into_any(), undo)}
            }
            .into_any()
        }
    };
    view! {
        <div
            class="notice"
            on:mouseenter=move |_| is_held.set(true)
            on:mouseleave=move |_| is_held.set(false)
            on:focusin=move |_| is_held.set(true)
            on:focusout=move |_| is_held.set(false)
        >
            {content}
        </div>
    }
}
