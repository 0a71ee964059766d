//! The engine's panel: what is loaded, the picture that the server draws of the last minutes, and how
//! full the context is.

mod context;

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wick_protocol::{Engine, ModelId, Running};

use crate::browser;
use crate::footer::{RestButton, engine_now, holds};
use crate::models::state_of;
use crate::page::{Page, page};
use crate::state::Link;
use crate::ui::button::{button, choice};
use crate::ui::erased::memo;
use crate::words::{self, Word};

/// A new picture is asked for this often, in milliseconds.
const RENEWED_EVERY: u32 = 2_000;

/// How far back it reaches at most, in minutes.
const SPANS: [(Word, u32); 3] =
    [(words::engine::minutes, 5), (words::engine::hour, 60), (words::engine::day, 1_440)];

/// The engine's panel.
pub(crate) fn panel(is_open: RwSignal<bool>) -> AnyView {
    let page = page();
    let state = page.state;
    let loaded = memo(move || {
        let name = |id: &ModelId| {
            state.models().with(|models| {
                let model = models.list.iter().find(|it| it.id == *id);
                model.map_or(&id.0, |it| &it.name).clone()
            })
        };
        state.engine().with(|engine| loaded(engine, name))
    });
    // It is gone when the dialog is closed.
    let minutes = RwSignal::new(SPANS[0].1);
    Effect::new(move |_| show(page, minutes.get()));
    spawn_local(async move {
        while let Some(minutes) = minutes.try_get_untracked() {
            show(page, minutes);
            TimeoutFuture::new(RENEWED_EVERY).await;
        }
    });
    let spans = Vec::from(SPANS.map(|(name, span)| {
        let is_chosen = memo(move || minutes.get() == span);
        choice("span", name(), is_chosen, move || minutes.set(span))
    }));
    view! {
        <img id=browser::PICTURE/>
        <div class="choices" role="radiogroup" aria-label=words::engine::how_far_back()>
            {spans}
        </div>
        <p class="loaded">{loaded}</p>
        {context::gauge()}
        <div class="actions">
            {button("", words::common::close().into_any(), move || is_open.set(false))}
            <RestButton/>
        </div>
    }
    .into_any()
}

/// Shows how things are now, unless nothing is heard of them.
fn show(page: Page, minutes: u32) {
    if page.state.link().get_untracked() == Link::Up {
        let says = page.state.engine().with_untracked(engine_now);
        browser::show_picture(&words::engine::picture(&says), minutes);
    }
}

/// A line for each model that has a process.
fn loaded(engine: &Engine, name: impl Fn(&ModelId) -> String) -> String {
    if engine.running.is_empty() {
        return words::engine::nothing_loaded().into();
    }
    let line = |it: &Running| {
        let memory = it.memory.map(|it| format!(", {}", holds(it))).unwrap_or_default();
        format!("{}: {}{memory}\n", name(&it.model), state_of(Some(it.stage)))
    };
    engine.running.iter().map(line).collect()
}
