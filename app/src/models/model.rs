//! One model in the list.

use leptos::prelude::*;
use wick_protocol::{Fit, Model, ModelId, Stage, Template, Verdict};

use crate::numbers::{grouped, size};
use crate::page::page;
use crate::ui::erased::memo;
use crate::words;

/// A model that can be chosen, or the reason why it cannot.
#[component]
pub(crate) fn ModelChoice(
    model: Model,
    choose: Callback<ModelId>,
    moves_by_key: StoredValue<bool>,
) -> impl IntoView {
    let state = page().state;
    let id = StoredValue::new(model.id.clone());
    let is_this = move |other: Option<&ModelId>| id.with_value(|id| other == Some(id));
    let is_chosen = memo(move || state.models().with(|models| is_this(models.chosen.as_ref())));
    let does = memo(move || state_of(state.engine().with(|it| it.stage(&id.get_value()))));
    let fit = move || {
        let of_this = |it: &&Model| is_this(Some(&it.id));
        state.models().with(|models| models.list.iter().find(of_this).and_then(|it| it.fit))
    };
    let fit_says = memo(move || fit().map(fit_says).unwrap_or_default());
    let is_short = memo(move || fit().map(Fit::verdict) == Some(Verdict::WontFit));
    let choose_this = move || choose.run(id.get_value());
    let click = move |_| {
        if !moves_by_key.get_value() {
            choose_this();
        }
    };
    let press = move |event: web_sys::KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | " ") {
            event.prevent_default();
            choose_this();
        }
    };
    let facts = facts(&model);
    let is_broken = model.trouble.is_some();
    let name = model.name;
    // Often the name is the file's.
    let says_more = model.file.strip_suffix(".gguf") != Some(&name);
    let file = if says_more { model.file } else { String::new() };
    let is_laid_out = model.template == Template::ChatMl && !is_broken;
    let layout = is_laid_out.then(words::models::chat_ml);
    let trouble = model.trouble.unwrap_or_default();
    let trouble = words::translated(&trouble).into_owned();
    let does = (!is_broken).then_some(does);
    let comma = does.is_some().then_some(", ");
    let line = |class: &'static str, text: String| {
        (!text.is_empty()).then(|| view! { <span class=class>{text}" "</span> }.into_any())
    };
    view! {
        <label class="model" class:broken=is_broken>
            <input
                type="radio"
                name="model"
                disabled=is_broken
                prop:checked=is_chosen
                on:click=click
                on:keydown=press
            />
            <span class="about">
                {line("name", name)}
                <span>{facts} {comma} <b>{does}</b> " "</span>
                <span class:wrong=is_short>{fit_says} " "</span>
                {line("", layout.unwrap_or_default().to_owned())}
                {line("wrong", trouble)}
                {line("file", file)}
            </span>
        </label>
    }
}

fn facts(model: &Model) -> String {
    let mut facts = vec![size(model.bytes)];
    if !model.quantisation.is_empty() {
        facts.push(words::translated(&model.quantisation).into_owned());
    }
    if let Some(parameters) = &model.parameters {
        facts.push(words::models::parameters(parameters));
    }
    if 0 < model.context {
        facts.push(words::models::looks_back(&grouped(model.context.into())));
    }
    if model.sees {
        facts.push(words::models::sees().to_owned());
    }
    facts.join(", ")
}

/// Whether there is enough memory, in numbers.
fn fit_says(fit: Fit) -> String {
    let (need, free) = (size(fit.need), size(fit.free));
    match fit.verdict() {
        Verdict::Fits => words::models::fits(&need, &free),
        Verdict::Tight => words::models::tight(&need, &free),
        Verdict::WontFit => words::models::wont_fit(&need, &free),
    }
}

/// What is done with a model, in a word.
pub(crate) fn state_of(stage: Option<Stage>) -> String {
    match stage {
        Some(Stage::Loading { percent }) => words::models::loading(&percent.to_string()),
        Some(Stage::Ready) => words::models::ready().into(),
        Some(Stage::Resting) => words::models::resting().into(),
        None => words::models::on_disk().into(),
    }
}

#[cfg(test)]
mod tests {
    use wick_protocol::Sampling;

    use super::*;

    #[test]
    fn facts_that_are_not_known_are_left_out() {
        let mut model = Model {
            id: ModelId("a".into()),
            name: "A".into(),
            file: "a.gguf".into(),
            bytes: 98_362_432,
            quantisation: "Q4_1".into(),
            parameters: Some("135M".into()),
            context: 8_192,
            room: 8_192,
            template: Template::InFile,
            usual: Sampling::default(),
            trouble: None,
            fit: None,
            sees: false,
        };
        let all = "98 MB, Q4_1, 135M parameters, looks back on 8,192 tokens";
        assert_eq!(facts(&model), all);
        model.sees = true;
        assert_eq!(facts(&model), format!("{all}, sees pictures"));
        model.sees = false;
        model.parameters = None;
        model.context = 0;
        assert_eq!(facts(&model), "98 MB, Q4_1");
    }

    #[test]
    fn whether_a_model_fits_is_a_word_and_two_sizes() {
        let says = |need, free| fit_says(Fit { need, free });
        assert_eq!(says(180_000_000, 20_100_000_000), "fits: needs 180 MB, 20.1 GB are free");
        assert_eq!(says(180_000_000, 190_000_000), "tight: needs 180 MB, 190 MB are free");
        assert_eq!(
            says(42_000_000_000, 20_000_000_000),
            "won't fit: needs 42.0 GB, 20.0 GB are free. \
             A smaller model or a stronger quantisation would help"
        );
    }

    #[test]
    fn a_model_is_on_disk_unless_the_engine_has_it() {
        assert_eq!(state_of(None), "on disk");
        assert_eq!(state_of(Some(Stage::Ready)), "ready");
        assert_eq!(state_of(Some(Stage::Resting)), "resting");
        assert_eq!(state_of(Some(Stage::Loading { percent: 43 })), "loading 43 %");
    }
}
