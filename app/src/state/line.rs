//! A message on the screen: what changes alone has a signal of its own.

use leptos::prelude::*;
use wick_protocol::{AnswerState, Author, Message, MessageId, Stats};

use super::Text;

/// A message of the open chat.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// Names it.
    pub(crate) id: MessageId,
    /// What was said; of an answer that is being written, what there is.
    pub(crate) text: ArcRwSignal<Text>,
    /// What is known of an answer; nothing when a person said it.
    pub(crate) answer: Option<Answer>,
    /// Whether a person writes something else in its place.
    pub(crate) is_edited: ArcRwSignal<bool>,
}

/// What is known of an answer besides its text.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// The model's name.
    pub(crate) name: ArcRwSignal<String>,
    /// What is being done for it, or how it ended.
    pub(crate) state: ArcRwSignal<AnswerState>,
    /// What it took.
    pub(crate) stats: ArcRwSignal<Option<Stats>>,
}

/// A delta that cannot be put in its place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Gap;

impl Line {
    pub(super) fn new(message: Message) -> Self {
        let answer = match message.author {
            Author::Person => None,
            Author::Model { name, state, stats } => Some(Answer {
                name: ArcRwSignal::new(name),
                state: ArcRwSignal::new(state),
                stats: ArcRwSignal::new(stats),
            }),
        };
        let is_edited = ArcRwSignal::new(false);
        Self { id: message.id, text: ArcRwSignal::new(message.text.into()), answer, is_edited }
    }

    /// Takes over what the server says; what is the same wakes nobody.
    pub(super) fn change(&self, message: Message) {
        if **self.text.read_untracked() != *message.text {
            self.text.update(|text| text.replace(message.text));
        }
        if let (Some(answer), Author::Model { name, state, stats }) = (&self.answer, message.author)
        {
            set(&answer.name, name);
            set(&answer.stats, stats);
            set(&answer.state, state);
        }
    }

    /// Adds what is new of `added`, which begins at the byte `at`.
    pub(super) fn grow(&self, at: usize, added: &str) -> Result<(), Gap> {
        let here = self.text.read_untracked().len();
        let n_known = here.checked_sub(at).ok_or(Gap)?;
        if added.len() <= n_known {
            return Ok(());
        }
        let fresh = added.get(n_known..).ok_or(Gap)?;
        self.text.update(|text| text.grow(fresh));
        Ok(())
    }

    /// Whether more is to come. Wakes the caller when that changes.
    pub(crate) fn is_live(&self) -> bool {
        self.answer.as_ref().is_some_and(|answer| answer.state.with(AnswerState::is_live))
    }

    /// Whether a person said exactly this.
    pub(super) fn is_by_person(&self, text: &str) -> bool {
        self.answer.is_none() && **self.text.read_untracked() == *text
    }
}

fn set<T: PartialEq + Send + Sync + 'static>(signal: &ArcRwSignal<T>, value: T) {
    if *signal.read_untracked() != value {
        signal.set(value);
    }
}
