//! The palette: finds chats, models and what can be done by a few letters.

mod keys;

use leptos::html;
use leptos::prelude::*;
use wick_protocol::{ChatId, ClientMessage, ModelId};

use crate::browser::{lower, show};
use crate::dialogs::Dialogs;
use crate::page::page;
use crate::ui::erased::{changing, memo};
use crate::words::{self, Word};
pub(crate) use keys::keys;

/// Entries that are shown at once.
const MOST: usize = 10;

/// Chats among them when nothing is wanted yet: those that were used last.
const CHATS: usize = 4;

/// The list's id; an entry's is this and its place.
const LIST: &str = "palette";

/// Something that can be gone to or done.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    says: String,
    /// What it is.
    kind: &'static str,
    does: Does,
}

#[derive(Clone, Debug, PartialEq)]
enum Does {
    Open(ChatId),
    Choose(ModelId),
    NewChat,
    Instructions,
    Prompt,
    Find,
    Models,
    Compare,
    Settings,
    Access,
    Engine,
    Keys,
    Rest,
}

const ACTIONS: [(Word, Does); 11] = [
    (words::common::new_chat, Does::NewChat),
    (words::palette::instructions, Does::Instructions),
    (words::finding::find, Does::Find),
    (words::common::show_prompt, Does::Prompt),
    (words::common::models, Does::Models),
    (words::common::settings, Does::Settings),
    (words::frame::access, Does::Access),
    (words::common::engine, Does::Engine),
    (words::palette::compare, Does::Compare),
    (words::palette::rest, Does::Rest),
    (words::common::keys, Does::Keys),
];

/// The palette.
pub(crate) fn palette(is_open: RwSignal<bool>) -> AnyView {
    let page = page();
    let state = page.state;
    let dialogs: Dialogs = expect_context();
    let (wanted, place) = (RwSignal::new(String::new()), RwSignal::new(0));
    let here = memo(move || format!("{LIST}-{}", place.get()));
    let found = memo(move || {
        let chats = state.chats().with(|chats| {
            let entry = |chat: &crate::state::ChatLine| (chat.title.get(), chat.id);
            chats.iter().map(entry).collect::<Vec<_>>()
        });
        let models = state.models().with(|models| {
            models.list.iter().map(|it| (it.name.clone(), it.id.clone())).collect::<Vec<_>>()
        });
        wanted.with(|wanted| find(wanted, chats, models))
    });
    let take = move |entry: Entry| {
        is_open.set(false);
        match entry.does {
            Does::Open(chat) => page.visit(chat, None),
            Does::Choose(model) => page.tell(ClientMessage::ChooseModel { model }),
            Does::NewChat => page.new_chat(),
            Does::Instructions => dialogs.show(dialogs.instructions),
            Does::Find => dialogs.finding.set(true),
            Does::Prompt => dialogs.show(dialogs.prompt),
            Does::Compare => dialogs.compare(None),
            Does::Models => dialogs.show(dialogs.models),
            Does::Settings => dialogs.show(dialogs.settings),
            Does::Access => dialogs.show(dialogs.access),
            Does::Engine => dialogs.show(dialogs.engine),
            Does::Keys => dialogs.show(dialogs.keys),
            Does::Rest => page.tell(ClientMessage::Rest),
        }
    };
    let step = move |by: usize| {
        let n = found.with_untracked(Vec::len).max(1);
        place.update(|place| *place = (*place + by) % n);
        show(&here.get_untracked());
    };
    let press = move |event: web_sys::KeyboardEvent| {
        match event.key().as_str() {
            "ArrowDown" => step(1),
            "ArrowUp" => step(found.with_untracked(Vec::len).saturating_sub(1)),
            "Enter" if !event.is_composing() => {
                let entry = found.with_untracked(|it| it.get(place.get_untracked()).cloned());
                if let Some(entry) = entry {
                    take(entry);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    let field = NodeRef::<html::Input>::new();
    let write = move |_| {
        if let Some(field) = field.get_untracked() {
            wanted.set(field.value());
            place.set(0);
        }
    };
    let entries = changing(move || {
        let row = |(idx, entry): (usize, Entry)| {
            let is_here = memo(move || (place.get() == idx).to_string());
            let (says, kind) = (entry.says.clone(), entry.kind);
            view! {
                <li
                    id=format!("{LIST}-{idx}")
                    role="option"
                    aria-selected=is_here
                    on:click=move |_| take(entry.clone())
                >
                    <span>{says}</span>
                    <span class="soft">{kind}</span>
                </li>
            }
            .into_any()
        };
        found.get().into_iter().enumerate().map(row).collect::<Vec<_>>().into_any()
    });
    let none = memo(move || if found.with(Vec::is_empty) { words::palette::nothing() } else { "" });
    view! {
        <input
            type="text"
            role="combobox"
            aria-label=words::palette::wanted()
            placeholder=words::palette::wanted()
            aria-expanded="true"
            aria-controls=LIST
            aria-activedescendant=here
            aria-autocomplete="list"
            autocomplete="off"
            node_ref=field
            on:input=write
            on:keydown=press
        />
        <ul id=LIST class="palette" role="listbox" aria-label=words::palette::found()>
            {entries}
        </ul>
        <p class="soft" role="status">{move || none.get()}</p>
    }
    .into_any()
}

/// What has all the words that are wanted in it: actions first, then chats, then models. Before
/// anything is wanted, chats and then actions.
fn find(wanted: &str, chats: Vec<(String, ChatId)>, models: Vec<(String, ModelId)>) -> Vec<Entry> {
    let wanted = lower(wanted);
    let has_all = |says: &str| {
        let says = lower(says);
        wanted.split_whitespace().all(|word| says.contains(word))
    };
    let actions = ACTIONS.map(|(says, does)| Entry { says: says().into(), kind: "", does });
    let (chat, model) = (words::common::chat(), words::common::model());
    let chats =
        chats.into_iter().map(|(says, id)| Entry { says, kind: chat, does: Does::Open(id) });
    let models =
        models.into_iter().map(|(says, id)| Entry { says, kind: model, does: Does::Choose(id) });
    if wanted.trim().is_empty() {
        return chats.take(CHATS).chain(actions).collect();
    }
    let all = actions.into_iter().chain(chats).chain(models);
    all.filter(|entry| has_all(&entry.says)).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(wanted: &str) -> Vec<String> {
        let chats =
            vec![("Tides of the sea".to_owned(), ChatId(1)), ("Keys".to_owned(), ChatId(2))];
        let models = vec![("SmolLM2-135M".to_owned(), ModelId("a".into()))];
        find(wanted, chats, models).into_iter().map(|it| it.says + it.kind).collect()
    }

    #[test]
    fn all_words_have_to_be_there_in_any_order() {
        assert_eq!(says("sea TID"), ["Tides of the seaChat"]);
        assert_eq!(says("keys"), ["Keys", "KeysChat"]);
        assert_eq!(says("smol"), ["SmolLM2-135MModel"]);
        assert!(says("sea smol").is_empty());
        assert_eq!(says("").len(), ACTIONS.len() + 2);
        assert_eq!(says("")[0], "Tides of the seaChat");
    }

    #[test]
    fn no_more_is_shown_than_fits() {
        let chats = (0..50).map(|n| (format!("Chat {n}"), ChatId(n))).collect();
        assert_eq!(find("chat", chats, Vec::new()).len(), MOST);
    }
}
