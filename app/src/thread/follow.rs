//! Keeps the end of the thread in sight while the reader is there, and only then.
//!
//! Only a reader scrolls up; growth never does, and room that came and went, such as the field's while
//! words in it are replaced, does not count. So scrolling up lets go of the end, reaching the end takes
//! hold of it, and growth follows while it is held.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};

/// This near to the end is at the end, in pixels.
const NEAR: i32 = 48;

/// Where the reader is in the thread. Copying it copies handles.
#[derive(Clone, Copy)]
pub(crate) struct Follow {
    log: NodeRef<Div>,
    is_at_end: RwSignal<bool>,
    last_top: StoredValue<i32>,
    last_height: StoredValue<i32>,
}

impl Follow {
    /// Follows from the moment that both elements are there.
    pub(crate) fn new(log: NodeRef<Div>, content: NodeRef<Div>) -> Self {
        let follow = Self {
            log,
            is_at_end: RwSignal::new(true),
            last_top: StoredValue::new(0),
            last_height: StoredValue::new(0),
        };
        Effect::new(move |_| {
            if let (Some(log), Some(content)) = (log.get(), content.get()) {
                follow.watch(&[log.into(), content.into()]);
            }
        });
        follow
    }

    /// Whether the end is in sight.
    pub(crate) fn is_at_end(self) -> bool {
        self.is_at_end.get()
    }

    /// Shows the end and follows it.
    pub(crate) fn go_to_end(self) {
        self.set(true);
        if let Some(log) = self.log.get_untracked() {
            log.set_scroll_top(log.scroll_height());
        }
    }

    /// Lets go of the end: the reader is led to something else.
    pub(crate) fn let_go(self) {
        self.set(false);
    }

    /// The thread was scrolled, by the reader or by following.
    pub(crate) fn hear_scroll(self) {
        let Some(log) = self.log.get_untracked() else { return };
        let (top, height) = (log.scroll_top(), log.client_height());
        let is_near = log.scroll_height() - height - top <= NEAR;
        let went_up = top < self.last_top.get_value() && height == self.last_height.get_value();
        self.last_top.set_value(top);
        self.last_height.set_value(height);
        if is_near {
            self.set(true);
        } else if went_up {
            self.set(false);
        }
    }

    fn set(self, is_at_end: bool) {
        if self.is_at_end.get_untracked() != is_at_end {
            self.is_at_end.set(is_at_end);
        }
    }

    /// The thread grows at its end; the room for it changes with the composer and the keyboard.
    fn watch(self, elements: &[Element]) {
        let resized = Closure::<dyn Fn()>::new(move || {
            if self.is_at_end.try_get_untracked() == Some(true) {
                self.go_to_end();
            }
        });
        let observer = ResizeObserver::new(resized.as_ref().unchecked_ref());
        if let Ok(observer) = observer {
            for element in elements {
                observer.observe(element);
            }
        }
        // The thread lives as long as the page.
        resized.forget();
    }
}
