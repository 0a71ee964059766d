//! One message, answered by two models or in two ways, side by side.

use leptos::prelude::*;
use wick_protocol::{ClientMessage, MessageId, Model, ModelId, Models, Own};

use crate::dialogs::Dialogs;
use crate::page::{Page, page};
use crate::settings::{Form, fields, read};
use crate::ui::button::{button, choice};
use crate::ui::erased::memo;
use crate::ui::said::soft;
use crate::words;

/// What is answered twice.
#[derive(Clone, Copy)]
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
    let models = page.state.models();
    let what = move || what(page, dialogs.subject.get());
    let (model, is_other) = models.with_untracked(other);
    let model = RwSignal::new(model);
    let as_chosen =
        move || models.with_untracked(|it| of(page, it, model.get_untracked().as_deref()));
    let (form, is_checked) = (RwSignal::new(as_chosen()), RwSignal::new(false));
    let choose = move |id: &str| {
        let before = as_chosen();
        model.set(Some(id.to_owned()));
        // What a person has written stays.
        if form.with_untracked(|form| *form == before) {
            form.set(as_chosen());
        }
    };
    let option = |it: &Model| {
        let (id, own) = (it.id.0.clone(), it.id.0.clone());
        let is_chosen = memo(move || model.with(|it| it.as_ref() == Some(&id)));
        let view = || choice("other-model", &*it.name, is_chosen, move || choose(&own));
        it.trouble.is_none().then(view)
    };
    let options: Vec<_> = models.with_untracked(|it| it.list.iter().filter_map(option).collect());
    // The answer to what was sent is awaited, and what came before it.
    let (is_awaited, before) = (RwSignal::new(false), RwSignal::new(None));
    let compare = move |message: MessageId| {
        let Some(model) = model.get_untracked().map(ModelId) else { return };
        let Some(sampling) = read(form, is_checked) else { return };
        page.ask(&ClientMessage::Compare { message, model, sampling });
        dialogs.subject.set(Some(message));
        is_open.set(false);
        dialogs.versions.set(true);
    };
    Effect::new(move |_| {
        if !is_awaited.get() {
            return;
        }
        if page.state.refusal.with(Option::is_some) {
            is_open.set(false);
        } else if let Some(answer) = last_answer(page)
            && Some(answer) != before.get_untracked()
        {
            is_awaited.set(false);
            compare(answer);
        }
    });
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        match untrack(what) {
            What::Answered(message) => compare(message),
            What::Written if read(form, is_checked).is_some() => {
                before.set(untrack(move || page.state.last()));
                page.say(page.state.drafts.take());
                is_awaited.set(true);
            }
            _ => (),
        }
    };
    let is_off = memo(move || matches!(what(), What::Later | What::Nothing) || is_awaited.get());
    let about = memo(move || match what() {
        What::Written => words::comparing::written(),
        What::Answered(_) => words::comparing::answered(),
        What::Later => words::comparing::later(),
        What::Nothing => words::comparing::nothing(),
    });
    let says = memo(move || match what() {
        What::Answered(_) => words::comparing::write(),
        _ => words::comparing::send(),
    });
    let one_model = (!is_other).then(|| soft(words::comparing::one_model()));
    view! {
        <form class="comparing" novalidate on:submit=submit>
            <p>{about}</p>
            <fieldset class="themes">
                <legend>{words::comparing::by()}</legend>
                <div class="choices many">{options}</div>
                {one_model}
            </fieldset>
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

/// The id of a model that is not the chosen one, and whether there is any.
fn other(models: &Models) -> (Option<String>, bool) {
    let is_other = |it: &&Model| Some(&it.id) != models.chosen.as_ref() && it.trouble.is_none();
    let other = models.list.iter().find(is_other).map(|it| it.id.0.clone());
    let is_other = other.is_some();
    (other.or_else(|| models.chosen.as_ref().map(|it| it.0.clone())), is_other)
}

/// The settings as they are with this model: what nobody set is as it recommends.
fn of(page: Page, models: &Models, model: Option<&str>) -> Form {
    let sampling = page.state.sampling().get_untracked();
    let own = Own::of(&sampling, &models.usual());
    let usual = models.list.iter().find(|it| Some(&*it.id.0) == model);
    let usual = usual.map(|it| it.usual.clone()).unwrap_or_default();
    Form::from(&own.with(sampling, &usual))
}

#[cfg(test)]
mod tests {
    use wick_protocol::{Sampling, Template};

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
        let id = |id: &str| Some(id.to_owned());
        assert_eq!(other(&models), (id("c"), true));
        models.list.pop();
        assert_eq!(other(&models), (id("a"), false));
    }
}
