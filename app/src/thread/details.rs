//! All that is known of an answer, and copies of it.

use leptos::prelude::*;
use wick_protocol::{ClientMessage, Stats, thought};

use super::actions::copy;
use super::message::element_id;
use super::sentences::{kept, read};
use crate::browser;
use crate::dialogs::Dialogs;
use crate::numbers::{decimal, megabytes, roughly, seconds, tenths};
use crate::page::page;
use crate::ui::button::button;
use crate::ui::erased::changing;
use crate::words;

/// Versions that are written at once, besides what is there.
const MORE: u32 = 3;

/// The answer that was asked about.
pub(crate) fn details(is_open: RwSignal<bool>) -> AnyView {
    let (page, dialogs) = (page(), expect_context::<Dialogs>());
    let line = move || {
        let id = dialogs.subject.get()?;
        page.state.thread().with(|thread| thread.iter().find(|it| it.id == id).cloned())
    };
    changing(move || {
        let Some((id, text, answer)) =
            line().and_then(|line| Some((line.id, line.text.clone(), line.answer?)))
        else {
            return view! { <p>{words::thread::not_there()}</p> }.into_any();
        };
        let facts = facts(&answer.name.get(), answer.stats.get());
        let facts: Vec<_> = facts
            .into_iter()
            .map(|(name, says)| view! { <dt>{name}</dt><dd>{says}</dd> }.into_any())
            .collect();
        let as_text = move || copy(page, browser::shown_text(&element_id(id)));
        let as_markdown =
            move || copy(page, text.with_untracked(|text| thought::parts(text).said.to_owned()));
        // The dialog with all of them is about the same answer.
        let compare = (1 < page.state.versions(id).len()).then(|| {
            let show = move || {
                is_open.set(false);
                dialogs.versions.set(true);
            };
            button("", words::thread::compare_versions().into_any(), show)
        });
        let beside = move || {
            is_open.set(false);
            dialogs.compare(Some(id));
        };
        let more = move || {
            page.tell(ClientMessage::Again { message: id, times: MORE });
            is_open.set(false);
        };
        view! {
            <dl class="facts">{facts}</dl>
            <div class="actions">
                {button("", words::thread::copy_as_text().into_any(), as_text)}
                {button("", words::thread::copy_as_markdown().into_any(), as_markdown)}
                {button("", words::thread::three_more().into_any(), more)}
                {button("", words::thread::compare_with().into_any(), beside)}
                {compare}
                {button("", words::common::close().into_any(), move || is_open.set(false))}
            </div>
        }
        .into_any()
    })
}

/// Names of facts, and the facts.
fn facts(model: &str, stats: Option<Stats>) -> Vec<(&'static str, String)> {
    let mut facts = vec![(words::common::model(), model.to_owned())];
    let Some(stats) = stats else { return facts };
    let mut written = words::common::tokens(stats.n_tokens);
    if 0.0 < stats.tokens_per_second {
        written += ", ";
        written += &words::thread::a_second(&tenths(stats.tokens_per_second.into()));
    }
    facts.push((words::thread::written(), written));
    if 0 < stats.n_tokens {
        let after = words::thread::after(&seconds(stats.first_token_ms));
        facts.push((words::thread::first_token(), after));
    }
    let prompt = format!("{}, {}", kept(stats.kept), read(&stats));
    facts.push((words::thread::prompt(), prompt));
    if 0 < stats.n_left_out {
        let messages = words::thread::older_messages(stats.n_left_out);
        facts.push((words::thread::not_seen(), messages));
    }
    if 0 < stats.thought_ms {
        let lasted = words::thread::lasted(&roughly(stats.thought_ms));
        facts.push((words::thread::thought(), lasted));
    }
    if 0 < stats.memory {
        facts.push((words::thread::memory_then(), format!("{} MB", megabytes(stats.memory))));
    }
    if let Some(how) = stats.how {
        let mut settings = vec![
            words::thread::temperature(&decimal(how.temperature)),
            format!("top-k {}", how.top_k),
            format!("top-p {}", decimal(how.top_p)),
            format!("min-p {}", decimal(how.min_p)),
            words::thread::repeat_penalty(&decimal(how.repeat_penalty)),
            match how.seed {
                Some(seed) => words::thread::seed(&seed.to_string()),
                None => words::thread::other_seeds().to_owned(),
            },
        ];
        if how.has_format {
            settings.push(words::thread::in_format().to_owned());
        }
        facts.push((words::common::settings(), settings.join(", ")));
    }
    facts
}

#[cfg(test)]
mod tests {
    use wick_protocol::{How, Kept, Sampling};

    use super::*;

    #[test]
    fn what_is_known_is_said_and_what_is_not_is_left_out() {
        let stats = Stats {
            n_tokens: 128,
            tokens_per_second: 41.23,
            first_token_ms: 300,
            n_read: 31,
            read_ms: 200,
            kept: Kept { live: 1_204, ..Kept::default() },
            memory: 184_000_000,
            how: Some(How { has_format: true, ..How::from(&Sampling::default()) }),
            ..Stats::default()
        };
        let expected = [
            ("Model", "A model"),
            ("Written", "128 tokens, 41.2 a second"),
            ("First token", "after 0.30 s"),
            ("Prompt", "1,204 tokens kept, 31 read in 0.2 s"),
            ("Memory then", "184 MB"),
            (
                "Settings",
                "temperature 0.8, top-k 40, top-p 0.95, min-p 0.05, repeat penalty 1, \
                 seed another each time, in a format",
            ),
        ];
        assert_eq!(facts("A model", Some(stats)), expected.map(|(a, b)| (a, b.to_owned())));
        assert_eq!(facts("A model", None), [("Model", "A model".to_owned())]);
    }
}
