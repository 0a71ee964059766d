//! How an answer ended, what it took, and going on with it.

use leptos::prelude::*;
use wick_protocol::{AnswerState, ClientMessage, MessageId, Offer, Stats};

use super::sentences::{ended_early, took};
use crate::page::page;
use crate::state::Text;
use crate::ui::button::button;
use crate::ui::erased::{memo, shown_while};
use crate::ui::icon::{Drawing, Icon};
use crate::words;

/// The lines under an answer that has ended.
#[component]
pub(crate) fn Ending(
    id: MessageId,
    state: ArcRwSignal<AnswerState>,
    stats: ArcRwSignal<Option<Stats>>,
    text: ArcRwSignal<Text>,
) -> impl IntoView {
    let (ended, for_stats) = (state.clone(), state.clone());
    let taken = stats.clone();
    let reason = memo(move || {
        ended.with(|state| match state {
            AnswerState::Interrupted { reason, .. } => words::as_said(reason),
            AnswerState::Finished { why } => {
                taken.with(|stats| ended_early(*why, &stats.unwrap_or_default()))
            }
            _ => String::new(),
        })
    });
    let ended = shown_while(
        move || reason.with(|reason| !reason.is_empty()),
        move || early(id, reason, state.clone(), text.clone()),
    );
    let took = memo(move || {
        let is_over = for_stats.with(|state| !state.is_live());
        stats.with(|stats| stats.as_ref().filter(|_| is_over).map(took).unwrap_or_default())
    });
    let stats = shown_while(
        move || took.with(|took| !took.is_empty()),
        move || view! { <p class="stats">{took}</p> }.into_any(),
    );
    view! { {ended} {stats} }
}

/// Why it is not whole, and going on with it.
fn early(
    id: MessageId,
    reason: Memo<String>,
    state: ArcRwSignal<AnswerState>,
    text: ArcRwSignal<Text>,
) -> AnyView {
    let page = page();
    let for_offer = state.clone();
    let is_trouble =
        memo(move || state.with(|state| matches!(state, AnswerState::Interrupted { .. })));
    let load_anyway = Some(Offer::LoadAnyway);
    let offers_load = memo(move || {
        for_offer.with(
            |it| matches!(it, AnswerState::Interrupted { offer, .. } if *offer == load_anyway),
        )
    });
    let is_empty = memo(move || text.with(|text| text.is_empty()));
    let button = move || {
        let load = shown_while(
            move || offers_load.get(),
            move || {
                let load = move || page.tell(ClientMessage::LoadAnyway { message: id });
                button("", words::thread::load_anyway().into_any(), load)
            },
        );
        let says = memo(move || {
            let is_empty = is_empty.get();
            let says = if is_empty { words::thread::try_again() } else { words::thread::go_on() };
            says.to_owned()
        });
        let go_on = move || page.tell(ClientMessage::Continue { message: id });
        let says = view! { <Icon of=Drawing::AGAIN/> {says} }.into_any();
        view! { {button("", says, go_on)} {load} }.into_any()
    };
    // Only the last answer can be gone on with.
    let go_on =
        shown_while(move || page.state.live().is_none() && page.state.last() == Some(id), button);
    view! {
        <div class="ended" class:trouble=is_trouble>
            <p>{reason}</p>
            {go_on}
        </div>
    }
    .into_any()
}
