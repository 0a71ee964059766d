//! How full the model's context is with the open chat, what is in it, and what leaves it next.

use leptos::prelude::*;
use wick_protocol::Stats;

use crate::numbers::grouped;
use crate::page::page;
use crate::state::{Line, State};
use crate::ui::erased::{memo, shown_while};
use crate::words;

/// So many characters of a message say which one it is.
const QUOTED: usize = 60;

/// A chat in the context of the model that answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Fill {
    /// Tokens that the chat takes.
    used: usize,
    /// Tokens that a chat can have.
    most: usize,
    /// Messages that it sees.
    n_seen: usize,
    /// Older ones that it does not see any more.
    n_left_out: usize,
    /// The oldest one that it sees.
    oldest: String,
    /// Whether an answer stops when there is no more room; else the oldest message leaves.
    stops: bool,
}

/// A gauge, and sentences. Nothing while there is no answer.
pub(super) fn gauge() -> AnyView {
    let state = page().state;
    let fill = memo(move || fill(state));
    shown_while(
        move || fill.with(Option::is_some),
        move || {
            let now = move || fill.get().unwrap_or_default();
            let used = memo(move || now().used.to_string());
            let most = memo(move || now().most.to_string());
            let says = memo(move || says(&now()));
            view! {
                <section class="gauge">
                    <h3>{words::settings::this_chat()}</h3>
                    <meter
                        min="0"
                        max=most
                        value=used
                        aria-label=words::engine::context_of_chat()
                    ></meter>
                    <p>{says}</p>
                </section>
            }
            .into_any()
        },
    )
}

fn fill(state: State) -> Option<Fill> {
    let (most, stops) = state.models().with(|models| {
        let chosen = models.chosen.as_ref()?;
        let model = models.list.iter().find(|it| it.id == *chosen)?;
        Some((model.room as usize, models.stops_when_full))
    })?;
    state.thread().with(|thread| {
        let stats = |line: &Line| line.answer.as_ref()?.stats.get();
        let last: Stats = thread.iter().rev().find_map(stats)?;
        // No model is shown answers without a word.
        let said: Vec<_> = thread.iter().filter(|line| !line.text.read().is_empty()).collect();
        let oldest = said.get(last.n_left_out).map(|line| line.text.get().to_string());
        Some(Fill {
            used: last.kept.all() + last.n_read + last.n_tokens,
            most,
            n_seen: said.len().saturating_sub(last.n_left_out),
            n_left_out: last.n_left_out,
            oldest: oldest.unwrap_or_default(),
            stops,
        })
    })
}

fn says(fill: &Fill) -> String {
    let Fill { used, most, n_seen, n_left_out, oldest, stops } = fill;
    let percent = (used * 100).checked_div(*most).unwrap_or(0).min(100);
    let (used, most) = (grouped(*used as u64), grouped(*most as u64));
    let takes = match percent {
        0 => words::engine::takes_little(&used, &most),
        percent => words::engine::takes(&used, &most, &percent.to_string()),
    };
    let sees = match *n_left_out {
        0 => words::engine::sees(*n_seen),
        n => words::engine::sees_without(*n_seen, &grouped(n as u64)),
    };
    let mut sentences = vec![takes, sees];
    if *stops {
        sentences.push(words::engine::answer_stops().to_owned());
    } else if !oldest.is_empty() {
        let oldest = oldest.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut quoted: String = oldest.chars().take(QUOTED).collect();
        if quoted.len() < oldest.len() {
            quoted.truncate(quoted.trim_end().len());
            quoted.push('…');
        }
        sentences.push(words::engine::oldest_leave(&quoted));
    }
    sentences.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_how_full_it_is_and_what_leaves_next() {
        let fill =
            Fill { used: 1_240, most: 8_192, n_seen: 4, oldest: "Why?".into(), ..Fill::default() };
        assert_eq!(
            says(&fill),
            "It takes 1,240 of the 8,192 tokens that there is room for: 15 %. The model sees 4 messages. \
             When there is no more room, the oldest leave first; next is “Why?”."
        );
        let short = Fill { used: 31, most: 32_768, ..fill.clone() };
        assert!(says(&short).contains(": less than 1 %. "));
        let stopping = Fill { stops: true, ..fill.clone() };
        assert!(
            says(&stopping).ends_with("messages. When there is no more room, the answer stops.")
        );
        let fill = Fill { used: 8_200, n_left_out: 2, oldest: "long ".repeat(30), ..fill };
        let text = says(&fill);
        assert!(
            text.contains(": 100 %. The model sees 4 messages; the oldest 2 have left."),
            "{text}"
        );
        assert!(text.ends_with("long long…”."), "{text}");
    }
}
