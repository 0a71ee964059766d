//! One message.

use leptos::prelude::*;
use wick_protocol::{AnswerState, MessageId};

use super::ending::Ending;
use super::progress::Progress;
use crate::markdown::Markdown;
use crate::page::page;
use crate::state::{Answer, Line, Link};
use crate::ui::erased::{memo, shown_while};

/// A message of the thread.
#[component]
pub(crate) fn Message(line: Line) -> impl IntoView {
    let text = memo(move || line.text.get());
    match line.answer {
        None => view! { <Person text=text/> }.into_any(),
        Some(answer) => view! { <ModelAnswer id=line.id text=text answer=answer/> }.into_any(),
    }
}

/// A message that the server has not confirmed.
#[component]
pub(crate) fn MessageOnItsWay(text: String) -> impl IntoView {
    let state = page().state;
    let waits = shown_while(
        move || state.link().get() != Link::Up,
        || {
            view! { <p class="note">"Not sent yet: it is sent when Wick can be reached."</p> }
                .into_any()
        },
    );
    let text = memo(move || text.clone());
    view! {
        <Person text=text>{waits}</Person>
    }
}

#[component]
fn Person(text: Memo<String>, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    view! {
        <article class="message person" aria-label="You">
            <h2 class="author">"You"</h2>
            <p class="said">{text}</p>
            {children.map(|children| children())}
        </article>
    }
}

#[component]
fn ModelAnswer(id: MessageId, text: Memo<String>, answer: Answer) -> impl IntoView {
    let Answer { name, state, stats } = answer;
    let name = memo(move || name.get());
    let doing = state.clone();
    let (live, writing) = (state.clone(), state.clone());
    let is_busy = memo(move || live.with(AnswerState::is_live).to_string());
    let is_writing = memo(move || writing.with(|state| *state == AnswerState::Writing));
    let is_empty = memo(move || text.with(String::is_empty));
    view! {
        <article
            class="message model"
            class:writing=is_writing
            aria-label=name
            aria-busy=is_busy
        >
            <h2 class="author">{name}</h2>
            <Markdown text=text/>
            <Progress state=doing/>
            <Ending id=id state=state stats=stats is_empty=is_empty/>
        </article>
    }
}
