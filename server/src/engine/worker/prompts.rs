//! A chat as the tokens of a prompt, its pictures among them.

use anyhow::Result;

use super::llama::{Model, Token};
use super::sight::Placed;
use crate::engine::frame::Turn;
use crate::engine::prompt::Layout;

/// How the messages of one job become tokens.
#[derive(Clone, Copy)]
pub struct Prompts<'a> {
    /// Whose tokens.
    pub model: &'a Model,
    /// How it wants messages.
    pub layout: &'a Layout,
    /// The pictures that are marked in them.
    pub pictures: &'a [Placed],
}

impl Prompts<'_> {
    /// The tokens of these messages, and of what there is of the answer.
    pub fn tokens(&self, turns: &[Turn], begun: &str) -> Result<Vec<Token>> {
        Ok(self.of(&self.layout.render(turns, begun)?))
    }

    /// How many tokens a message has, without what is laid out around it.
    pub fn count(&self, turn: &Turn) -> usize {
        self.of(&turn.text).len()
    }

    fn of(&self, text: &str) -> Vec<Token> {
        let mut parts = parts(text, self.pictures).into_iter();
        let (first, mut picture) = parts.next().unwrap_or((text, None));
        let mut tokens = self.model.tokenize(first);
        for (text, next) in parts {
            tokens.extend(picture.map_or(&[][..], |it: &Placed| &it.picture.tokens));
            tokens.extend(self.model.tokenize_more(text));
            picture = next;
        }
        tokens.extend(picture.map_or(&[][..], |it| &it.picture.tokens));
        tokens
    }
}

/// The text between marks, each piece with the picture that follows it.
fn parts<'t, 'p>(text: &'t str, pictures: &'p [Placed]) -> Vec<(&'t str, Option<&'p Placed>)> {
    let mut marks: Vec<(usize, &Placed)> = pictures
        .iter()
        .flat_map(|it| text.match_indices(&it.mark).map(move |(at, _)| (at, it)))
        .collect();
    marks.sort_by_key(|it| it.0);
    let mut from = 0;
    let mut parts = Vec::with_capacity(marks.len() + 1);
    for (at, picture) in marks {
        parts.push((&text[from..at], Some(picture)));
        from = at + picture.mark.len();
    }
    if parts.is_empty() || from < text.len() {
        parts.push((&text[from..], None));
    }
    parts
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::engine::worker::picture::Picture;

    #[test]
    fn a_text_is_taken_apart_at_its_marks() {
        let placed = |mark: &str| Placed {
            mark: mark.into(),
            picture: Arc::new(Picture { tokens: Vec::new(), patches: Vec::new() }),
            jpeg: Arc::new([]),
        };
        let pictures = [placed("<é-1>"), placed("<é-0>")];
        let check = |text: &str, expected: &[(&str, Option<&str>)]| {
            let parts = parts(text, &pictures);
            let parts: Vec<_> =
                parts.iter().map(|it| (it.0, it.1.map(|it| it.mark.as_str()))).collect();
            assert_eq!(parts, expected, "{text}");
        };
        check("", &[("", None)]);
        check("hi", &[("hi", None)]);
        check("<é-0>", &[("", Some("<é-0>"))]);
        check(
            "a <é-0>b<é-1><é-0>c",
            &[("a ", Some("<é-0>")), ("b", Some("<é-1>")), ("", Some("<é-0>")), ("c", None)],
        );
    }
}
