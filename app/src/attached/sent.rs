//! The files of a message that was said: each a line that opens to its text, or a small picture that opens
//! to a large one.

use leptos::html;
use leptos::prelude::*;
use wick_protocol::attached::{File, Kind, files};

use super::chips::{named, picture};
use super::sentences;
use crate::ui::erased::shown_while;

/// All of them. Nothing of a text is laid out before it is opened.
pub(crate) fn sent(attached: Memo<String>) -> AnyView {
    let files: Vec<_> = attached.with_untracked(|it| files(it).iter().map(folded).collect());
    if files.is_empty() {
        // It only looked like files.
        return view! { <p class="said" dir="auto">{attached}</p> }.into_any();
    }
    files.into_any()
}

fn folded(file: &File<'_>) -> AnyView {
    let line = NodeRef::<html::Details>::new();
    let is_open = RwSignal::new(false);
    let toggle = move |_| {
        if let Some(line) = line.get_untracked() {
            is_open.set(line.open());
        }
    };
    let (class, head, content) = match file.kind {
        Kind::Picture(..) => ("picture-sent", picture(file), ().into_any()),
        _ => {
            let (label, text) = (file.name.to_owned(), file.text.to_owned());
            let head = named(label.clone(), sentences::extent(file));
            let content = move || {
                let (label, text) = (label.clone(), text.clone());
                view! { <pre role="group" aria-label=label tabindex="0" dir="auto">{text}</pre> }
                    .into_any()
            };
            ("file-sent", head, shown_while(move || is_open.get(), content).into_any())
        }
    };
    view! {
        <details class=class node_ref=line on:toggle=toggle>
            <summary>{head}</summary>
            {content}
        </details>
    }
    .into_any()
}
