//! All versions of an answer, side by side: written by other models, in other ways, or by chance.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wick_protocol::{AnswerState, Author, ClientMessage, Message, thought};

use super::sentences::doing;
use crate::dialogs::Dialogs;
use crate::markdown::Markdown;
use crate::numbers::{decimal, tenths};
use crate::page::page;
use crate::state::Text;
use crate::ui::button::button;
use crate::ui::erased::{each, memo, shown_while};
use crate::words;

/// While one of them is being written they are asked for this often, in milliseconds.
const RENEWED_EVERY: u32 = 300;

/// All versions of the answer that was asked about.
pub(crate) fn versions(is_open: RwSignal<bool>) -> AnyView {
    let (page, dialogs) = (page(), expect_context::<Dialogs>());
    let all = page.state.told.versions;
    all.set(Vec::new());
    let Some(message) = dialogs.subject.get_untracked() else { return ().into_any() };
    // It is gone when the dialog is closed.
    let is_here = RwSignal::new(true);
    spawn_local(async move {
        while is_here.try_get_untracked().is_some() {
            if all.with_untracked(|all| all.is_empty() || all.iter().any(is_live)) {
                page.ask(&ClientMessage::ShowVersions { message });
            }
            TimeoutFuture::new(RENEWED_EVERY).await;
        }
    });
    let columns = each(
        move || (0..all.with(Vec::len) as i64).map(|place| (place, 0)).collect(),
        move |(place, _)| {
            view! { <Version place=place as usize all=all is_open=is_open/> }.into_any()
        },
    );
    view! {
        <div class="compared" role="region" aria-label=words::thread::all_versions() tabindex="0">
            {columns}
        </div>
        <div class="actions">
            {button("", words::common::close().into_any(), move || is_open.set(false))}
        </div>
    }
    .into_any()
}

/// The version at this place.
#[component]
fn Version(place: usize, all: RwSignal<Vec<Message>>, is_open: RwSignal<bool>) -> impl IntoView {
    let page = page();
    let of = move |read: fn(&Message) -> String| {
        memo(move || all.with(|all| all.get(place).map(read).unwrap_or_default()))
    };
    let text = ArcRwSignal::new(Text::default());
    let now = text.clone();
    Effect::new(move |_| {
        let said = all.with(|all| all.get(place).map(|it| it.text.clone()).unwrap_or_default());
        now.update(|text| text.replace(said));
    });
    let says = of(says);
    let number = memo(move || all.with(|all| format!("{} / {}", place + 1, all.len())));
    let pick = move || {
        if let Some(message) = all.with_untracked(|all| all.get(place).map(|it| it.id)) {
            page.tell(ClientMessage::Walk { message });
        }
        is_open.set(false);
    };
    let live = move || all.with(|all| all.get(place).filter(|it| is_live(it)).map(|it| it.id));
    let stop = shown_while(
        move || live().is_some(),
        move || {
            let stop = move || {
                if let Some(message) = untrack(live) {
                    page.tell(ClientMessage::Stop { message });
                }
            };
            button("", words::composer::stop().into_any(), stop)
        },
    );
    view! {
        <section>
            <h3>{number}</h3>
            <p class="soft">{says}</p>
            <div class="row">
                {button("", words::thread::show_this().into_any(), pick)}
                {stop}
            </div>
            <Markdown text=text part=|text| thought::parts(text).said/>
        </section>
    }
}

fn is_live(message: &Message) -> bool {
    matches!(&message.author, Author::Model { state, .. } if state.is_live())
}

/// By which model and how it was written, as far as that is known.
fn says(message: &Message) -> String {
    let Author::Model { name, state, stats } = &message.author else {
        return words::thread::you().into();
    };
    let mut facts = vec![name.clone()];
    if state.is_live() {
        let doing = doing(state).map(|it| lower_first(&it));
        facts.push(doing.unwrap_or_else(|| words::thread::being_written().into()));
    }
    let Some(stats) = stats.filter(|_| !state.is_live()) else { return facts.join(", ") };
    facts.push(words::common::tokens(stats.n_tokens));
    if 0.0 < stats.tokens_per_second {
        facts.push(words::thread::a_second(&tenths(stats.tokens_per_second.into())));
    }
    if let Some(how) = stats.how {
        facts.push(words::thread::temperature(&decimal(how.temperature)));
    }
    if matches!(state, AnswerState::Interrupted { .. }) {
        facts.push(words::thread::interrupted().into());
    }
    facts.join(", ")
}

/// As it goes on behind a comma.
fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|it| it.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use wick_protocol::{ChatId, Finish, How, MessageId, Sampling, Stats};

    use super::*;

    #[test]
    fn it_is_said_how_a_version_was_written() {
        let with = |state: AnswerState, stats: Option<Stats>| {
            let author = Author::Model { name: "A".into(), state, stats };
            says(&Message { id: MessageId(1), chat: ChatId(1), author, text: String::new() })
        };
        assert_eq!(with(AnswerState::Writing, None), "A, being written");
        assert_eq!(with(AnswerState::Waiting { ahead: 1 }, None), "A, waiting for 1 other answer");
        let stats = Stats {
            n_tokens: 12,
            tokens_per_second: 41.23,
            how: Some(How::from(&Sampling::default())),
            ..Stats::default()
        };
        let ended = AnswerState::Finished { why: Finish::EndOfTurn };
        assert_eq!(
            with(ended.clone(), Some(stats)),
            "A, 12 tokens, 41.2 a second, temperature 0.8"
        );
        assert_eq!(with(ended, None), "A");
    }
}
