//! What comes to answers on the screen once all code is here: formulas are set, marks lead to their
//! notes, code is wrapped and copied, and what an answer took is shown.
//!
//! The elements are there before; presses of all of them come here.

use std::time::Duration;

use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, HtmlElement, MouseEvent, MutationObserver, MutationObserverInit, Node};
use wick_protocol::MessageId;

use crate::browser;
use crate::dialogs::Dialogs;
use crate::mathematics;
use crate::page::Page;
use crate::thread;
use crate::words;

/// How long the button says that it copied.
const SAID_FOR: Duration = Duration::from_secs(2);

/// A formula that is not set.
const FORMULA: &str = "code.formula";

/// Attends to all answers from now on.
pub(crate) fn attend() {
    let Some(body) = document().body() else { return };
    set_formulas(&body);
    let look = Closure::<dyn Fn(Array)>::new(|changes: Array| {
        for change in changes.iter().filter_map(|it| it.dyn_into::<web_sys::MutationRecord>().ok())
        {
            let added = change.added_nodes();
            (0..added.length()).filter_map(|idx| added.get(idx)).for_each(|it| look_at(&it));
        }
    });
    if let Ok(observer) = MutationObserver::new(look.into_js_value().unchecked_ref()) {
        let how = MutationObserverInit::new();
        how.set_child_list(true);
        how.set_subtree(true);
        let _ = observer.observe_with_options(&body, &how);
    }
}

/// Sets the formulas in what came to the page, before it is painted.
fn look_at(node: &Node) {
    let Some(element) = node.dyn_ref::<Element>() else { return };
    if element.matches(FORMULA).unwrap_or(false) {
        mathematics::set(element);
    } else {
        set_formulas(element);
    }
}

fn set_formulas(within: &Element) {
    let Ok(formulas) = within.query_selector_all(FORMULA) else { return };
    for idx in 0..formulas.length() {
        if let Some(formula) = formulas.get(idx).and_then(|it| it.dyn_into().ok()) {
            mathematics::set(&formula);
        }
    }
}

/// Something was pressed.
pub(crate) fn hear(page: Page, dialogs: Dialogs, event: &MouseEvent) {
    let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    let button = target.and_then(|it| it.closest("button").ok()?);
    let Some(button) = button else { return };
    let is = |class: &str| button.class_list().contains(class);
    if is("mark") {
        let _ = go_to_note(&button);
    } else if is("wrap") {
        let _ = wrap(&button);
    } else if is("copy") {
        let _ = copy(&button);
    } else if button.matches(".deeds > *").unwrap_or(false)
        && let Some(id) = message_around(&button)
    {
        thread::act(page, dialogs, id, &button);
    }
}

/// Scrolls to the note that the mark names, in the same answer.
fn go_to_note(mark: &Element) -> Option<()> {
    let notes = mark.closest(".markdown").ok()??.query_selector_all(".note-mark").ok()?;
    let label = mark.text_content();
    let notes = (0..notes.length()).filter_map(|idx| notes.get(idx)?.dyn_into().ok());
    let note = notes.into_iter().find(|it: &HtmlElement| it.text_content() == label)?;
    note.scroll_into_view_with_bool(true);
    note.focus().ok()
}

fn wrap(button: &Element) -> Option<()> {
    let code = button.closest(".code").ok()??;
    let is_wrapped = code.class_list().toggle("wrapped").ok()?;
    button.set_attribute("aria-pressed", if is_wrapped { "true" } else { "false" }).ok()
}

fn copy(button: &Element) -> Option<()> {
    let code = button.closest(".code").ok()??.query_selector("pre").ok()??.text_content()?;
    // Its words stand behind its picture.
    let says = button.last_child()?;
    spawn_local(async move {
        let is_copied = browser::copy(&code).await;
        let now = if is_copied { words::answer::copied() } else { words::answer::not_copied() };
        says.set_text_content(Some(now));
        let again = move || says.set_text_content(Some(words::markdown::copy_code()));
        set_timeout(again, SAID_FOR);
    });
    Some(())
}

fn message_around(button: &Element) -> Option<MessageId> {
    let article = button.closest("article").ok()??;
    article.id().strip_prefix('m')?.parse().ok().map(MessageId)
}
