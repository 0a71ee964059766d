//! What a page does not have yet of the answer that it sees being written.

use tokio::sync::watch;
use wick_protocol::{AnswerState, Author, ChatId, Message, MessageId, ServerMessage};

use crate::hub::shown;
use crate::turn::Answer;

/// The answer that the page sees being written.
pub(super) struct Following {
    answer: watch::Receiver<Answer>,
    /// What the page knows of it: its text up to here, and its state.
    n_sent: usize,
    state: Option<AnswerState>,
}

impl Following {
    /// Follows an answer of which the page has so many bytes and nobody knows which state.
    pub(super) fn from(answer: watch::Receiver<Answer>, n_sent: usize) -> Following {
        Following { answer, n_sent, state: None }
    }

    /// The answer.
    pub(super) fn message(&self) -> MessageId {
        self.answer.borrow().id
    }

    /// Follows an answer from what the page was just sent of it.
    pub(super) fn behind(sent: &[Message], answer: watch::Receiver<Answer>) -> Option<Following> {
        let id = answer.borrow().id;
        let message = sent.iter().find(|message| message.id == id)?;
        match &message.author {
            Author::Model { state, .. } if state.is_live() => {
                Some(Following { answer, n_sent: message.text.len(), state: Some(state.clone()) })
            }
            _ => None,
        }
    }

    /// What is new: text that was added, the whole message when it ended, else its state.
    pub(super) fn take_news(
        &mut self,
        chat: ChatId,
    ) -> (Option<ServerMessage>, Option<Message>, Option<(MessageId, AnswerState)>) {
        let answer = self.answer.borrow_and_update();
        let (id, at) = (answer.id, self.n_sent);
        let delta = (at < answer.text.len()).then(|| ServerMessage::Delta {
            message: id,
            at,
            text: answer.text[at..].to_owned(),
        });
        self.n_sent = answer.text.len();
        let is_new = self.state.as_ref() != Some(&answer.state);
        let state = is_new.then(|| (id, answer.state.clone()));
        self.state = Some(answer.state.clone());
        let message = (!answer.state.is_live()).then(|| shown(answer.clone(), chat));
        (delta, message, state)
    }
}

/// Waits for news of the answer; false when it has ended and they are the last.
pub(super) async fn changed(following: &mut Option<Following>) -> bool {
    match following {
        Some(following) => following.answer.changed().await.is_ok(),
        None => std::future::pending().await,
    }
}
