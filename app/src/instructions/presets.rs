//! Presets: chosen, made, renamed, removed.

use leptos::prelude::*;
use wick_protocol::{ClientMessage, MOST_PRESETS, Preset};

use crate::page::page;
use crate::sidebar::named;
use crate::ui::button::button;
use crate::ui::erased::{changing, each, memo, shown_while};
use crate::ui::said::{heading, soft};
use crate::words;

/// All presets, and a field to make one of what stands in the field above. `text` is that, `written`
/// what of it is not saved.
#[component]
pub(super) fn Presets(text: Memo<String>, written: RwSignal<Option<String>>) -> impl IntoView {
    let page = page();
    let presets = page.state.presets();
    let renamed = RwSignal::new(None::<String>);
    let n_presets = memo(move || presets.with(Vec::len));
    // By their places, so that one that changes keeps the focus.
    let rows = each(
        move || (0..n_presets.get() as i64).map(|place| (place, 0)).collect(),
        move |(place, _)| {
            let place = place as usize;
            view! { <Row place=place written=written renamed=renamed/> }.into_any()
        },
    );
    let save = move |name: String| {
        let instructions = text.get_untracked();
        page.ask(&ClientMessage::SavePreset { name, instructions });
    };
    let is_full = memo(move || MOST_PRESETS <= n_presets.get());
    let says = memo(move || {
        if is_full.get() {
            words::instructions::presets_are_full(&MOST_PRESETS.to_string())
        } else {
            words::instructions::about_new_preset().to_owned()
        }
    });
    view! {
        {heading(words::instructions::presets())}
        {soft(words::instructions::about_presets())}
        <div class="presets">{rows}</div>
        {named(
            words::instructions::new_preset(),
            String::new(),
            words::instructions::save_as_preset(),
            save,
        )}
        <p class="soft">{says}</p>
    }
}

/// The preset at this place of the list.
#[component]
fn Row(
    place: usize,
    written: RwSignal<Option<String>>,
    renamed: RwSignal<Option<String>>,
) -> impl IntoView {
    let page = page();
    let state = page.state;
    let preset = memo(move || state.presets().with(|all| all.get(place).cloned()));
    let with = move |what: fn(&Preset) -> &String| {
        memo(move || preset.with(|it| it.as_ref().map(what).cloned().unwrap_or_default()))
    };
    let (name, instructions) = (with(|it| &it.name), with(|it| &it.instructions));
    let says = with(|it| &it.says);
    let says = memo(move || says.with(|it| words::translated(it).into_owned()));
    let is_default = memo(move || preset.with(|it| it.as_ref().is_some_and(|it| it.is_default)));
    let choose = move || {
        let chat = state.open().get_untracked();
        if chat.is_none() {
            state.told.of_new.set(Some(instructions.get_untracked()));
        }
        written.set(None);
        page.ask(&ClientMessage::ChoosePreset { name: name.get_untracked(), chat });
    };
    let set_default = move |_| {
        let name = (!is_default.get_untracked()).then(|| name.get_untracked());
        page.ask(&ClientMessage::DefaultPreset { name });
    };
    let is_renamed = memo(move || renamed.get().is_some_and(|it| it == name.get()));
    let is_taken = RwSignal::new(false);
    let rename = move |to: String| {
        let is_other = |it: &Preset| it.name == to && it.name != name.get_untracked();
        is_taken.set(state.presets().with_untracked(|all| all.iter().any(is_other)));
        if !is_taken.get_untracked() {
            renamed.set(None);
            page.ask(&ClientMessage::RenamePreset { name: name.get_untracked(), to });
        }
    };
    let delete = move || page.ask(&ClientMessage::DeletePreset { name: name.get_untracked() });
    let content = changing(move || {
        if is_renamed.get() {
            let (label, says) = (words::instructions::new_name(), words::common::rename());
            return named(label, name.get_untracked(), says, rename);
        }
        let start = move || renamed.set(Some(name.get_untracked()));
        view! {
            <div class="row">
                {button("", words::instructions::choose().into_any(), choose)}
                {button("", words::common::rename().into_any(), start)}
                {button("", words::common::delete().into_any(), delete)}
                <label class="for-new">
                    <input type="checkbox" prop:checked=is_default on:change=set_default/>
                    {words::instructions::for_new_chats()}
                </label>
            </div>
        }
        .into_any()
    });
    let taken = shown_while(
        move || is_taken.get(),
        || view! { <p class="wrong" role="alert">{words::instructions::taken()}</p> }.into_any(),
    );
    view! {
        <div class="preset" role="group" aria-label=name>
            <p class="about">
                <span class="name">{name}</span>
                <span>{says}</span>
                <span class="told">{instructions}</span>
            </p>
            {content}
            {taken}
        </div>
    }
}
