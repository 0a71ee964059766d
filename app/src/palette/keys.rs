//! The keys that do something, as a list.

use leptos::prelude::*;

use crate::ui::button::button;

const KEYS: [(&str, &str); 9] = [
    ("Enter", "Send the message"),
    ("Shift + Enter", "Begin a new line"),
    ("↑ in an empty message", "Edit what you said last"),
    ("Ctrl or ⌘ + K", "Go to a chat, a model or something to do"),
    ("Ctrl or ⌘ + Shift + O", "New chat"),
    ("Ctrl or ⌘ + Enter", "Save an edited message"),
    ("Esc", "Close a dialog, leave a message as it was"),
    ("Tab, Shift + Tab", "Walk through everything on the page"),
    ("?", "This list"),
];

/// All keys.
pub(crate) fn keys(is_open: RwSignal<bool>) -> AnyView {
    let rows =
        KEYS.map(|(key, does)| view! { <dt><kbd>{key}</kbd></dt> <dd>{does}</dd> }.into_any());
    view! {
        <dl class="keys">{Vec::from(rows)}</dl>
        <div class="actions">{button("", "Close".into_any(), move || is_open.set(false))}</div>
    }
    .into_any()
}
