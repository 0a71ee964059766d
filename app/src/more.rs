//! What a first answer does not need: dialogs, files, formulas and what else can wait. Their code is a
//! module of its own (`more.wasm`), which is fetched when the page is up and rests, or when one is wanted
//! before.
#![allow(unsafe_code, reason = "the macro links the two modules with each other")]

use std::pin::Pin;

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::reactive::owner::Owner;
use leptos::task::spawn_local;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use web_sys::MouseEvent;

use crate::dialogs::Dialogs;
use crate::page::Page;
use crate::ui::editor::Editor;
use crate::ui::erased::changing;
use crate::ui::notices;
use crate::{
    access, answers, attached, comparing, engine, instructions, models, palette, presence,
    settings, sidebar, thread, voice, words,
};

/// The page is up for so long before the rest is fetched, in milliseconds.
const LATER: u32 = 400;

/// What a dialog shows, or a part of the page.
#[derive(Clone, Copy)]
pub(crate) enum Part {
    /// What an answer took, and copies of it.
    Answer,
    /// All versions of an answer, side by side.
    Versions,
    /// One message, answered by two models or in two ways.
    Comparing,
    /// The files at the message that is written, and how they come there.
    Attached,
    /// The files of a message, as they stand in it.
    Sent(Memo<String>),
    /// What is loaded, and memory over time.
    Engine,
    /// The models, and choosing one.
    Models,
    /// What a person should hear of.
    Notices,
    /// What can be done with a chat or a folder.
    Options,
    /// Chats, models and what can be done, by a few letters.
    Palette,
    /// The keys that do something.
    Keys,
    /// Finding words in the open chat.
    Finding,
    /// What waits to be said.
    Queue,
    /// All settings.
    Settings,
    /// The instructions of the open chat, and presets.
    Instructions,
    /// What the model would get to read.
    Prompt,
    /// Who may use Wick.
    Access,
    /// Whether a phone is let in.
    Asking,
}

#[wasm_split(more, wasm_split_path = leptos::wasm_split, fallible, preload(fetch))]
#[allow(clippy::unnecessary_wraps, reason = "the macro adds that it did not come")]
fn make(part: Part, is_open: RwSignal<bool>, owner: Owner) -> Result<AnyView, SplitLoaderError> {
    Ok(owner.with(|| match part {
        Part::Answer => thread::details(is_open),
        Part::Versions => thread::versions(is_open),
        Part::Comparing => comparing::comparing(is_open),
        Part::Attached => attached::composer(),
        Part::Sent(attached) => attached::sent(attached),
        Part::Engine => engine::panel(is_open),
        Part::Models => models::choices(is_open),
        Part::Notices => notices::pieces(),
        Part::Options => sidebar::options(is_open),
        Part::Palette => palette::palette(is_open),
        Part::Keys => palette::keys(is_open),
        Part::Finding => thread::finding(is_open),
        Part::Queue => thread::queue(),
        Part::Settings => settings::settings(is_open),
        Part::Instructions => instructions::instructions(is_open),
        Part::Prompt => instructions::prompt(is_open),
        Part::Access => access::access(is_open),
        Part::Asking => access::asking(),
    }))
}

#[wasm_split(more, wasm_split_path = leptos::wasm_split, fallible)]
#[allow(clippy::unnecessary_wraps, reason = "the macro adds that it did not come")]
fn attend(page: Page, dialogs: Dialogs, owner: Owner) -> Result<(), SplitLoaderError> {
    owner.with(|| {
        access::attend(dialogs);
        answers::attend();
        presence::attend(page);
        voice::attend(page);
    });
    Ok(())
}

#[wasm_split(more, wasm_split_path = leptos::wasm_split, fallible)]
#[allow(clippy::unnecessary_wraps, reason = "the macro adds that it did not come")]
fn make_editor(editor: Editor, owner: Owner) -> Result<AnyView, SplitLoaderError> {
    Ok(owner.with(|| editor.view()))
}

#[wasm_split(more, wasm_split_path = leptos::wasm_split, fallible)]
#[allow(clippy::unnecessary_wraps, reason = "the macro adds that it did not come")]
fn press(page: Page, dialogs: Dialogs, event: MouseEvent) -> Result<(), SplitLoaderError> {
    answers::hear(page, dialogs, &event);
    Ok(())
}

/// Does what a press means for a message, as soon as the code for that is here.
pub(crate) fn hear(page: Page, dialogs: Dialogs, event: MouseEvent) {
    spawn_local(async move {
        if fetch().await.is_ok() {
            let _ = press(page, dialogs, event).await;
        }
    });
}

/// A part, as soon as its code is here; `is_here` tells when there is something to be seen.
pub(crate) fn part(part: Part, is_open: RwSignal<bool>, is_here: RwSignal<bool>) -> AnyView {
    later(is_here, Box::new(move |owner| Box::pin(make(part, is_open, owner))))
}

/// A text that is written anew in its place.
pub(crate) fn editor(editor: Editor) -> AnyView {
    later(RwSignal::new(false), Box::new(move |owner| Box::pin(make_editor(editor, owner))))
}

type Made = Pin<Box<dyn Future<Output = Result<AnyView, SplitLoaderError>>>>;

fn later(is_here: RwSignal<bool>, make: Box<dyn FnOnce(Owner) -> Made>) -> AnyView {
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
            Ok(()) => make(owner).await.ok(),
            Err(_) => None,
        };
        made.try_set_value(view);
        is_here.try_set(true);
    });
    changing(move || {
        if !is_here.get() {
            return ().into_any();
        }
        let none = || view! { <p>{words::frame::not_loaded()}</p> }.into_any();
        made.try_update_value(Option::take).flatten().unwrap_or_else(none)
    })
}

/// Fetches the code of all parts, so that they open at once, also when the connection is lost. What
/// goes on without being opened lives as long as the owner.
pub(crate) fn fetch_later(page: Page, dialogs: Dialogs, owner: Owner) {
    spawn_local(async move {
        TimeoutFuture::new(LATER).await;
        // What does not come now is asked for again, at the latest when it is opened.
        while fetch().await.is_err() {
            TimeoutFuture::new(10 * LATER).await;
        }
        page.has_more.set(true);
        let _ = attend(page, dialogs, owner).await;
    });
}
