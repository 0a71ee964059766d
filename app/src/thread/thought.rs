//! What the model thought before it answered, folded.

use js_sys::Date;
use leptos::html;
use leptos::prelude::*;
use wick_protocol::{AnswerState, ClientMessage, MessageId, Stats, thought};

use super::sentences::thought_for;
use crate::markdown::Markdown;
use crate::page::page;
use crate::state::Text;
use crate::ui::button::button;
use crate::ui::erased::{memo, shown_while};
use crate::words;

/// A line that opens to the thought. Nothing of it is laid out before.
#[component]
pub(crate) fn Thought(
    id: MessageId,
    /// All of the answer's text.
    text: ArcRwSignal<Text>,
    state: ArcRwSignal<AnswerState>,
    stats: ArcRwSignal<Option<Stats>>,
) -> impl IntoView {
    let begins = text.clone();
    let is_seen = text.with_untracked(|text| text.is_empty());
    shown_while(
        move || begins.with(|text| text.trim_start().starts_with(thought::OPENS)),
        move || folded(id, &text, state.clone(), stats.clone(), is_seen),
    )
}

fn folded(
    id: MessageId,
    text: &ArcRwSignal<Text>,
    state: ArcRwSignal<AnswerState>,
    stats: ArcRwSignal<Option<Stats>>,
    // Whether its beginning was seen here.
    is_seen: bool,
) -> AnyView {
    let [text, empty, open] = [text.clone(), text.clone(), text.clone()];
    let is_empty = memo(move || empty.with(|text| thought::parts(text).thought.is_empty()));
    // The server says how long it took when the answer has ended.
    let (began, lasted) = (Date::now(), StoredValue::new(0_u32));
    let is_open = memo(move || {
        let is_open = open.with(|text| thought::parts(text).is_open);
        if is_seen && !is_open && lasted.get_value() == 0 {
            lasted.set_value((Date::now() - began) as u32);
        }
        is_open
    });
    let is_live = memo(move || state.with(AnswerState::is_live));
    let says = memo(move || {
        let is_open = is_open.get();
        let ms = stats.with(|stats| stats.map_or(lasted.get_value(), |stats| stats.thought_ms));
        thought_for(is_open, is_live.get(), ms)
    });
    let line = NodeRef::<html::Details>::new();
    let is_unfolded = RwSignal::new(false);
    let toggle = move |_| {
        if let Some(line) = line.get_untracked() {
            is_unfolded.set(line.open());
        }
    };
    let content = shown_while(
        move || is_unfolded.get(),
        move || {
            let text = text.clone();
            view! { <Markdown text=text part=|text| thought::parts(text).thought/> }.into_any()
        },
    );
    let page = page();
    let now = shown_while(
        move || is_open.get() && is_live.get(),
        move || {
            let now = move || page.tell(ClientMessage::AnswerNow { message: id });
            button("", words::thread::answer_now().into_any(), now)
        },
    );
    // Models that are asked not to think write a thought of nothing.
    let is_nothing = move || is_empty.get() && !(is_open.get() && is_live.get());
    view! {
        <details class="thought" hidden=is_nothing node_ref=line on:toggle=toggle>
            <summary>{says}</summary>
            {content}
        </details>
        {now}
    }
    .into_any()
}
