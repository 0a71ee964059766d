//! Taking all chats along, and bringing in those of other programs.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::page::page;
use crate::sidebar::copies;
use crate::state::Notice;

/// Copies of all chats, and a field for a file with chats.
#[component]
pub(super) fn AllChats() -> impl IntoView {
    let news = page().state.news;
    let field = NodeRef::<html::Input>::new();
    let take = move |_| {
        let Some(field) = field.get_untracked() else { return };
        spawn_local(async move {
            let failed = "The file could not be sent. Try again when Wick can be reached.";
            let said = crate::browser::import(&field).await;
            news.tell(Notice::Said(said.unwrap_or_else(|| failed.to_owned())));
        });
    };
    view! {
        <section class="all-chats">
            <h3>"Chats"</h3>
            <p class="soft">"Save a copy of all chats, with every version of their messages in JSON."</p>
            {copies("all")}
            <label class="file">
                "Bring in chats from a file"
                <input type="file" accept=".json,.jsonl,.zip" node_ref=field on:change=take/>
            </label>
            <p class="soft">"Of Wick, ChatGPT, Open WebUI, LM Studio or llama-server."</p>
        </section>
    }
}
