//! The keys that do something, as a list.

use leptos::prelude::*;

use crate::ui::button::button;
use crate::words;

/// All keys.
pub(crate) fn keys(is_open: RwSignal<bool>) -> AnyView {
    let all = [
        ("Enter", words::keys::send()),
        (words::keys::shift_enter(), words::keys::new_line()),
        (words::keys::up(), words::keys::edit_last()),
        (words::keys::command_k(), words::keys::go()),
        (words::keys::command_f(), words::finding::find()),
        (words::keys::command_shift_o(), words::common::new_chat()),
        (words::keys::command_enter(), words::keys::save_edited()),
        ("Esc", words::keys::leave()),
        (words::keys::tab(), words::keys::walk()),
        ("?", words::keys::this_list()),
    ];
    let rows =
        all.map(|(key, does)| view! { <dt><kbd>{key}</kbd></dt> <dd>{does}</dd> }.into_any());
    view! {
        <dl class="keys">{Vec::from(rows)}</dl>
        <div class="actions">
            {button("", words::common::close().into_any(), move || is_open.set(false))}
        </div>
    }
    .into_any()
}
