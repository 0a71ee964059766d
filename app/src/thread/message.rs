//! One message.

use leptos::prelude::*;
use wick_protocol::{AnswerState, ClientMessage, MessageId, attached, thought};

use super::actions::actions;
use super::ending::Ending;
use super::progress::Progress;
use super::thought::Thought;
use crate::markdown::Markdown;
use crate::more::{self, Part};
use crate::page::page;
use crate::state::{Answer, Line, Link, Text};
use crate::ui::editor::Editor;
use crate::ui::erased::{memo, shown_while};
use crate::words;

/// A message of the thread.
#[component]
pub(crate) fn Message(line: Line) -> impl IntoView {
    let page = page();
    let id = line.id;
    let is_edited = RwSignal::from(line.is_edited);
    let text = line.text;
    let is_person = line.answer.is_none();
    let edited = text.clone();
    let edit = shown_while(
        move || is_edited.get(),
        move || {
            let whole = edited.get_untracked();
            let (said, attached) = if is_person { attached::split(&whole) } else { (&*whole, "") };
            let (said, attached) = (said.to_owned(), attached.to_owned());
            let save = move |text: String| {
                if is_person {
                    page.edit(id, attached::joined(&text, &attached));
                } else {
                    page.tell(ClientMessage::Edit { key: String::new(), message: id, text });
                }
                is_edited.set(false);
            };
            let says = if is_person { words::thread::send() } else { words::common::save() };
            more::editor(Editor {
                text: said,
                label: words::thread::edited_message(),
                says,
                save: Box::new(save),
                leave: Box::new(move || is_edited.set(false)),
            })
        },
    );
    let tools = actions(id, is_person);
    match line.answer {
        None => view! {
            <Person text=text id=id is_edited=is_edited>{edit}{tools}</Person>
        }
        .into_any(),
        Some(answer) => view! {
            <ModelAnswer id=id text=text answer=answer is_edited=is_edited>{edit}{tools}</ModelAnswer>
        }
        .into_any(),
    }
}

/// The element of a message.
pub(crate) fn element_id(id: MessageId) -> String {
    format!("m{}", id.0)
}

/// A message that the server has not confirmed.
#[component]
pub(crate) fn MessageOnItsWay(text: String) -> impl IntoView {
    let state = page().state;
    let waits = shown_while(
        move || state.link().get() != Link::Up,
        || view! { <p class="note">{words::thread::not_sent()}</p> }.into_any(),
    );
    view! {
        <Person text=ArcRwSignal::new(text.into())>{waits}</Person>
    }
}

/// What is said in a message of a person, and its files.
pub(super) fn apart(whole: &str) -> (String, AnyView) {
    let (said, attached) = attached::split(whole);
    if attached.is_empty() {
        return (said.to_owned(), ().into_any());
    }
    let attached = attached.to_owned();
    let attached = memo(move || attached.clone());
    let files = more::part(Part::Sent(attached), RwSignal::new(true), RwSignal::new(false));
    (said.to_owned(), view! { <div class="files">{files}</div> }.into_any())
}

#[component]
fn Person(
    text: ArcRwSignal<Text>,
    #[prop(optional)] id: Option<MessageId>,
    #[prop(optional)] is_edited: Option<RwSignal<bool>>,
    children: Children,
) -> impl IntoView {
    let is_edited = move || is_edited.is_some_and(|it| it.get());
    // What a person says never changes: in its place comes another message.
    let whole = text.get_untracked();
    let (words, files) = apart(&whole);
    view! {
        <article
            class="message person"
            class:edited=is_edited
            id=id.map(element_id)
            aria-label=words::thread::you()
        >
            <h2 class="author">{words::thread::you()}</h2>
            {files}
            <p class="said" dir="auto">{words}</p>
            {children()}
        </article>
    }
}

#[component]
fn ModelAnswer(
    id: MessageId,
    text: ArcRwSignal<Text>,
    answer: Answer,
    is_edited: RwSignal<bool>,
    children: Children,
) -> impl IntoView {
    let Answer { name, state, stats } = answer;
    let name = memo(move || name.get());
    let (doing, thinks, took) = (state.clone(), state.clone(), stats.clone());
    let (live, writing, whole) = (state.clone(), state.clone(), text.clone());
    let is_busy = memo(move || live.with(AnswerState::is_live).to_string());
    let is_writing = memo(move || writing.with(|state| *state == AnswerState::Writing));
    view! {
        <article
            class="message model"
            class:writing=is_writing
            class:edited=is_edited
            id=element_id(id)
            aria-label=name
            aria-busy=is_busy
        >
            <h2 class="author">{name}</h2>
            <Thought id=id text=text.clone() state=thinks stats=took/>
            <Markdown text=text part=|text| thought::parts(text).said/>
            <Progress state=doing/>
            <Ending id=id state=state stats=stats text=whole/>
            {children()}
        </article>
    }
}
