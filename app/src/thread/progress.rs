//! What is being done for an answer before text arrives, with real numbers.

use leptos::prelude::*;
use wick_protocol::AnswerState;

use super::sentences::{doing, percent_done};
use crate::ui::bar::Bar;
use crate::ui::erased::{memo, shown_while};

/// A sentence and a bar. They change too often to be read out each time.
#[component]
pub(crate) fn Progress(state: ArcRwSignal<AnswerState>) -> impl IntoView {
    let how_far = state.clone();
    let says = memo(move || state.with(doing).unwrap_or_default());
    shown_while(
        move || says.with(|says| !says.is_empty()),
        move || {
            let how_far = how_far.clone();
            let percent = memo(move || how_far.with(percent_done));
            view! {
                <div class="doing" aria-live="off">
                    <p>{says}</p>
                    <Bar percent=percent/>
                </div>
            }
            .into_any()
        },
    )
}
