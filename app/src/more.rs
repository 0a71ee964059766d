//! What a first answer does not need: the dialogs. Their code is a module of its own (`more.wasm`),
//! which is fetched when the page is up and rests, or when one is opened before.
#![allow(unsafe_code, reason = "the macro links the two modules with each other")]

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::reactive::owner::Owner;
use leptos::task::spawn_local;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use crate::ui::erased::changing;
use crate::{engine, instructions, models, palette, settings, sidebar};

/// The page is up for so long before the rest is fetched, in milliseconds.
const LATER: u32 = 400;

/// What a dialog shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// What is loaded, and memory over time.
    Engine,
    /// The models, and choosing one.
    Models,
    /// What can be done with a chat or a folder.
    Options,
    /// Chats, models and what can be done, by a few letters.
    Palette,
    /// The keys that do something.
    Keys,
    /// All settings.
    Settings,
    /// The instructions of the open chat, and presets.
    Instructions,
    /// What the model would get to read.
    Prompt,
}

#[wasm_split(more, wasm_split_path = leptos::wasm_split, fallible, preload(fetch))]
#[allow(clippy::unnecessary_wraps, reason = "the macro adds that it did not come")]
fn make(part: Part, is_open: RwSignal<bool>, owner: Owner) -> Result<AnyView, SplitLoaderError> {
    Ok(owner.with(|| match part {
        Part::Engine => engine::panel(is_open),
        Part::Models => models::choices(is_open),
        Part::Options => sidebar::options(is_open),
        Part::Palette => palette::palette(is_open),
        Part::Keys => palette::keys(is_open),
        Part::Settings => settings::settings(is_open),
        Part::Instructions => instructions::instructions(is_open),
        Part::Prompt => instructions::prompt(is_open),
    }))
}

/// A part, as soon as its code is here; `is_here` tells when there is something to be seen.
pub(crate) fn part(part: Part, is_open: RwSignal<bool>, is_here: RwSignal<bool>) -> AnyView {
    let made = StoredValue::new_local(None::<AnyView>);
    is_here.set(false);
    let owner = Owner::current().unwrap_or_default();
    spawn_local(async move {
        let fetched = fetch().await;
        // Who asked may have closed it meanwhile.
        if made.is_disposed() {
            return;
        }
        let view = match fetched {
            Ok(()) => make(part, is_open, owner).await.ok(),
            Err(_) => None,
        };
        made.try_set_value(view);
        is_here.try_set(true);
    });
    changing(move || {
        if !is_here.get() {
            return ().into_any();
        }
        let none = || {
            view! { <p>"This could not be loaded from Wick. Close it and try again."</p> }
                .into_any()
        };
        made.try_update_value(Option::take).flatten().unwrap_or_else(none)
    })
}

/// Fetches the code of all parts, so that they open at once, also when the connection is lost.
pub(crate) fn fetch_later() {
    spawn_local(async {
        TimeoutFuture::new(LATER).await;
        // What does not come now is asked for again when it is opened.
        let _ = fetch().await;
    });
}
