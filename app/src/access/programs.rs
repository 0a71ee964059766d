//! Keys of programs: made, shown once, revoked.

use leptos::prelude::*;
use wick_protocol::{ApiKey, ClientMessage, ModelId, Scope};

use crate::browser;
use crate::page::page;
use crate::sidebar::named;
use crate::ui::button::{button, choice};
use crate::ui::copier::copier;
use crate::ui::erased::{changing, memo};
use crate::ui::said::{exact, heading, soft};
use crate::words;

/// What keys are for, as they are offered.
const SCOPES: [Scope; 3] = [Scope::Models, Scope::Chat, Scope::Admin];

/// All keys, and what is needed to make one.
pub(super) fn programs() -> AnyView {
    let page = page();
    let rows = changing(move || {
        let rows: Vec<_> = super::told().keys.into_iter().map(row).collect();
        view! { <div class="presets">{rows}</div> }.into_any()
    });
    let is_keyless = memo(|| super::told().is_keyless);
    let set_keyless = move || {
        page.ask(&ClientMessage::SetKeyless { is_keyless: !is_keyless.get_untracked() });
    };
    view! {
        {heading(words::access::programs())}
        {soft(words::access::about_programs(&browser::origin()))}
        {rows}
        {new_key()}
        {super::check(words::access::keyless().to_owned(), is_keyless, set_keyless)}
    }
    .into_any()
}

fn row(key: ApiKey) -> AnyView {
    let page = page();
    let ApiKey { id: key, name, start, scope, models, used } = key;
    let models: Vec<_> = models.iter().map(model_name).collect();
    let models =
        if models.is_empty() { words::access::all_models().to_owned() } else { models.join(", ") };
    let used = match used {
        Some(used) => words::access::used(&browser::moment(used)),
        None => words::access::never_used().to_owned(),
    };
    let says = format!("{start}… · {} · {models} · {used}", scope_name(scope));
    let revoke = move || page.ask(&ClientMessage::RevokeKey { key });
    let revoke = button("", words::access::revoke().into_any(), revoke);
    super::row(name, says, super::buttons(vec![revoke]))
}

/// What a key is for, which models, and its name. The key that was made is shown until the dialog is
/// closed.
fn new_key() -> AnyView {
    let page = page();
    let (told, made) = (page.state.told, page.state.told.key);
    let wanted = RwSignal::new(1);
    let scopes = [0, 1, 2].map(|it| {
        let is_chosen = memo(move || wanted.get() == it);
        choice("scope", scope_name(SCOPES[it]), is_chosen, move || wanted.set(it))
    });
    // The ids of those that were chosen, each between two line breaks of its own.
    let only = RwSignal::new(String::new());
    let models = page.state.models().with_untracked(|it| it.list.clone());
    let models = models.into_iter().map(|it| {
        let line = format!("\n{}\n", it.id.0);
        let is_chosen = {
            let line = line.clone();
            memo(move || only.with(|only| only.contains(&line)))
        };
        let choose = move || {
            only.update(|only| {
                if only.contains(&line) {
                    *only = only.replace(&line, "");
                } else {
                    only.push_str(&line);
                }
            });
        };
        super::check(it.name, is_chosen, choose)
    });
    let make = move |name| {
        let ids = only.get_untracked();
        let ids = ids.lines().filter(|it| !it.is_empty());
        let models = ids.map(|it| ModelId(it.into())).collect();
        let scope = SCOPES[wanted.get_untracked()];
        page.ask(&ClientMessage::MakeKey { name, scope, models });
    };
    let made = changing(move || {
        let key = made.get();
        if key.is_empty() {
            return ().into_any();
        }
        view! {
            {soft(words::access::made())}
            {exact(key)}
            {super::buttons(vec![copier(move || told.key.get_untracked())])}
        }
        .into_any()
    });
    view! {
        <fieldset class="themes">
            <legend>{words::access::new_key()}</legend>
            <div class="choices">{Vec::from(scopes)}</div>
        </fieldset>
        {soft(words::access::only_models())}
        <div class="only-models">{models.collect::<Vec<_>>()}</div>
        {named(words::common::name(), String::new(), words::access::make_key(), make)}
        <div role="status">{made}</div>
    }
    .into_any()
}

/// A model that is not there any more is named by its id.
fn model_name(id: &ModelId) -> String {
    page().state.models().with_untracked(|models| {
        let model = models.list.iter().find(|it| it.id == *id);
        model.map_or(&id.0, |it| &it.name).clone()
    })
}

fn scope_name(scope: Scope) -> &'static str {
    match scope {
        Scope::Models => words::access::see_models(),
        Scope::Chat => words::access::have_answers(),
        Scope::Admin => words::access::do_all(),
    }
}
