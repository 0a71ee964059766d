//! What the model thought before it answered, folded.

use leptos::html;
use leptos::prelude::*;
use wick_protocol::{AnswerState, Stats, thought};

use super::sentences::thought_for;
use crate::markdown::Markdown;
use crate::ui::erased::{memo, shown_while};

/// A line that opens to the thought. Nothing of it is laid out before.
#[component]
pub(crate) fn Thought(
    /// All of the answer's text.
    text: Memo<String>,
    state: ArcRwSignal<AnswerState>,
    stats: ArcRwSignal<Option<Stats>>,
) -> impl IntoView {
    let thought = memo(move || text.with(|text| thought::parts(text).thought.to_owned()));
    let is_open = memo(move || text.with(|text| thought::parts(text).is_open));
    let (says_of, busy) = (state.clone(), state);
    let says = memo(move || {
        let is_live = says_of.with(AnswerState::is_live);
        let ms = stats.with(|stats| stats.map_or(0, |stats| stats.thought_ms));
        thought_for(is_open.get(), is_live, ms)
    });
    let is_busy = memo(move || is_open.get() && busy.with(AnswerState::is_live));
    shown_while(
        move || is_busy.get() || thought.with(|it| !it.is_empty()),
        move || {
            let folded = NodeRef::<html::Details>::new();
            let is_unfolded = RwSignal::new(false);
            let toggle = move |_| {
                if let Some(folded) = folded.get_untracked() {
                    is_unfolded.set(folded.open());
                }
            };
            let content = shown_while(
                move || is_unfolded.get(),
                move || view! { <Markdown text=thought/> }.into_any(),
            );
            view! {
                <details class="thought" class:busy=is_busy node_ref=folded on:toggle=toggle>
                    <summary>{says}</summary>
                    {content}
                </details>
            }
            .into_any()
        },
    )
}
