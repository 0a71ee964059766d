//! Who may use Wick: phones that are let in, browsers that are signed in, programs with a key.

mod browsers;
mod phones;
mod programs;

use leptos::prelude::*;
use wick_protocol::{Access, ClientMessage};

use crate::dialogs::Dialogs;
use crate::page::page;
use crate::ui::button::button;
use crate::wire::read_access;
use crate::words;

/// All of them.
pub(crate) fn access(is_open: RwSignal<bool>) -> AnyView {
    let page = page();
    // A key that was made is shown once.
    page.state.told.key.set(String::new());
    page.state.told.invited.set(String::new());
    page.ask(&ClientMessage::ShowAccess);
    view! {
        {phones::phones()}
        {browsers::browsers()}
        {programs::programs()}
        <div class="actions">
            {button("", words::common::close().into_any(), move || is_open.set(false))}
        </div>
    }
    .into_any()
}

pub(crate) use phones::asking;

/// Who may use Wick, as the page was told last. Wakes who uses it when that changes.
fn told() -> Access {
    page().state.told.access.with(|it| read_access(it)).unwrap_or_default()
}

/// Asks wherever a person looks whether a phone is let in, from now on.
pub(crate) fn attend(dialogs: Dialogs) {
    Effect::new(move |_| {
        let waits = !told().asking.is_empty();
        if waits != dialogs.asking.get_untracked() {
            dialogs.asking.set(waits);
        }
    });
}

/// A browser or a program, and what can be done with it.
fn row(name: String, says: String, content: AnyView) -> AnyView {
    let label = name.clone();
    view! {
        <div class="preset" role="group" aria-label=label>
            <p class="about"><span class="name">{name}</span><span>{says}</span></p>
            {content}
        </div>
    }
    .into_any()
}

fn buttons(all: Vec<AnyView>) -> AnyView {
    view! { <div class="row">{all}</div> }.into_any()
}

/// What is so or not.
fn check(says: String, is_checked: Memo<bool>, press: impl Fn() + 'static) -> AnyView {
    fn erased(says: String, is_checked: Memo<bool>, press: Box<dyn Fn()>) -> AnyView {
        view! {
            <label class="for-new">
                <input type="checkbox" prop:checked=is_checked on:change=move |_| press()/>
                {says}
            </label>
        }
        .into_any()
    }
    erased(says, is_checked, Box::new(press))
}
