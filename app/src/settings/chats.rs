//! Taking all chats along, and bringing in those of other programs.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::page::page;
use crate::sidebar::copies;
use crate::state::Notice;
use crate::ui::said::{heading, soft};
use crate::words;

/// Copies of all chats, and a field for a file with chats.
#[component]
pub(super) fn AllChats() -> impl IntoView {
    let news = page().state.news;
    let field = NodeRef::<html::Input>::new();
    let take = move |_| {
        let Some(field) = field.get_untracked() else { return };
        spawn_local(async move {
            let said = crate::browser::import(&field).await;
            let said =
                said.as_deref().map_or(words::settings::not_sent().into(), words::translated);
            news.tell(Notice::Said(said.into_owned()));
        });
    };
    view! {
        <section class="all-chats">
            {heading(words::common::chats())}
            {soft(words::settings::copy_of_all())}
            {copies("all")}
            <label class="file">
                {words::settings::bring_in()}
                <input type="file" accept=".json,.jsonl,.zip" node_ref=field on:change=take/>
            </label>
            {soft(words::settings::from_programs())}
        </section>
    }
}
