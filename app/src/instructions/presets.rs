//! Presets: chosen, made, renamed, removed.

use leptos::prelude::*;
use wick_protocol::{ClientMessage, MOST_PRESETS, Models, Preset};

use crate::page::page;
use crate::sidebar::named;
use crate::ui::button::button;
use crate::ui::erased::{changing, memo, shown_while};
use crate::wire::decimal;

const ABOUT: &str = "A preset keeps instructions, sampling and a model. Use sets the instructions of this \
                     chat; sampling and model are the same for all chats, and change for all. New \
                     chats begin with the instructions of the preset that is for them.";

/// All presets, and a field to make one of what stands in the field above. `text` is that, `written`
/// what of it is not saved.
#[component]
pub(super) fn Presets(text: Memo<String>, written: RwSignal<Option<String>>) -> impl IntoView {
    let page = page();
    let presets = page.state.presets();
    let renamed = RwSignal::new(None::<String>);
    let rows = changing(move || {
        let row =
            |preset| view! { <Row preset=preset written=written renamed=renamed/> }.into_any();
        presets.get().into_iter().map(row).collect::<Vec<_>>().into_any()
    });
    let save = move |name: String| {
        let instructions = text.get_untracked();
        page.tell(ClientMessage::SavePreset { name, instructions });
    };
    let is_full = memo(move || MOST_PRESETS <= presets.with(Vec::len));
    let says = memo(move || {
        if is_full.get() {
            format!(
                "There are {MOST_PRESETS} presets. Only one with the same name can be replaced."
            )
        } else {
            "With the sampling and the model that are chosen now. One with this name is replaced."
                .to_owned()
        }
    });
    view! {
        <h3>"Presets"</h3>
        <p class="soft">{ABOUT}</p>
        <div class="presets">{rows}</div>
        {named("Name of a preset", String::new(), "Save as a preset", save)}
        <p class="soft">{says}</p>
    }
}

#[component]
fn Row(
    preset: Preset,
    written: RwSignal<Option<String>>,
    renamed: RwSignal<Option<String>>,
) -> impl IntoView {
    let page = page();
    let state = page.state;
    let name = StoredValue::new(preset.name.clone());
    let instructions = StoredValue::new(preset.instructions.clone());
    let is_default = preset.is_default;
    let facts = memo({
        let preset = preset.clone();
        move || state.models().with(|models| facts(&preset, models))
    });
    let choose = move || {
        let chat = state.open().get_untracked();
        if chat.is_none() {
            state.of_new.set(Some(instructions.get_value()));
        }
        written.set(None);
        page.tell(ClientMessage::ChoosePreset { name: name.get_value(), chat });
    };
    let set_default = move |_| {
        let name = (!is_default).then(|| name.get_value());
        page.tell(ClientMessage::DefaultPreset { name });
    };
    let is_renamed = memo(move || renamed.get().is_some_and(|it| it == name.get_value()));
    let is_taken = RwSignal::new(false);
    let rename = move |to: String| {
        let is_other = |it: &Preset| it.name == to && it.name != name.get_value();
        is_taken.set(state.presets().with_untracked(|all| all.iter().any(is_other)));
        if !is_taken.get_untracked() {
            renamed.set(None);
            page.tell(ClientMessage::RenamePreset { name: name.get_value(), to });
        }
    };
    let delete = move || page.tell(ClientMessage::DeletePreset { name: name.get_value() });
    let content = changing(move || {
        if is_renamed.get() {
            return named("New name", name.get_value(), "Rename", rename);
        }
        let start = move || renamed.set(Some(name.get_value()));
        view! {
            <div class="row">
                {button("", "Use".into_any(), choose)}
                {button("", "Rename".into_any(), start)}
                {button("", "Delete".into_any(), delete)}
                <label class="for-new">
                    <input type="checkbox" prop:checked=is_default on:change=set_default/>
                    "For new chats"
                </label>
            </div>
        }
        .into_any()
    });
    let taken = shown_while(
        move || is_taken.get(),
        || view! { <p class="wrong" role="alert">"Another preset is called so."</p> }.into_any(),
    );
    let label = preset.name.clone();
    view! {
        <div class="preset" role="group" aria-label=label>
            <p class="about">
                <span class="name">{preset.name}</span>
                <span>{facts}</span>
                <span class="told">{preset.instructions}</span>
            </p>
            {content}
            {taken}
        </div>
    }
}

/// What is chosen with a preset besides its instructions.
fn facts(preset: &Preset, models: &Models) -> String {
    let model = match &preset.model {
        None => "any model".to_owned(),
        Some(id) => match models.list.iter().find(|it| it.id == *id) {
            Some(model) => model.name.clone(),
            None => format!("{}, which is not there any more and will not be chosen", id.0),
        },
    };
    format!("Temperature {}, {model}", decimal(preset.sampling.temperature))
}

#[cfg(test)]
mod tests {
    use wick_protocol::{ModelId, Sampling};

    use super::*;

    #[test]
    fn a_model_that_is_gone_is_said_to_be() {
        let mut preset = Preset {
            name: "Pirate".into(),
            instructions: "Arr.".into(),
            sampling: Sampling::default(),
            model: None,
            is_default: false,
        };
        let models = Models::default();
        assert_eq!(facts(&preset, &models), "Temperature 0.8, any model");
        preset.model = Some(ModelId("a.gguf".into()));
        let gone = "Temperature 0.8, a.gguf, which is not there any more and will not be chosen";
        assert_eq!(facts(&preset, &models), gone);
    }
}
