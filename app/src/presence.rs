//! While an answer is written the screen stays on; when a long one is done and nobody sees the page,
//! the system says so to whoever wants that. Both where the browser can, which plain HTTP in a
//! network does not allow.

use js_sys::{Array, Date, Function, Object, Promise, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wick_protocol::{ChatId, MessageId};

use crate::browser;
use crate::page::Page;
use crate::state::Notice;
use crate::words;

/// An answer that took so many milliseconds is long.
const LONG: f64 = 15_000.0;

/// An answer that is being written.
#[derive(Clone, Copy, PartialEq)]
struct Written {
    chat: Option<ChatId>,
    answer: MessageId,
    /// Since when, in milliseconds.
    since: f64,
}

/// Does both from now on.
pub(crate) fn attend(page: Page) {
    let state = page.state;
    let lock = Lock::new();
    Effect::new(move |before: Option<Option<Written>>| {
        let before = before.flatten();
        let chat = state.open().get();
        let now = state.live().map(|answer| {
            let is_same = before.filter(|it| (it.chat, it.answer) == (chat, answer));
            is_same.unwrap_or_else(|| Written { chat, answer, since: Date::now() })
        });
        match (before, now) {
            (None, Some(_)) => lock.take(),
            (Some(_), None) => lock.give_back(),
            _ => (),
        }
        let is_done = now.is_none() && before.is_some_and(|it| it.chat == chat);
        let is_long = before.is_some_and(|it| LONG <= Date::now() - it.since);
        if is_done && is_long && document().hidden() {
            is_done_unseen(page);
        }
        now
    });
}

fn is_done_unseen(page: Page) {
    match permission().as_deref() {
        Some("granted") => {
            let _ = tell(words::voice::done(), &page.state.title());
        }
        Some("default") if !browser::was_asked() => page.state.news.tell(Notice::MayTell),
        _ => (),
    }
}

/// What keeps the screen on. Copying it copies a handle.
#[derive(Clone, Copy)]
struct Lock {
    is_wanted: StoredValue<bool>,
    held: StoredValue<Option<JsValue>, LocalStorage>,
}

impl Lock {
    fn new() -> Self {
        Self { is_wanted: StoredValue::new(false), held: StoredValue::new_local(None) }
    }

    fn take(self) {
        self.is_wanted.set_value(true);
        spawn_local(async move {
            let Some(promise) = wake_lock() else { return };
            let Ok(held) = JsFuture::from(promise).await else { return };
            self.held.try_set_value(Some(held));
            // The answer may be over by now.
            if self.is_wanted.try_get_value() != Some(true) {
                self.give_back();
            }
        });
    }

    fn give_back(self) {
        self.is_wanted.try_set_value(false);
        if let Some(held) = self.held.try_update_value(Option::take).flatten() {
            let _ = call(&held, "release", &Array::new());
        }
    }
}

fn wake_lock() -> Option<Promise> {
    let lock = Reflect::get(&window().navigator(), &"wakeLock".into()).ok()?;
    call(&lock, "request", &Array::of1(&"screen".into()))?.dyn_into().ok()
}

fn permission() -> Option<String> {
    let notification = notification()?;
    Reflect::get(&notification, &"permission".into()).ok()?.as_string()
}

fn tell(title: &str, body: &str) -> Option<()> {
    let how = Object::new();
    Reflect::set(&how, &"body".into(), &body.into()).ok()?;
    Reflect::set(&how, &"tag".into(), &"wick".into()).ok()?;
    let given = Array::of2(&title.into(), &how);
    let told = Reflect::construct(&notification()?, &given).ok()?;
    let to_page = Closure::once_into_js(|| {
        let _ = window().focus();
    });
    Reflect::set(&told, &"onclick".into(), &to_page).ok().map(|_| ())
}

fn notification() -> Option<Function> {
    Reflect::get(&window(), &"Notification".into()).ok()?.dyn_into().ok()
}

fn call(of: &JsValue, name: &str, given: &Array) -> Option<JsValue> {
    let function: Function = Reflect::get(of, &name.into()).ok()?.dyn_into().ok()?;
    function.apply(of, given).ok()
}
