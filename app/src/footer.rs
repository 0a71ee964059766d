//! What the engine does, what its memory is now, and giving it back.

use leptos::prelude::*;
use wick_protocol::{ClientMessage, Engine, Memory, Receipt, Stage, Step};

use crate::numbers::{megabytes, roughly};
use crate::page::page;
use crate::ui::button::{Opener, button};
use crate::ui::erased::{memo, shown_while};
use crate::ui::icon::Drawing;
use crate::words;

/// One line at the foot of the page.
#[component]
pub(crate) fn Footer(shows_engine: RwSignal<bool>) -> impl IntoView {
    let state = page().state;
    let says = memo(move || state.engine().with(engine_now));
    let gave_back = memo(move || {
        let receipt = state.engine().with(|engine| engine.receipt);
        receipt.as_ref().map(gave_back).unwrap_or_default()
    });
    view! {
        <footer class="footer" role="contentinfo">
            <Opener
                label=words::common::engine()
                class="quiet"
                drawing=Drawing::CHART
                is_open=shows_engine
            />
            <p>{says} <span role="status">{gave_back}</span></p>
            <RestButton/>
        </footer>
    }
}

/// Gives the engine's memory back, where that can be done.
#[component]
pub(crate) fn RestButton() -> impl IntoView {
    let page = page();
    let state = page.state;
    shown_while(
        move || state.engine().with(can_rest) && state.live().is_none(),
        move || {
            let rest = move || page.tell(ClientMessage::Rest);
            button("rest", words::common::rest_now().into_any(), rest)
        },
    )
}

/// Whether there is a process that does not load. Whether it writes is known by the server.
fn can_rest(engine: &Engine) -> bool {
    engine.running.first().is_some_and(|it| !matches!(it.stage, Stage::Loading { .. }))
}

/// What all processes do and hold.
pub(crate) fn engine_now(engine: &Engine) -> String {
    let memory = match engine.memory() {
        None => "0 MB".to_owned(),
        // What was given back is said apart.
        Some(memory) if engine.receipt.is_some() => format!("{} MB", megabytes(memory.total)),
        Some(memory) => holds(memory),
    };
    let stop = if engine.receipt.is_some() { ". " } else { "" };
    let name = words::footer::engine(engine.running.len());
    match engine.running.first().map(|it| it.stage) {
        None => words::footer::off(&memory) + stop,
        Some(Stage::Loading { percent }) => {
            words::footer::loading(&name, &memory, &percent.to_string())
        }
        Some(Stage::Ready) => words::footer::ready(&name, &memory) + stop,
        Some(Stage::Resting) => words::footer::resting(&name, &memory) + stop,
    }
}

/// Memory, and what it is for.
pub(crate) fn holds(memory: Memory) -> String {
    words::footer::holds(
        &megabytes(memory.total),
        &megabytes(memory.weights),
        &megabytes(memory.rest()),
    )
}

fn gave_back(receipt: &Receipt) -> String {
    let Receipt { step, before, after, back_ms } = *receipt;
    let what = match step {
        Step::ContextFreed => words::footer::freed(&megabytes(before), &megabytes(after)),
        Step::EngineEnded => words::footer::gave_back(&megabytes(before.saturating_sub(after))),
    };
    match back_ms {
        0 => format!("{what}."),
        _ => words::footer::coming_back(&what, &roughly(back_ms)),
    }
}

#[cfg(test)]
mod tests {
    use wick_protocol::{ModelId, Running};

    use super::*;

    fn engine(running: &[(Stage, u64)], receipt: Option<Receipt>) -> Engine {
        let running = running.iter().map(|&(stage, total)| {
            let memory = (0 < total).then_some(Memory { total, weights: 118_000_000 });
            Running { model: ModelId("a".into()), stage, memory }
        });
        Engine { running: running.collect(), receipt }
    }

    #[test]
    fn memory_is_said_in_megabytes_weights_apart() {
        assert_eq!(engine_now(&engine(&[], None)), "Engine: off, 0 MB");
        let ready = engine(&[(Stage::Ready, 184_000_000)], None);
        assert_eq!(
            engine_now(&ready),
            "Engine: 184 MB: weights 118 MB, context and the rest 66 MB, ready"
        );
        let loading = engine(&[(Stage::Loading { percent: 43 }, 0)], None);
        assert_eq!(engine_now(&loading), "Engine: 0 MB, loading 43 %");
        assert!(can_rest(&ready));
        assert!(!can_rest(&loading));
        let two = engine(&[(Stage::Ready, 184_000_000), (Stage::Resting, 128_000_000)], None);
        assert_eq!(
            engine_now(&two),
            "2 models: 312 MB: weights 236 MB, context and the rest 76 MB, ready"
        );
    }

    #[test]
    fn what_was_given_back_follows_as_a_sentence() {
        let (before, after) = (178_200_000, 123_900_000);
        let receipt = Receipt { step: Step::EngineEnded, before, after: 0, back_ms: 310 };
        assert_eq!(
            engine_now(&engine(&[], Some(receipt))) + &gave_back(&receipt),
            "Engine: off, 0 MB. Gave back 178 MB; coming back takes about 0.3 s."
        );
        let freed = Receipt { step: Step::ContextFreed, before, after, back_ms: 96 };
        assert_eq!(
            engine_now(&engine(&[(Stage::Resting, after)], Some(freed))) + &gave_back(&freed),
            "Engine: 124 MB, resting. Context freed: 178 MB before, 124 MB now; coming back takes about 0.1 s."
        );
        let unknown = Receipt { back_ms: 0, ..freed };
        assert_eq!(gave_back(&unknown), "Context freed: 178 MB before, 124 MB now.");
    }
}
