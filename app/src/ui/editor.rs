//! A text that is written anew in its place.

use js_sys::Reflect;
use leptos::html;
use leptos::prelude::*;

use super::button::button;
use crate::words;

/// A field with a text. Ctrl+Enter or the button saves what is in it, Escape leaves it as it was.
pub(crate) struct Editor {
    /// What is in it at first.
    pub(crate) text: String,
    /// Its name.
    pub(crate) label: &'static str,
    /// What the button says.
    pub(crate) says: &'static str,
    /// Gets what was written.
    pub(crate) save: Box<dyn Fn(String)>,
    /// Nothing is to be changed.
    pub(crate) leave: Box<dyn Fn()>,
}

impl Editor {
    /// On the screen, with the focus.
    pub(crate) fn view(self) -> AnyView {
        let Self { text, label, says, save, leave } = self;
        let field = NodeRef::<html::Textarea>::new();
        let (save, leave) = (StoredValue::new_local(save), StoredValue::new_local(leave));
        Effect::new(move |_| {
            if let Some(field) = field.get() {
                grow(&field);
                let _ = field.focus();
            }
        });
        let done = move || {
            let text = field.get_untracked().map(|it| it.value()).unwrap_or_default();
            if !text.trim().is_empty() {
                save.with_value(|save| save(text.trim().to_owned()));
            }
        };
        let press = move |event: web_sys::KeyboardEvent| match event.key().as_str() {
            "Enter" if event.ctrl_key() || event.meta_key() => done(),
            "Escape" => {
                event.stop_propagation();
                leave.with_value(|leave| leave());
            }
            _ => (),
        };
        let write = move |_| {
            if let Some(field) = field.get_untracked() {
                grow(&field);
            }
        };
        view! {
            <div class="editor">
                <textarea
                    aria-label=label
                    dir="auto"
                    rows="1"
                    node_ref=field
                    prop:value=text
                    on:input=write
                    on:keydown=press
                ></textarea>
                <div class="row">
                    {button("main", says.into_any(), done)}
                    {button("", words::common::cancel().into_any(), move || {
                        leave.with_value(|leave| leave());
                    })}
                </div>
            </div>
        }
        .into_any()
    }
}

/// Makes a field as high as its text, where the browser does not by itself. The styles say how high it may
/// become.
pub(crate) fn grow(field: &web_sys::HtmlTextAreaElement) {
    let style = web_sys::HtmlElement::style(field);
    if Reflect::get(&style, &"fieldSizing".into()).is_ok_and(|it| !it.is_undefined()) {
        return;
    }
    let _ = style.set_property("height", "auto");
    let _ = style.set_property("height", &format!("{}px", field.scroll_height()));
}
