//! The hub's part about titles: after the first answer the model names the chat.
//!
//! The model is asked beside the chat: what it has read of it is shared and not disturbed, and
//! nothing of the question is kept.

use clap::ValueEnum;
use serde::Deserialize;
use wick_protocol::{ChatId, Message, Sampling, thought};

use super::Hub;
use super::answers::turns;
use crate::engine::frame::{Role, Turn};
use crate::engine::{Event, Keep, Owner, Request};

/// Who names chats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Titles {
    /// The model, after its first answer.
    #[default]
    Model,
    /// Nobody: the title is how the first message begins.
    Beginning,
}

/// A chat that is longer than so many messages is not named any more.
const LONGEST_UNNAMED: usize = 4;

/// The longest title that is taken, in characters.
const LONGEST: usize = 60;

const ASK: &str = "Write a title for this chat, in its language, of at most six words. Answer with the title only.";

impl Hub {
    /// Lets the model name a chat that nobody has named, where that is wanted.
    pub(super) async fn name_chat(&self, chat: ChatId) {
        if self.0.titles == Titles::Beginning || chat.is_temporary() {
            return;
        }
        let unnamed = move |db: &mut crate::chats::Db| {
            let messages =
                if db.is_unnamed(chat)? { db.thread(chat)?.messages } else { Vec::new() };
            Ok((db.instructions(Some(chat))?, messages))
        };
        let (instructions, messages) = self.0.store.with(unnamed).await.unwrap_or_default();
        if messages.is_empty() || LONGEST_UNNAMED < messages.len() {
            return;
        }
        let title = tokio::select! {
            title = self.ask_for_title(instructions, messages) => title,
            () = self.0.closing.cancelled() => None,
        };
        let Some(title) = title else { return };
        // A person may have named it meanwhile.
        let name = move |db: &mut crate::chats::Db| {
            if db.is_unnamed(chat)? { db.rename(chat, &title).map(Some) } else { Ok(None) }
        };
        if let Ok(Some(chat)) = self.save(name).await {
            self.tell_chat(chat);
        }
    }

    async fn ask_for_title(&self, instructions: String, messages: Vec<Message>) -> Option<String> {
        // A model that thinks is asked not to: it begins behind a thought of nothing.
        let thinks = messages.iter().any(|it| it.text.trim_start().starts_with(thought::OPENS));
        let nothing = || format!("{}\n\n{}\n\n", thought::OPENS, thought::CLOSES);
        let begun = if thinks { nothing() } else { String::new() };
        let mut turns = turns(instructions, messages);
        turns.push(Turn { role: Role::User, text: ASK.into() });
        let sampling = Sampling {
            temperature: 0.0,
            max_tokens: Some(24),
            stop: vec!["\n".into()],
            ..Sampling::default()
        };
        let request = Request {
            model: self.chosen_model().await.ok()?,
            owner: Owner::default(),
            turns,
            begun,
            sampling,
            ignore_end: false,
            keep: Keep::Nothing,
            anyway: false,
        };
        let mut generation = self.0.engine.generate(request).ok()?;
        let mut title = String::new();
        loop {
            match generation.next().await.ok()? {
                Event::Text(text) => title.push_str(&text),
                Event::Done(..) => return tidied(&title),
                Event::Waiting(_)
                | Event::Loading(_)
                | Event::Reading { .. }
                | Event::Looking { .. } => (),
            }
        }
    }
}

/// What of an answer is a title; `None` when nothing is.
fn tidied(answer: &str) -> Option<String> {
    let line = answer.lines().map(str::trim).find(|line| !line.is_empty())?;
    let title = line.strip_prefix("Title:").unwrap_or(line);
    let title = title.trim_matches(|it: char| it.is_whitespace() || "\"'“”„«»*#`_.:".contains(it));
    let is_title = !title.is_empty() && !title.starts_with('<') && title.chars().count() <= LONGEST;
    is_title.then(|| title.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_like_a_title_is_taken() {
        let some = |title: &str| Some(title.to_owned());
        assert_eq!(tidied("\n \"The Old Lighthouse.\"\nMore"), some("The Old Lighthouse"));
        assert_eq!(tidied("Title: **Keeper's Log**"), some("Keeper's Log"));
        assert_eq!(tidied("„Der Turm“"), some("Der Turm"));
        assert_eq!(tidied("<think>Hm"), None);
        assert_eq!(tidied(" \n"), None);
        assert_eq!(tidied(&"long ".repeat(30)), None);
    }
}
