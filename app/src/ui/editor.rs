//! A text that is written anew in its place.

use leptos::html;
use leptos::prelude::*;

use super::button::button;

/// A field with this text. Ctrl+Enter or the button saves what is in it, Escape leaves it as it was.
pub(crate) fn editor(
    text: String,
    label: &'static str,
    says: &'static str,
    save: impl Fn(String) + 'static,
    leave: impl Fn() + 'static,
) -> AnyView {
    fn erased(
        text: String,
        label: &'static str,
        says: &'static str,
        save: Box<dyn Fn(String)>,
        leave: Box<dyn Fn()>,
    ) -> AnyView {
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
                    {button("", "Cancel".into_any(), move || leave.with_value(|leave| leave()))}
                </div>
            </div>
        }
        .into_any()
    }
    erased(text, label, says, Box::new(save), Box::new(leave))
}

/// Makes a field as high as its text. The styles say how high it may become.
pub(crate) fn grow(field: &web_sys::HtmlTextAreaElement) {
    let style = web_sys::HtmlElement::style(field);
    let _ = style.set_property("height", "auto");
    let _ = style.set_property("height", &format!("{}px", field.scroll_height()));
}
