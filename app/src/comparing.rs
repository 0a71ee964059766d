//! One message, answered by two models or in two ways, side by side.

use leptos::prelude::*;
use wick_protocol::{ClientMessage, MessageId, Model, Models, Own};

use crate::dialogs::Dialogs;
use crate::page::{Page, page};
use crate::settings::{Form, fields, read};
use crate::state::Link;
use crate::ui::button::button;
use crate::ui::erased::{memo, shown_while};
use crate::ui::said::soft;
use crate::words;

/// The element's id, by which its label finds it.
const MODEL: &str = "other-model";

/// What is answered twice.
#[derive(Clone, Copy, Debug, PartialEq)]
enum What {
    /// What stands in the composer.
    Written,
    /// What was asked before this answer.
    Answered(MessageId),
    /// What stands in the composer, once the answer that is being written has ended.
    Later,
    /// There is nothing yet.
    Nothing,
}

/// Which model answers beside the one that is chosen, and how. Then both answers are shown.
pub(crate) fn comparing(is_open: RwSignal<bool>) -> AnyView {
    let (page, dialogs) = (page(), expect_context::<Dialogs>());
    let models = page.state.models().get_untracked();
    let what = memo(move || what(page, dialogs.subject.get()));
    let (model, is_other) = other(&models);
    let model = RwSignal::new(model);
    let usual = models.clone();
    let as_chosen = move || of(page, &usual, model.get_untracked());
    let (form, is_checked) = (RwSignal::new(as_chosen()), RwSignal::new(false));
    let choose = move |event| {
        let before = as_chosen();
        model.set(event_target_value(&event).parse().unwrap_or_default());
        // What a person has written stays.
        if form.with_untracked(|form| *form == before) {
            form.set(as_chosen());
        }
    };
    let option = |(place, it): (usize, &Model)| {
        let is_chosen = place == model.get_untracked();
        let is_off = it.trouble.is_some();
        let (place, name) = (place.to_string(), it.name.clone());
        view! { <option value=place selected=is_chosen disabled=is_off>{name}</option> }.into_any()
    };
    let options: Vec<_> = models.list.iter().enumerate().map(option).collect();
    // The last message when this was sent, while the answer to it is awaited.
    let awaited = RwSignal::new(None::<Option<MessageId>>);
    let list = models.list;
    let compare = move |message: MessageId| {
        let other = list.get(model.get_untracked()).map(|it| it.id.clone());
        let (Some(model), Some(sampling)) = (other, read(form, is_checked)) else { return };
        page.ask(&ClientMessage::Compare { message, model, sampling });
        dialogs.subject.set(Some(message));
        is_open.set(false);
        dialogs.versions.set(true);
    };
    let begin = compare.clone();
    Effect::new(move |_| {
        let Some(before) = awaited.get() else { return };
        if page.state.refusal.with(Option::is_some) {
            is_open.set(false);
        } else if let Some(answer) = last_answer(page).filter(|it| Some(*it) != before) {
            awaited.set(None);
            begin(answer);
        }
    });
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        match what.get_untracked() {
            What::Answered(message) => compare(message),
            What::Written if read(form, is_checked).is_some() => {
                let before = page.state.last();
                page.say(page.state.drafts.take());
                awaited.set(Some(before));
            }
            _ => (),
        }
    };
    let is_off = memo(move || {
        let is_ready = matches!(what.get(), What::Written | What::Answered(_));
        !is_ready || awaited.get().is_some() || page.state.link().get() != Link::Up
    });
    let about = memo(move || match what.get() {
        What::Written => words::comparing::written(),
        What::Answered(_) => words::comparing::answered(),
        What::Later => words::comparing::later(),
        What::Nothing => words::comparing::nothing(),
    });
    let says = memo(move || match what.get() {
        What::Answered(_) => words::comparing::write(),
        _ => words::comparing::send(),
    });
    let one_model = shown_while(move || !is_other, || soft(words::comparing::one_model()));
    view! {
        <form class="comparing" novalidate on:submit=submit>
            <p>{about}</p>
            <div class="setting">
                <label for=MODEL>{words::comparing::by()}</label>
                <select id=MODEL on:change=choose>{options}</select>
                {one_model}
            </div>
            <details open=!is_other>
                <summary>{words::comparing::settings()}</summary>
                {fields(form, is_checked)}
            </details>
            <div class="actions">
                <button type="submit" class="main" disabled=is_off>{says}</button>
                {button("", words::common::close().into_any(), move || is_open.set(false))}
            </div>
        </form>
    }
    .into_any()
}

/// What can be answered twice now: what somebody chose, else what is written, else what was said last.
fn what(page: Page, subject: Option<MessageId>) -> What {
    let drafts = page.state.drafts;
    let is_written =
        drafts.text.with(|it| !it.trim().is_empty()) || drafts.attached.with(|it| !it.is_empty());
    let is_live = page.state.live().is_some();
    match (subject, last_answer(page)) {
        (Some(answer), _) => What::Answered(answer),
        _ if is_written && (is_live || drafts.is_reading.get()) => What::Later,
        _ if is_written => What::Written,
        (None, Some(answer)) => What::Answered(answer),
        (None, None) => What::Nothing,
    }
}

/// The last message, when it is an answer.
fn last_answer(page: Page) -> Option<MessageId> {
    let thread = page.state.thread();
    thread.with(|thread| thread.last().filter(|it| it.answer.is_some()).map(|it| it.id))
}

/// The place of a model that is not the chosen one, and whether there is any.
fn other(models: &Models) -> (usize, bool) {
    let is_other = |it: &Model| Some(&it.id) != models.chosen.as_ref() && it.trouble.is_none();
    let other = models.list.iter().position(is_other);
    let chosen = || models.list.iter().position(|it| Some(&it.id) == models.chosen.as_ref());
    (other.or_else(chosen).unwrap_or_default(), other.is_some())
}

/// The settings as they are with the model at this place: what nobody set is as it recommends.
fn of(page: Page, models: &Models, place: usize) -> Form {
    let sampling = page.state.sampling().get_untracked();
    let own = Own::of(&sampling, &models.usual());
    let usual = models.list.get(place).map(|it| it.usual.clone()).unwrap_or_default();
    Form::from(&own.with(sampling, &usual))
}

#[cfg(test)]
mod tests {
    use wick_protocol::{ModelId, Sampling, Template};

    use super::*;

    #[test]
    fn another_model_that_works_is_proposed() {
        let model = |id: &str, trouble: Option<&str>| Model {
            id: ModelId(id.into()),
            name: id.into(),
            file: id.into(),
            bytes: 1,
            quantisation: String::new(),
            parameters: None,
            context: 1,
            room: 1,
            template: Template::InFile,
            usual: Sampling::default(),
            trouble: trouble.map(str::to_owned),
            fit: None,
            sees: false,
        };
        let list = vec![model("a", None), model("b", Some("broken")), model("c", None)];
        let mut models = Models { list, chosen: Some(ModelId("a".into())), ..Models::default() };
        assert_eq!(other(&models), (2, true));
        models.list.pop();
        assert_eq!(other(&models), (0, false));
        models.list.reverse();
        assert_eq!(other(&models), (1, false));
    }
}
