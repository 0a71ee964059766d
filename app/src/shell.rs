//! How the page is laid out: chats at the side, the open one in the middle, the composer in
//! the flow at the bottom.

use leptos::ev;
use leptos::leptos_dom::helpers::window_event_listener;
use leptos::prelude::*;
use leptos::reactive::owner::Owner;

use crate::composer::Composer;
use crate::dialogs::{AllDialogs, Dialogs};
use crate::footer::Footer;
use crate::more;
use crate::page::Page;
use crate::sidebar::Sidebar;
use crate::state::Link;
use crate::thread::Thread;
use crate::ui::button::{Opener, icon_button};
use crate::ui::erased::{memo, shown_while};
use crate::ui::icon::{Drawing, Icon};
use crate::ui::notices::Notices;
use crate::words;

/// The whole page.
#[component]
pub(crate) fn Shell() -> impl IntoView {
    let page = Page::start();
    provide_context(page);
    let dialogs = Dialogs::new();
    provide_context(dialogs);
    let state = page.state;
    Effect::new(move |_| {
        document().set_title(&format!("{} · Wick", state.title()));
    });
    let owner = Owner::current().unwrap_or_default();
    Effect::new(move |was_up: Option<bool>| {
        let is_up = state.link().get() == Link::Up || was_up == Some(true);
        if is_up && was_up != Some(true) {
            more::fetch_later(page, dialogs, owner.clone());
        }
        is_up
    });
    let is_open = page.is_drawer_open;
    window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" && is_open.get_untracked() {
            is_open.set(false);
            crate::browser::focus(DRAWER_BUTTON);
        }
    });

    dialogs.follow_keys(page);
    window_event_listener(ev::click, move |event| more::hear(page, dialogs, event));
    view! {
        <div class="page" class:drawer-open=is_open>
            <Header shows_models=dialogs.models shows_settings=dialogs.settings/>
            <Sidebar/>
            <div class="beside" aria-hidden="true" on:click=move |_| is_open.set(false)></div>
            <Banners/>
            <main inert=is_open>
                <Thread/>
                <Composer/>
            </main>
            <Footer shows_engine=dialogs.engine/>
            <Notices/>
        </div>
        <AllDialogs dialogs=dialogs/>
    }
}

/// The id of the button that opens the list of chats on a narrow screen.
const DRAWER_BUTTON: &str = "chats";

#[component]
fn Header(shows_models: RwSignal<bool>, shows_settings: RwSignal<bool>) -> impl IntoView {
    let page = crate::page::page();
    let state = page.state;
    let title = memo(move || state.title());
    let has_model = memo(move || state.models().with(|models| models.chosen.is_some()));
    let model = memo(move || {
        state.models().with(|models| {
            let chosen = models.chosen.as_ref();
            let chosen = chosen.and_then(|id| models.list.iter().find(|it| it.id == *id));
            chosen.map_or_else(|| words::frame::no_model().to_owned(), |it| it.name.clone())
        })
    });
    let is_open = page.is_drawer_open;
    let open = move |_| {
        is_open.update(|is_open| *is_open = !*is_open);
        // The drawer can be focused once it is shown.
        request_animation_frame(|| crate::browser::focus(crate::sidebar::NEW_CHAT));
    };
    let is_expanded = memo(move || is_open.get().to_string());
    let label = memo(move || words::frame::model(&model.get()));
    let shown = memo(move || if has_model.get() { model.get() } else { label.get() });
    let new_chat = shown_while(
        move || state.open().get().is_some() && !is_open.get(),
        move || {
            let class = "quiet round narrow-only";
            icon_button(class, words::common::new_chat(), Drawing::NEW, move || page.new_chat())
        },
    );
    view! {
        <header class="header">
            <button
                type="button"
                id=DRAWER_BUTTON
                class="quiet round narrow-only"
                aria-label=words::common::chats()
                aria-expanded=is_expanded
                on:click=open
            >
                <Icon of=Drawing::LIST/>
            </button>
            <h1>{title}</h1>
            <button
                type="button"
                class="quiet model-button"
                aria-haspopup="dialog"
                aria-label=label
                on:click=move |_| shows_models.set(true)
            >
                <span class="model-name">{shown}</span>
                <Icon of=Drawing::UNFOLD/>
            </button>
            {new_chat}
            <Opener
                label=words::common::settings()
                class="quiet round"
                drawing=Drawing::SETTINGS
                is_open=shows_settings
            />
        </header>
    }
}

/// What is wrong with the page as a whole.
#[component]
fn Banners() -> impl IntoView {
    let state = crate::page::page().state;
    let lost = memo(move || match state.link().get() {
        Link::Lost => words::frame::not_connected().to_owned(),
        Link::Connecting | Link::Up => String::new(),
    });
    let storage = memo(move || {
        let trouble = state.storage().get().unwrap_or_default();
        words::translated(&trouble).into_owned()
    });
    let unsaved = shown_while(
        move || storage.with(|it| !it.is_empty()),
        move || view! { <div role="alert" class="banner trouble">{storage}</div> }.into_any(),
    );
    view! {
        <div class="banners">
            <div role="status" class="banner">{lost}</div>
            {unsaved}
        </div>
    }
}
