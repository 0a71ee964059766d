//! Finding words in the open chat: a bar above it.

use leptos::html;
use leptos::prelude::*;

use crate::browser::{self, Finding};
use crate::numbers::grouped;
use crate::page::page;
use crate::ui::button::icon_button;
use crate::ui::erased::memo;
use crate::ui::icon::Drawing;
use crate::words;

/// More places are not counted, as `assets/find.js` has it.
const MOST: u32 = 1_000;

/// The bar. `is_open` closes it.
pub(crate) fn finding(is_open: RwSignal<bool>) -> AnyView {
    let state = page().state;
    let field = NodeRef::<html::Input>::new();
    let (wanted, found) = (RwSignal::new(String::new()), RwSignal::new((0, 0)));
    // It goes with the bar.
    StoredValue::new_local(Finding::new(move |n, here| found.set((n, here))));
    let find = move |step: i32| wanted.with_untracked(|wanted| browser::find(wanted, step));
    let write = move |event| {
        wanted.set(event_target_value(&event));
        find(0);
    };
    let press = move |event: web_sys::KeyboardEvent| {
        match event.key().as_str() {
            "Enter" if !event.is_composing() => find(if event.shift_key() { -1 } else { 1 }),
            "Escape" => is_open.set(false),
            _ => return,
        }
        event.prevent_default();
    };
    // What was found in another chat is not here.
    Effect::new(move |before: Option<()>| {
        state.open().track();
        if before.is_some() {
            is_open.set(false);
        }
    });
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            let _ = field.focus();
        }
    });
    let close = move || is_open.set(false);
    let says = memo(move || {
        let (n, here) = found.get();
        match n {
            _ if wanted.with(String::is_empty) => String::new(),
            0 => words::finding::none().to_owned(),
            MOST.. => words::finding::many(&grouped(u64::from(here) + 1), &grouped(MOST.into())),
            n => words::finding::one_of(&grouped(u64::from(here) + 1), &grouped(n.into())),
        }
    });
    view! {
        <search class="finding">
            <input
                type="text"
                role="searchbox"
                aria-label=words::finding::find()
                placeholder=words::finding::find()
                autocomplete="off"
                enterkeyhint="search"
                node_ref=field
                on:input=write
                on:keydown=press
            />
            <span class="soft" role="status">{says}</span>
            {icon_button("quiet round", words::finding::before(), Drawing::UP, move || find(-1))}
            {icon_button("quiet round", words::finding::next(), Drawing::DOWN, move || find(1))}
            {icon_button("quiet round", words::common::close(), Drawing::CROSS, close)}
        </search>
    }
    .into_any()
}
