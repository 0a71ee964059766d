//! The models: which there are, what state they are in, and choosing one.

mod model;

use leptos::prelude::*;
use wick_protocol::{ClientMessage, Model, ModelId};

use crate::dialogs::Dialogs;
use crate::page::page;
use crate::state::Link;
use crate::ui::button::button;
use crate::ui::erased::{changing, memo, shown_while};
use crate::ui::icon::{Drawing, Icon};
use crate::ui::said::soft;
use crate::words;
use model::ModelChoice;
pub(crate) use model::state_of;

/// The models to choose from.
pub(crate) fn choices(is_open: RwSignal<bool>) -> AnyView {
    let page = page();
    let models = page.state.models();
    let choose = Callback::new(move |model: ModelId| {
        if models.with_untracked(|it| it.chosen.as_ref() != Some(&model)) {
            page.tell(ClientMessage::ChooseModel { model });
        }
        is_open.set(false);
    });
    // Arrow keys move through the models without choosing one; Enter or Space chooses.
    let moves_by_key = StoredValue::new(false);
    let press = move |event: web_sys::KeyboardEvent| {
        moves_by_key.set_value(event.key().starts_with("Arrow"));
    };
    // How much memory is free changes by itself; the list is not made anew for that.
    let list = memo(move || {
        let still = |model: &Model| Model { fit: None, ..model.clone() };
        models.with(|models| models.list.iter().map(still).collect::<Vec<_>>())
    });
    if page.state.link().get_untracked() == Link::Up {
        page.tell(ClientMessage::LookForModels);
    }
    let choices = changing(move || {
        let view = |model| {
            view! { <ModelChoice model=model choose=choose moves_by_key=moves_by_key/> }.into_any()
        };
        list.get().into_iter().map(view).collect::<Vec<_>>().into_any()
    });
    let none = shown_while(
        move || list.with(Vec::is_empty),
        || view! { <p>{words::models::none_here()}</p> }.into_any(),
    );
    let dialogs: Dialogs = expect_context();
    let compare = move || {
        is_open.set(false);
        dialogs.compare(None);
    };
    let again = view! { <Icon of=Drawing::AGAIN/> {words::models::look_again()} }.into_any();
    view! {
        <div
            class="models"
            role="radiogroup"
            aria-label=words::common::models()
            on:keydown=press
            on:pointerdown=move |_| moves_by_key.set_value(false)
        >
            {choices}
        </div>
        {none}
        {soft(words::models::looked_in())}
        <Folders/>
        <div class="actions">
            {button("", again, move || page.tell(ClientMessage::LookForModels))}
            {button("", words::models::compare().into_any(), compare)}
            {button("", words::common::close().into_any(), move || is_open.set(false))}
        </div>
    }
    .into_any()
}

/// The folders that were looked in.
#[component]
pub(crate) fn Folders() -> impl IntoView {
    let models = page().state.models();
    let list = memo(move || models.with(|models| models.folders.clone()));
    let folders = changing(move || {
        let view = |folder| view! { <li><code>{folder}</code></li> }.into_any();
        list.get().into_iter().map(view).collect::<Vec<_>>().into_any()
    });
    view! { <ul class="folders">{folders}</ul> }
}
