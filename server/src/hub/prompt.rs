//! The hub's part about what a model gets to read: shown before it is asked, and nothing is loaded
//! for it.

use wick_protocol::{
    AnswerState, Author, ChatId, LONGEST_MESSAGE, Message, ServerMessage, grouped,
};

use super::answers::{Shown, turns};
use super::instructions::Instructions;
use super::models::Chosen;
use super::{Hub, Refusal};
use crate::engine::frame::{Role, Turn};
use crate::engine::{LaidOut, Outline};
use crate::models;

const NOTHING_SAID: &str =
    "Nothing is said yet. Write a message, and look again before it is sent.";

const NOT_YET: &str = "The next message comes between the last answer and the beginning of the \
                       next one. Write it, and it is in here too.";

const IN_FRONT: &str = "This model has no place of its own for instructions: they stand in front of \
                        your first message.";

const TOO_LONG: &str = "Where that is more than the model can look back on, the oldest messages \
                        are left out.";

impl Hub {
    /// What the model would get to read for the next answer of a chat, in which `text` is written
    /// and not sent. `instructions` are those of a new chat.
    pub async fn prompt(
        &self,
        chat: Option<ChatId>,
        instructions: Option<String>,
        text: &str,
    ) -> Result<ServerMessage, Refusal> {
        let none = |says: String| Ok(ServerMessage::Prompt { text: String::new(), says });
        if LONGEST_MESSAGE < text.len() {
            return Err(Refusal("The message is too long to be sent. Shorten it".into()));
        }
        let model = match self.chosen_model().await {
            Ok(model) => model,
            Err(Chosen::None(reason) | Chosen::Unusable { reason, .. }) => return none(reason),
        };
        let instructions = match (chat, instructions) {
            (None, Some(text)) => Instructions::new(text)?.0,
            _ => self.instructions(chat).await,
        };
        let messages = match chat {
            Some(chat) => {
                let Shown { messages, .. } = self.thread(chat, None).await?;
                messages
            }
            None => Vec::new(),
        };
        let Next { turns, begun, lacks_message } = Next::of(instructions, messages, text);
        if !turns.iter().any(|turn| turn.role == Role::User) {
            return none(NOTHING_SAID.into());
        }
        let has_instructions = turns[0].role == Role::System;
        let path = model.path;
        let wording = tokio::task::spawn_blocking(move || models::wording(&path)).await;
        let wording = match wording {
            Ok(Ok(wording)) => wording,
            Ok(Err(err)) => return none(err.to_string()),
            Err(err) => return none(err.to_string()),
        };
        let outline = Outline { wording, turns, begun };
        let LaidOut { text, has_system } = match self.0.engine.lay_out(outline).await {
            Ok(laid_out) => laid_out,
            Err(reason) => return none(reason),
        };
        let trained = model.need.trained;
        let counted = counted(&model.name, text.chars().count());
        let notes = [
            (true, counted.as_str()),
            (lacks_message, NOT_YET),
            (has_instructions && !has_system, IN_FRONT),
            // A token is a byte at least.
            (0 < trained && trained < text.len(), TOO_LONG),
        ];
        let notes: Vec<&str> = notes.iter().filter(|it| it.0).map(|it| it.1).collect();
        Ok(ServerMessage::Prompt { says: notes.join(" "), text })
    }
}

fn counted(model: &str, n_characters: usize) -> String {
    let n = grouped(n_characters as u64);
    format!("{model} gets these {n} characters for the next answer.")
}

/// What the next answer is asked for with.
struct Next {
    turns: Vec<Turn>,
    /// What it begins with already.
    begun: String,
    /// Whether a message of the person is to come first.
    lacks_message: bool,
}

impl Next {
    fn of(instructions: String, mut messages: Vec<Message>, text: &str) -> Next {
        let mut begun = String::new();
        let is_written = !text.trim().is_empty();
        if !is_written && messages.last().is_some_and(goes_on) {
            begun = messages.pop().map(|it| it.text).unwrap_or_default();
        }
        let mut turns = turns(instructions, messages);
        if is_written {
            turns.push(Turn { role: Role::User, text: text.trim().to_owned() });
        }
        let is_answered = turns.last().is_some_and(|it| it.role == Role::Assistant);
        Next { turns, begun, lacks_message: is_answered }
    }
}

/// Whether more of this answer is what comes next.
fn goes_on(message: &Message) -> bool {
    match &message.author {
        Author::Person => false,
        Author::Model { state: AnswerState::Finished { why }, .. } => why.is_early(),
        Author::Model { .. } => true,
    }
}

#[cfg(test)]
mod tests {
    use wick_protocol::{Finish, MessageId};

    use super::*;

    fn message(author: Author, text: &str) -> Message {
        Message { id: MessageId(1), chat: ChatId(1), author, text: text.into() }
    }

    fn answer(why: Finish, text: &str) -> Message {
        let state = AnswerState::Finished { why };
        message(Author::Model { name: "m".into(), state, stats: None }, text)
    }

    #[track_caller]
    fn check(why: Finish, text: &str, expected: &[&str], begun: &str, lacks_message: bool) {
        let messages = vec![message(Author::Person, "hi"), answer(why, "yo")];
        let next = Next::of("Be brief.".into(), messages, text);
        let texts: Vec<&str> = next.turns.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(texts, expected);
        assert_eq!((next.begun.as_str(), next.lacks_message), (begun, lacks_message));
    }

    #[test]
    fn a_prompt_is_counted_in_characters() {
        for (n, says) in [(7, "7"), (204, "204"), (1_204, "1,204"), (98_362_432, "98,362,432")] {
            let all = format!("Smol gets these {says} characters for the next answer.");
            assert_eq!(counted("Smol", n), all);
        }
    }

    #[test]
    fn what_is_written_comes_next_else_the_answer_goes_on() {
        check(Finish::EndOfTurn, " so ", &["Be brief.", "hi", "yo", "so"], "", false);
        check(Finish::Stopped, "so", &["Be brief.", "hi", "yo", "so"], "", false);
        check(Finish::Stopped, " ", &["Be brief.", "hi"], "yo", false);
        check(Finish::EndOfTurn, "", &["Be brief.", "hi", "yo"], "", true);
        let bare = Next::of(String::new(), Vec::new(), "");
        assert!(bare.turns.is_empty() && !bare.lacks_message);
    }
}
