//! What a chat shows before anything is said in it: what will happen, or what is missing.

use leptos::prelude::*;
use wick_protocol::{ClientMessage, Model, Models, STARTER_DOWNLOAD, Stage, Starter};

use crate::dialogs::Dialogs;
use crate::models::Folders;
use crate::numbers::{megabytes, size};
use crate::page::page;
use crate::state::Link;
use crate::ui::bar::Bar;
use crate::ui::button::button;
use crate::ui::erased::{changing, memo, shown_while};
use crate::ui::icon::{Drawing, Icon};
use crate::ui::said::soft;
use crate::words;

/// An invitation to ask, or to fetch a first model.
#[component]
pub(crate) fn Empty() -> impl IntoView {
    let state = page().state;
    let has_model = memo(move || state.models().with(|it| it.chosen.is_some()));
    shown_while(
        move || state.link().get() != Link::Connecting,
        move || {
            let content = changing(move || {
                if has_model.get() {
                    view! { <AskSomething/> }.into_any()
                } else {
                    view! { <NoModel/> }.into_any()
                }
            });
            view! { <div class="empty">{content}</div> }.into_any()
        },
    )
}

#[component]
fn AskSomething() -> impl IntoView {
    let state = page().state;
    let says = memo(move || {
        let says = |models: &Models| {
            let chosen = models.chosen.as_ref()?;
            let model = models.list.iter().find(|it| it.id == *chosen)?;
            Some(first_message(model, state.engine().with(|engine| engine.stage(&model.id))))
        };
        state.models().with(says).unwrap_or_default()
    });
    let private = shown_while(
        move || state.is_temporary.get(),
        || view! { <p>{words::thread::nothing_written()}</p> }.into_any(),
    );
    let dialogs: Dialogs = expect_context();
    let told = memo(move || {
        let has_none = state.instructions().is_empty();
        let says =
            if has_none { words::common::instructions() } else { words::thread::instructed() };
        says.to_owned()
    });
    view! {
        <Icon of=Drawing::FLAME/>
        <h2>{words::thread::ask_something()}</h2>
        <p>{says}</p>
        <label class="temporary">
            <input
                type="checkbox"
                prop:checked=state.is_temporary
                on:change=move |event| state.is_temporary.set(event_target_checked(&event))
            />
            {words::thread::temporary_chat()}
        </label>
        {button("quiet", told.into_any(), move || dialogs.instructions.set(true))}
        {private}
    }
}

/// What the first message will cost.
fn first_message(model: &Model, stage: Option<Stage>) -> String {
    let name = &model.name;
    match stage {
        Some(Stage::Loading { percent }) => words::thread::is_loading(name, &percent.to_string()),
        Some(Stage::Ready | Stage::Resting) => words::thread::is_loaded(name),
        None => words::thread::first_loads(name, &size(model.bytes)),
    }
}

#[component]
fn NoModel() -> impl IntoView {
    let state = page().state;
    let looked = memo(move || state.models().with(where_looked));
    let is_fetching = memo(move || matches!(state.starter().get(), Starter::Fetching { .. }));
    let starter = changing(move || {
        if is_fetching.get() {
            view! { <Fetching/> }.into_any()
        } else {
            view! { <Offer/> }.into_any()
        }
    });
    view! {
        <Icon of=Drawing::FLAME/>
        <h2>{words::thread::no_model()}</h2>
        <p>{looked}</p>
        <Folders/>
        {starter}
        {soft(words::thread::or_put_there())}
    }
}

/// The starter model, before it was asked for and after that failed.
#[component]
fn Offer() -> impl IntoView {
    let page = page();
    let reason = memo(move || match page.state.starter().get() {
        Starter::Failed { reason } => words::translated(&reason).into_owned(),
        _ => String::new(),
    });
    let failed = shown_while(
        move || reason.with(|it| !it.is_empty()),
        move || view! { <p class="wrong" role="alert">{reason}</p> }.into_any(),
    );
    let says = words::thread::get_starter(&size(STARTER_DOWNLOAD));
    view! {
        {failed}
        {button("main", says.into_any(), move || page.tell(ClientMessage::GetStarter))}
    }
}

/// The starter model on its way.
#[component]
fn Fetching() -> impl IntoView {
    let state = page().state;
    let bytes = memo(move || match state.starter().get() {
        Starter::Fetching { done, total } => (done, total),
        _ => (0, 0),
    });
    let says = memo(move || {
        let (done, total) = bytes.get();
        words::thread::getting_starter(&megabytes(done), &size(total))
    });
    let percent = memo(move || {
        let (done, total) = bytes.get();
        (done * 100).checked_div(total)
    });
    view! {
        <div class="doing" aria-live="off">
            <p>{says}</p>
            <Bar percent=percent/>
        </div>
    }
}

fn where_looked(models: &Models) -> String {
    let n_folders = models.folders.len();
    match models.list.len() {
        0 => words::thread::no_file(n_folders),
        1 => words::thread::one_broken(n_folders),
        n_broken => words::thread::all_broken(n_folders, &n_broken.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use wick_protocol::{ModelId, Template};

    use wick_protocol::Sampling;

    use super::*;

    fn model() -> Model {
        Model {
            id: ModelId("a".into()),
            name: "SmolLM2".into(),
            file: "a.gguf".into(),
            bytes: 98_362_432,
            quantisation: "Q4_1".into(),
            parameters: None,
            context: 8_192,
            room: 8_192,
            template: Template::InFile,
            usual: Sampling::default(),
            trouble: None,
            fit: None,
            sees: false,
        }
    }

    #[test]
    fn the_first_message_says_what_it_costs() {
        let says = |stage| first_message(&model(), stage);
        assert_eq!(says(None), "The first message loads SmolLM2 (98 MB).");
        assert_eq!(says(Some(Stage::Resting)), "SmolLM2 is loaded and answers at once.");
        let loading = Some(Stage::Loading { percent: 43 });
        assert_eq!(says(loading), "SmolLM2 is being loaded: 43 %.");
    }

    #[test]
    fn where_was_looked_is_said() {
        let mut models = Models { folders: vec!["/m".into()], ..Models::default() };
        assert_eq!(where_looked(&models), "No model file was found in this folder:");
        models.list.push(model());
        models.folders.push("/n".into());
        let one = "One model file was found, and it cannot be used. Looked in these folders:";
        assert_eq!(where_looked(&models), one);
    }
}
