//! The files at the message that is written, each with what is known of it and a button that takes it
//! away.

use leptos::prelude::*;
use wick_protocol::attached::{File, Kind, about_tokens_of_file, files, joined, written};

use super::reading::{OnItsWay, Reading};
use super::sentences;
use crate::browser;
use crate::composer::FIELD;
use crate::ui::button::button;
use crate::ui::erased::{changing, memo, shown_while};
use crate::ui::icon::{Drawing, Icon};
use crate::words;

/// All of them, and a sentence where they are too much for the model.
#[component]
pub(super) fn Chips(reading: Reading) -> impl IntoView {
    let state = reading.state();
    let drafts = state.drafts;
    let attached = drafts.attached;
    // What only looks like files is shown as what it is.
    Effect::new(move |_| {
        if attached.with(|it| !it.is_empty() && files(it).is_empty()) {
            let text = attached.try_update(std::mem::take).unwrap_or_default();
            drafts.text.update(|draft| *draft = joined(draft, &text));
        }
    });
    let chips = changing(move || {
        let files: Vec<_> = attached.with(|it| {
            files(it).iter().enumerate().map(|(idx, file)| chip(reading, idx, file)).collect()
        });
        let on_their_way = reading.here().into_iter().map(|it| on_its_way(reading, it));
        let all: Vec<_> = files.into_iter().chain(on_their_way).collect();
        if all.is_empty() {
            return ().into_any();
        }
        view! { <ul class="chips" aria-label=words::attached::attached_files()>{all}</ul> }
            .into_any()
    });
    let beyond = memo(move || {
        let whole = drafts.text.with(|text| attached.with(|files| joined(text, files)));
        state.with_model(|model| sentences::trouble(model, &whole)).flatten().unwrap_or_default()
    });
    let warning = shown_while(
        move || beyond.with(|it| !it.is_empty()),
        move || view! { <p class="beyond">{beyond}</p> }.into_any(),
    );
    view! {
        <div class="attached">
            {chips}
            <div role="status">{warning}</div>
        </div>
    }
}

fn chip(reading: Reading, idx: usize, file: &File<'_>) -> AnyView {
    let n_tokens = about_tokens_of_file(file);
    let says = format!("{}, {}", sentences::extent(file), sentences::about(n_tokens));
    let unpack = file.name.starts_with(words::attached::pasted()).then(|| {
        let put = move || {
            let drafts = reading.state().drafts;
            if let Some(text) = take(reading, idx) {
                drafts.text.update(|draft| *draft = joined(draft, &text));
            }
            browser::focus(FIELD);
        };
        button("quiet", words::attached::put_into_message().into_any(), put)
    });
    let leave = move || {
        take(reading, idx);
        browser::focus(FIELD);
    };
    view! {
        <li>
            {picture(file)}
            {named(file.name.to_owned(), says)}
            {unpack}
            {remove(file.name, leave)}
        </li>
    }
    .into_any()
}

fn on_its_way(reading: Reading, file: OnItsWay) -> AnyView {
    let OnItsWay { number, name, bytes, .. } = file;
    let leave = move || {
        reading.leave(number);
        browser::focus(FIELD);
    };
    let button = remove(&name, leave);
    view! {
        <li>
            {named(words::attached::reading(&name), sentences::size(bytes))}
            {button}
        </li>
    }
    .into_any()
}

/// A picture, called what its file is called. Nothing else than its pixels is in it.
pub(super) fn picture(file: &File<'_>) -> AnyView {
    let Kind::Picture(..) = file.kind else { return ().into_any() };
    let source = format!("data:image/jpeg;base64,{}", file.text);
    view! { <img src=source alt=file.name.to_owned()/> }.into_any()
}

/// What a file is called, and what is known of it.
pub(super) fn named(name: String, says: String) -> AnyView {
    view! {
        <span class="chip-text">
            <span class="chip-name" dir="auto">{name}</span>
            <span class="chip-says">{says}</span>
        </span>
    }
    .into_any()
}

fn remove(name: &str, leave: impl Fn() + 'static) -> AnyView {
    fn erased(label: String, leave: Box<dyn Fn()>) -> AnyView {
        view! {
            <button type="button" class="quiet round" aria-label=label on:click=move |_| leave()>
                <Icon of=Drawing::CROSS/>
            </button>
        }
        .into_any()
    }
    erased(words::attached::remove(name), Box::new(leave))
}

/// Takes a file away and gives its text.
fn take(reading: Reading, idx: usize) -> Option<String> {
    let mut taken = None;
    reading.state().drafts.attached.update(|attached| {
        let mut files = files(attached);
        if idx < files.len() {
            taken = Some(files.remove(idx).text.to_owned());
        }
        *attached = files.into_iter().map(written).collect::<Vec<_>>().join("\n\n");
    });
    taken
}
