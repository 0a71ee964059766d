//! The settings: how the next token is chosen, and the colours.

mod chats;
mod field;
mod fields;
mod form;
mod theme;

use leptos::prelude::*;
use wick_protocol::{ClientMessage, Models, Sampling};

use crate::dialogs::Dialogs;
use crate::page::page;
use crate::ui::button::button;
use crate::ui::erased::shown_while;
use crate::ui::said::{heading, soft};
use crate::words;
use chats::AllChats;
pub(crate) use fields::{fields, read};
pub(crate) use form::Form;
use theme::Themes;

/// All settings.
pub(crate) fn settings(is_open: RwSignal<bool>) -> AnyView {
    view! {
        <ThisChat is_open=is_open/>
        <Themes/>
        <AllChats/>
        <Access is_open=is_open/>
        <Answers is_open=is_open/>
        {soft(words::settings::about_keys())}
    }
    .into_any()
}

/// What the model is told in the open chat.
#[component]
fn ThisChat(is_open: RwSignal<bool>) -> impl IntoView {
    let dialogs: Dialogs = expect_context();
    let show = move |dialog: RwSignal<bool>| {
        move || {
            is_open.set(false);
            dialogs.show(dialog);
        }
    };
    let state = page().state;
    let find = shown_while(
        move || !state.thread().with(Vec::is_empty),
        move || button("", words::finding::find().into_any(), show(dialogs.finding)),
    );
    view! {
        <section class="this-chat">
            {heading(words::settings::this_chat())}
            <div class="row">
                {button(
                    "",
                    words::settings::instructions_and_presets().into_any(),
                    show(dialogs.instructions),
                )}
                {button("", words::common::show_prompt().into_any(), show(dialogs.prompt))}
                {find}
            </div>
        </section>
    }
}

/// The way to who may use Wick.
#[component]
fn Access(is_open: RwSignal<bool>) -> impl IntoView {
    let dialogs: Dialogs = expect_context();
    let show = move || {
        is_open.set(false);
        dialogs.show(dialogs.access);
    };
    // Where that is, is for the server to find out: the dialog offers other networks.
    let on_phone = move || {
        show();
        page().ask(&ClientMessage::Invite { address: String::new(), is_encrypted: true });
    };
    view! {
        <section class="this-chat">
            {heading(words::frame::access())}
            <div class="row">
                {button("", words::access::open_on_phone().into_any(), on_phone)}
                {button("", words::access::browsers_and_programs().into_any(), show)}
            </div>
        </section>
    }
}

/// How the next token is chosen. Nothing changes before it is saved.
#[component]
fn Answers(is_open: RwSignal<bool>) -> impl IntoView {
    let page = page();
    let set = move || page.state.sampling().with(|sampling| Form::from(sampling));
    let form = RwSignal::new(untrack(set));
    // What is set may come after the dialog was opened, or change on another page meanwhile. What a
    // person has written stays.
    Effect::new(move |before: Option<Form>| {
        let now = set();
        if before.is_some_and(|before| form.with_untracked(|form| *form == before)) {
            form.set(now.clone());
        }
        now
    });
    let is_checked = RwSignal::new(false);
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if let Some(sampling) = read(form, is_checked) {
            page.ask(&ClientMessage::SetSampling { sampling });
            is_open.set(false);
        }
    };
    let usual = move || page.state.models().with(Models::usual);
    let to_defaults = move || form.set(Form::from(&untrack(usual)));
    let of_the_model = shown_while(
        move || usual() != Sampling::default(),
        || soft(words::settings::defaults_of_model()),
    );
    view! {
        <form novalidate on:submit=save>
            {heading(words::settings::answers())}
            {of_the_model}
            {fields(form, is_checked)}
            <div class="actions">
                <button type="submit" class="main">{words::common::save()}</button>
                {button("", words::settings::back_to_defaults().into_any(), to_defaults)}
                {button("", words::common::close().into_any(), move || is_open.set(false))}
            </div>
        </form>
    }
}
