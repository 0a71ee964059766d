//! One line of the list: a link, and what can be done with the chat.

use leptos::html;
use leptos::prelude::*;
use wick_protocol::{ChatId, ClientMessage};

use crate::page::page;
use crate::state::ChatLine;
use crate::ui::button::icon_button;
use crate::ui::erased::{changing, memo};
use crate::ui::icon::Drawing;

const ROUND: &str = "quiet round";

/// A chat in the list.
#[component]
pub(crate) fn ChatEntry(chat: ChatLine) -> impl IntoView {
    let id = chat.id;
    let title = memo(move || chat.title.get());
    let is_renamed = RwSignal::new(false);
    let content = changing(move || {
        if is_renamed.get() {
            view! { <Title id=id title=title is_renamed=is_renamed/> }.into_any()
        } else {
            view! { <ChatLink id=id title=title is_renamed=is_renamed/> }.into_any()
        }
    });
    view! { <li class="chat">{content}</li> }
}

#[component]
fn ChatLink(id: ChatId, title: Memo<String>, is_renamed: RwSignal<bool>) -> impl IntoView {
    let page = page();
    let current = memo(move || {
        let is_open = page.state.open().get() == Some(id);
        is_open.then(|| "page".to_owned())
    });
    let rename = memo(move || format!("Rename {}", title.get()));
    let delete = memo(move || format!("Delete {}", title.get()));
    let press = move |_| page.is_drawer_open.set(false);
    view! {
        <a
            href=format!("#{}", id.0)
            aria-current=current
            title=title
            on:click=press
        >
            {title}
        </a>
        {icon_button(ROUND, Some(pen_id(id)), rename, Drawing::PEN, move || is_renamed.set(true))}
        {icon_button(ROUND, None, delete, Drawing::BIN, move || page.delete(id))}
    }
}

/// The field in which a title is written anew. Leaving it leaves the title as it was.
#[component]
fn Title(id: ChatId, title: Memo<String>, is_renamed: RwSignal<bool>) -> impl IntoView {
    let page = page();
    let field = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            field.select();
        }
    });
    let leave = move || {
        is_renamed.set(false);
        request_animation_frame(move || crate::browser::focus(&pen_id(id)));
    };
    let save = move || {
        let new = field.get_untracked().map(|it| it.value()).unwrap_or_default();
        let new = new.trim();
        if !new.is_empty() && new != title.get_untracked() {
            page.tell(ClientMessage::Rename { chat: id, title: new.to_owned() });
        }
        leave();
    };
    let press = move |event: web_sys::KeyboardEvent| match event.key().as_str() {
        "Enter" if !event.is_composing() => {
            event.prevent_default();
            save();
        }
        "Escape" => {
            event.stop_propagation();
            leave();
        }
        _ => (),
    };
    view! {
        <input
            type="text"
            aria-label="Title"
            maxlength="200"
            autocomplete="off"
            node_ref=field
            prop:value=title.get_untracked()
            on:keydown=press
            on:blur=move |_| _ = is_renamed.try_set(false)
        />
    }
}

fn pen_id(id: ChatId) -> String {
    format!("rename-{}", id.0)
}
