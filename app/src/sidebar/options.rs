//! What can be done with a chat or a folder of the list, in a dialog.

use leptos::html;
use leptos::prelude::*;
use wick_protocol::{ChatId, ClientMessage, FolderId, LONGEST_NAME, Place};

use super::List;
use crate::dialogs::Dialogs;
use crate::page::page;
use crate::ui::button::{button, choice};
use crate::ui::erased::{changing, memo};
use crate::words;

/// Whose options are shown. Copying it copies handles.
#[derive(Clone, Copy)]
pub(super) struct Options {
    pub(super) is_open: RwSignal<bool>,
    subject: RwSignal<Option<Subject>>,
}

/// What has options.
#[derive(Clone, Copy)]
pub(super) enum Subject {
    Chat(ChatId),
    Folder(FolderId),
}

impl Options {
    pub(super) fn new() -> Self {
        Self { is_open: RwSignal::new(false), subject: RwSignal::new(None) }
    }

    /// Opens the dialog.
    pub(super) fn show(self, subject: Subject) {
        self.subject.set(Some(subject));
        self.is_open.set(true);
    }
}

/// The options of a chat or a folder.
pub(crate) fn options(is_open: RwSignal<bool>) -> AnyView {
    let subject = expect_context::<List>().options.subject;
    changing(move || match subject.get() {
        Some(Subject::Chat(id)) => view! { <ChatOptions id=id is_open=is_open/> }.into_any(),
        Some(Subject::Folder(id)) => view! { <FolderOptions id=id is_open=is_open/> }.into_any(),
        None => ().into_any(),
    })
}

#[component]
fn ChatOptions(id: ChatId, is_open: RwSignal<bool>) -> impl IntoView {
    let page = page();
    let state = page.state;
    let line = move || state.chats().with(|chats| chats.iter().find(|it| it.id == id).cloned());
    let place = memo(move || line().map(|it| it.place).unwrap_or_default());
    let title = line().map(|it| it.title.get_untracked()).unwrap_or_default();
    let rename = move |title: String| {
        page.tell(ClientMessage::Rename { chat: id, title });
        is_open.set(false);
    };
    let arrange = move |place: Place| page.ask(&ClientMessage::Arrange { chat: id, place });
    let pin = move || {
        arrange(Place { is_pinned: !place.get_untracked().is_pinned, ..place.get_untracked() });
    };
    let archive = move || {
        let now = place.get_untracked();
        arrange(Place { is_archived: !now.is_archived, is_pinned: false, ..now });
        is_open.set(false);
    };
    let delete = move || {
        is_open.set(false);
        page.delete(id);
    };
    let dialogs: Dialogs = expect_context();
    let instruct = move || {
        is_open.set(false);
        if state.open().get_untracked() != Some(id) {
            page.visit(id, None);
        }
        dialogs.show(dialogs.instructions);
    };
    let pins = memo(move || {
        if place.get().is_pinned { words::list::unpin() } else { words::list::pin() }.to_owned()
    });
    let archives = memo(move || {
        let is_archived = place.get().is_archived;
        if is_archived { words::list::take_out() } else { words::list::put_away() }.to_owned()
    });
    let folders = changing(move || {
        let in_folder = move |folder: Option<FolderId>, says: String| {
            let is_chosen = memo(move || place.get().folder == folder);
            choice("folder", says, is_chosen, move || {
                arrange(Place { folder, ..place.get_untracked() });
            })
        };
        let mut all = vec![in_folder(None, words::list::no_folder().into())];
        all.extend(state.folders().get().into_iter().map(|it| in_folder(Some(it.id), it.name)));
        view! {
            <div
                class="choices many"
                role="radiogroup"
                aria-label=words::common::folder()
            >
                {all}
            </div>
        }
        .into_any()
    });
    let make = move |name| {
        page.ask(&ClientMessage::NameFolder { folder: None, name, chat: Some(id) });
    };
    view! {
        {named(words::common::title(), title, words::common::rename(), rename)}
        <div class="row">
            {button("", pins.into_any(), pin)}
            {button("", archives.into_any(), archive)}
            {button("", words::common::instructions().into_any(), instruct)}
            {button("", words::common::delete().into_any(), delete)}
        </div>
        <h3>{words::common::folder()}</h3>
        {folders}
        {named(words::list::new_folder(), String::new(), words::list::make(), make)}
        <h3>{words::list::save_copy()}</h3>
        {copies(&id.0.to_string())}
        <div class="actions">
            {button("", words::common::close().into_any(), move || is_open.set(false))}
        </div>
    }
}

#[component]
fn FolderOptions(id: FolderId, is_open: RwSignal<bool>) -> impl IntoView {
    let page = page();
    let name = page.state.folders().with_untracked(|folders| {
        folders.iter().find(|it| it.id == id).map(|it| it.name.clone()).unwrap_or_default()
    });
    let rename = move |name| {
        page.ask(&ClientMessage::NameFolder { folder: Some(id), name, chat: None });
        is_open.set(false);
    };
    let delete = move || {
        page.ask(&ClientMessage::DeleteFolder { folder: id });
        is_open.set(false);
    };
    view! {
        {named(words::common::name(), name, words::common::rename(), rename)}
        <div class="row">{button("", words::list::delete_folder().into_any(), delete)}</div>
        <div class="actions">
            {button("", words::common::close().into_any(), move || is_open.set(false))}
        </div>
    }
}

/// Links to files with a chat, or with all of them.
pub(crate) fn copies(of: &str) -> AnyView {
    let link = |(ending, says): (&str, &'static str)| {
        view! { <a href=format!("/export/{of}.{ending}") download="">{says}</a> }.into_any()
    };
    let links = [("md", "Markdown"), ("html", words::list::web_page()), ("json", "JSON")].map(link);
    view! { <p class="copies">{Vec::from(links)}</p> }.into_any()
}

/// A field for a name, and a button that takes it.
pub(crate) fn named(
    label: &'static str,
    name: String,
    says: &'static str,
    take: impl Fn(String) + 'static,
) -> AnyView {
    fn erased(
        label: &'static str,
        name: String,
        says: &'static str,
        take: Box<dyn Fn(String)>,
    ) -> AnyView {
        let field = NodeRef::<html::Input>::new();
        let submit = move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            let Some(field) = field.get_untracked() else { return };
            let name = field.value();
            if !name.trim().is_empty() {
                take(name.trim().to_owned());
                field.set_value("");
            }
        };
        view! {
            <form class="named" on:submit=submit>
                <input
                    type="text"
                    aria-label=label
                    placeholder=label
                    maxlength=(LONGEST_NAME / 4).to_string()
                    autocomplete="off"
                    node_ref=field
                    prop:value=name
                />
                <button type="submit">{says}</button>
            </form>
        }
        .into_any()
    }
    erased(label, name, says, Box::new(take))
}
