//! What can be done with a message: other versions of it, copying, editing, going elsewhere.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wick_protocol::{ClientMessage, MessageId, attached, thought};

use crate::page::{Page, page};
use crate::state::{Line, Notice};
use crate::ui::button::icon_button;
use crate::ui::erased::{memo, shown_while};
use crate::ui::icon::Drawing;
use crate::words;

/// The buttons under a message: while it is being written only the arrows, as other versions may be
/// written at the same time.
#[component]
pub(crate) fn Actions(line: Line, is_edited: RwSignal<bool>) -> impl IntoView {
    let (id, live) = (line.id, line.clone());
    let tools = shown_while(
        move || !live.is_live(),
        move || {
            let page = page();
            let text = line.text.clone();
            let is_person = line.answer.is_none();
            let copy = move || copy(page, text.with_untracked(|text| said(text, is_person)));
            let tell = move |message: ClientMessage| move || page.tell(message.clone());
            let mut tools = vec![
                tool(words::thread::copy_message(), Drawing::COPY, copy),
                tool(words::thread::edit_message(), Drawing::PEN, move || is_edited.set(true)),
            ];
            if line.answer.is_some() {
                let again = tell(ClientMessage::Again { message: id, times: 1 });
                tools.push(tool(words::thread::write_again(), Drawing::AGAIN, again));
                let fork = tell(ClientMessage::Fork { message: id });
                tools.push(tool(words::thread::continue_in_new_chat(), Drawing::FORK, fork));
                // Brought to life by `answers`.
                let label = words::thread::more_about();
                tools.push(icon_button("quiet round about", label, Drawing::MORE, || ()));
            }
            let delete = move || page.delete_message(id);
            tools.push(tool(words::thread::delete_message(), Drawing::BIN, delete));
            tools.into_any()
        },
    );
    view! {
        <div class="tools">
            <Versions id=id/>
            {tools}
        </div>
    }
}

/// Arrows between the versions of a message, where there are several.
#[component]
fn Versions(id: MessageId) -> impl IntoView {
    let page = page();
    let versions = memo(move || page.state.versions(id));
    let here = move |versions: &[MessageId]| versions.iter().position(|it| *it == id).unwrap_or(0);
    // Behind the last one comes the first.
    let walk = move |is_forward: bool| {
        move || {
            let next = versions.with_untracked(|versions| {
                let n = versions.len();
                let step = if is_forward { 1 } else { n.saturating_sub(1) };
                versions.get((here(versions) + step) % n.max(1)).copied()
            });
            if let Some(message) = next {
                page.tell(ClientMessage::Walk { message });
            }
        }
    };
    shown_while(
        move || versions.with(|it| 1 < it.len()),
        move || {
            let place = memo(move || {
                versions.with(|versions| format!("{} / {}", here(versions) + 1, versions.len()))
            });
            view! {
                <div class="versions" role="group" aria-label=words::thread::versions()>
                    {tool(words::thread::version_before(), Drawing::BACK, walk(false))}
                    <span>{place}</span>
                    {tool(words::thread::next_version(), Drawing::FORTH, walk(true))}
                </div>
            }
            .into_any()
        },
    )
}

/// What is said in a message, without a thought and without files, unless there is nothing else.
fn said(text: &str, is_person: bool) -> String {
    let said = if is_person { attached::split(text).0 } else { thought::parts(text).said };
    if said.is_empty() { text.to_owned() } else { said.to_owned() }
}

fn tool(label: &'static str, drawing: Drawing, press: impl Fn() + 'static) -> AnyView {
    icon_button("quiet round", label, drawing, press)
}

pub(super) fn copy(page: Page, text: String) {
    spawn_local(async move {
        let is_copied = crate::browser::copy(&text).await;
        let says = if is_copied { words::thread::copied() } else { words::thread::copy_refused() };
        page.state.news.tell(Notice::Said(says.into()));
    });
}
