//! One line of the list: a link, and what can be done with the chat.

use leptos::prelude::*;

use super::List;
use super::options::Subject;
use crate::page::page;
use crate::state::ChatLine;
use crate::ui::button::options_button;
use crate::ui::erased::memo;
use crate::ui::icon::{Drawing, Icon};
use crate::words;

/// A chat in the list. `is_inner`: it stands in a folder.
#[component]
pub(super) fn ChatEntry(chat: ChatLine, is_inner: bool) -> impl IntoView {
    let page = page();
    let list: List = expect_context();
    let id = chat.id;
    let title = memo(move || chat.title.get());
    let current = memo(move || {
        let is_open = page.state.open().get() == Some(id);
        is_open.then(|| "page".to_owned())
    });
    let label = memo(move || words::list::options_of(&title.get()));
    let pin = chat.place.is_pinned.then(|| view! { <Icon of=Drawing::PIN/> });
    let show = move || list.options.show(Subject::Chat(id));
    view! {
        <li class="chat" class:inner=is_inner>
            <a
                href=format!("#{}", id.0)
                aria-current=current
                title=title
                on:click=move |_| page.is_drawer_open.set(false)
            >
                {title}
            </a>
            {pin}
            {options_button(label, show)}
        </li>
    }
}
