//! Says answers to screen readers by the sentence. The conversation itself is silent for them: they would
//! read each token.

use leptos::prelude::*;
use web_sys::Element;
use wick_protocol::{MessageId, thought};

use crate::page::Page;
use crate::state::Line;
use crate::words;

/// What is being said aloud.
#[derive(Clone, Copy, PartialEq)]
struct Spoken {
    answer: MessageId,
    /// Bytes of what the model says that were said.
    until: usize,
}

/// Says what is written from now on.
pub(crate) fn attend(page: Page) {
    let Some(region) = region() else { return };
    let state = page.state;
    Effect::new(move |before: Option<Option<Spoken>>| {
        let before = before.flatten();
        let live = state.live();
        // One that has just ended may have a last sentence.
        let answer = live.or(before.map(|it| it.answer))?;
        let is_it = |line: &&Line| line.id == answer;
        let text = state.thread().with(|thread| Some(thread.iter().find(is_it)?.text.clone()))?;
        let until = before.filter(|it| it.answer == answer).map_or(0, |it| it.until);
        let until = text.with(|text| {
            let said = thought::parts(text).said;
            let end = end(said, until, live.is_none());
            if let Some(part) = said.get(until..end).filter(|it| !it.trim().is_empty()) {
                region.set_text_content(Some(&aloud(part)));
            }
            end
        });
        live.is_some().then_some(Spoken { answer, until })
    });
}

fn region() -> Option<Element> {
    let region = document().create_element("div").ok()?;
    region.set_attribute("role", "status").ok()?;
    region.set_attribute("aria-label", words::voice::answer()).ok()?;
    region.set_class_name("visually-hidden");
    document().body()?.append_child(&region).ok()?;
    Some(region)
}

/// Where the last whole sentence behind `from` ends; the end of the text when it is over.
fn end(said: &str, from: usize, is_over: bool) -> usize {
    let Some(rest) = said.get(from..) else { return said.len() };
    if is_over {
        return said.len();
    }
    let ends = rest.char_indices().zip(rest.chars().skip(1));
    let last = ends.filter(|((_, sign), next)| match sign {
        '.' | '!' | '?' | ':' => next.is_whitespace(),
        '\n' | '。' | '！' | '？' => true,
        _ => false,
    });
    last.last().map_or(from, |((at, sign), _)| from + at + sign.len_utf8())
}

/// Without the marks of Markdown.
fn aloud(part: &str) -> String {
    let lines = part.lines().map(|line| line.trim_start_matches(['#', '>', ' ']));
    lines.collect::<Vec<_>>().join("\n").replace(['*', '`'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_sentences_are_said_and_the_rest_at_the_end() {
        let said = "It is 3.5 m. Then **more** follows";
        assert_eq!(&said[..end(said, 0, false)], "It is 3.5 m.");
        assert_eq!(end(said, 12, false), 12);
        assert_eq!(end(said, 12, true), said.len());
        assert_eq!(end("One.", 0, false), 0);
        assert_eq!(end("One.\nTwo", 0, false), 5);
        assert_eq!(end("海。月", 0, false), "海。".len());
        // Another version is shorter.
        assert_eq!(end("a", 9, false), 1);
    }

    #[test]
    fn marks_are_not_read_out() {
        assert_eq!(aloud("## A **b**\n> `c`"), "A b\nc");
    }
}
