//! The hub's part about answers: begun, stopped, continued, followed.

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use wick_protocol::{
    AnswerState, Author, ChatId, LONGEST_MESSAGE, Message, MessageId, Offer, ServerMessage,
};

use super::models::Chosen;
use super::{Hub, Live, Refusal, owner};
use crate::chats::{NewTurn, Said, Unfinished};
use crate::engine::frame::{Role, Turn as PromptTurn};
use crate::engine::{ModelFile, Request};
use crate::turn::{Answer, Turn};

impl Hub {
    /// Saves a person's message and begins the answer. Returns the chat, which may be new.
    pub async fn say(
        &self,
        key: String,
        chat: Option<ChatId>,
        text: String,
    ) -> Result<ChatId, Refusal> {
        if text.trim().is_empty() || key.is_empty() || 100 < key.len() {
            return Err(Refusal("The message is empty".into()));
        }
        if LONGEST_MESSAGE < text.len() {
            return Err(Refusal(format!(
                "The message has {} bytes and up to {LONGEST_MESSAGE} can be sent. Send a shorter one",
                text.len()
            )));
        }
        let _one_at_a_time = self.0.asking.lock().await;
        if let Some(chat) = chat
            && self.is_writing(chat)
        {
            return Err(Refusal(
                "An answer is being written here. Stop it or wait for its end".into(),
            ));
        }
        let model = match self.chosen_model().await {
            Err(Chosen::None(reason)) => return Err(Refusal(reason)),
            model => model,
        };
        let name = name(&model).to_owned();
        let said = self.save(move |db| db.say(&key, chat, &text, &name)).await?;
        let (chat, message, answer) = match said {
            Said::Before(chat) => return Ok(chat),
            Said::New(new) => {
                let NewTurn { chat, message, answer } = *new;
                (chat, message, answer)
            }
        };
        let id = chat.id;
        self.tell(ServerMessage::ChatChanged { chat });
        self.tell(ServerMessage::MessageChanged { message });
        let mut before = self.saved_thread(id).await?;
        before.retain(|message| message.id != answer.id);
        self.begin(answer, before, model, false);
        Ok(id)
    }

    /// Goes on with an answer that ended early, with the model that is chosen now.
    pub async fn go_on(&self, answer: MessageId) -> Result<(), Refusal> {
        self.resume(answer, false).await
    }

    /// The same, and loads the model even if it seems to need more memory than there is.
    pub async fn load_anyway(&self, answer: MessageId) -> Result<(), Refusal> {
        self.resume(answer, true).await
    }

    async fn resume(&self, answer: MessageId, anyway: bool) -> Result<(), Refusal> {
        let model = match self.chosen_model().await {
            Err(Chosen::None(reason)) => return Err(Refusal(reason)),
            model => model,
        };
        let _one_at_a_time = self.0.asking.lock().await;
        let saved = self.0.store.with(move |db| db.message(answer)).await?;
        if self.is_writing(saved.chat) {
            return Err(Refusal("An answer is being written here already".into()));
        }
        match &saved.author {
            Author::Model { state: AnswerState::Interrupted { offer, .. }, .. }
                if !anyway || *offer == Some(Offer::LoadAnyway) => {}
            Author::Model { state: AnswerState::Finished { why }, .. }
                if !anyway && why.is_early() => {}
            _ => return Err(Refusal("There is nothing to continue here".into())),
        }
        let name = name(&model).to_owned();
        let Unfinished { answer, before } = self.save(move |db| db.resume(answer, &name)).await?;
        self.begin(answer, before, model, anyway);
        Ok(())
    }

    /// Stops an answer; what is there stays. One that ended already is left as it is.
    pub fn stop(&self, answer: MessageId) {
        let live = self.lock(&self.0.live);
        if let Some(live) = live.values().find(|live| live.id == answer) {
            live.stop.cancel();
        }
    }

    /// The messages of a chat, with what is being written in it as far as it is, and a receiver
    /// to follow that with: nothing is missing between the two and nothing is there twice.
    pub async fn thread(
        &self,
        chat: ChatId,
    ) -> Result<(Vec<Message>, Option<watch::Receiver<Answer>>), Refusal> {
        // In this order: an answer that ends in between is then in both.
        let live = self.follow(chat);
        let mut messages = self.0.store.with(move |db| db.thread(chat)).await?;
        if let Some(mut receiver) = live {
            let answer = receiver.borrow_and_update().clone();
            if let Some(message) = messages.iter_mut().find(|message| message.id == answer.id) {
                *message = shown(answer, chat);
            }
            return Ok((messages, Some(receiver)));
        }
        Ok((messages, None))
    }

    /// The answer that is being written in a chat.
    pub fn follow(&self, chat: ChatId) -> Option<watch::Receiver<Answer>> {
        self.lock(&self.0.live).get(&chat).map(|live| live.answer.clone())
    }

    fn is_writing(&self, chat: ChatId) -> bool {
        self.follow(chat).is_some_and(|answer| answer.borrow().state.is_live())
    }

    async fn saved_thread(&self, chat: ChatId) -> Result<Vec<Message>, Refusal> {
        Ok(self.0.store.with(move |db| db.thread(chat)).await?)
    }

    fn begin(
        &self,
        message: Message,
        before: Vec<Message>,
        model: Result<ModelFile, Chosen>,
        anyway: bool,
    ) {
        let chat = message.chat;
        let name = name(&model).to_owned();
        let request = match model {
            Ok(model) => Ok(Request {
                model,
                owner: owner(chat),
                turns: turns(before),
                begun: message.text.clone(),
                sampling: self.choices().sampling.clone(),
                ignore_end: false,
                anyway,
            }),
            Err(Chosen::None(reason) | Chosen::Unusable { reason, .. }) => Err(reason),
        };
        let (answer, receiver) = watch::channel(Answer {
            id: message.id,
            model: name,
            text: message.text.clone(),
            state: AnswerState::Waiting { ahead: 0 },
            stats: None,
        });
        let stop = CancellationToken::new();
        let live = Live { id: message.id, answer: receiver.clone(), stop: stop.clone() };
        self.lock(&self.0.live).insert(chat, live);
        self.tell(ServerMessage::MessageChanged { message });
        let (hub, store, closing) = (self.clone(), self.0.store.clone(), self.0.closing.clone());
        let saved = {
            let hub = self.clone();
            Box::new(move || {
                // The next answer of this chat may be there already.
                let is_this = |live: &Live| live.answer.same_channel(&receiver);
                hub.lock(&hub.0.live).retain(|_, live| !is_this(live));
            })
        };
        let storage = {
            let hub = self.clone();
            Box::new(move |result| hub.tell_storage(result))
        };
        self.0.turns.spawn(async move {
            Turn { answer, stop, closing, store, storage, saved }
                .write(&hub.0.engine, request)
                .await;
        });
    }
}

/// An answer as a page gets it.
pub fn shown(answer: Answer, chat: ChatId) -> Message {
    let Answer { id, model: name, text, state, stats } = answer;
    Message { id, chat, author: Author::Model { name, state, stats }, text }
}

fn name(model: &Result<ModelFile, Chosen>) -> &str {
    match model {
        Ok(model) => &model.name,
        Err(Chosen::Unusable { name, .. }) => name,
        Err(Chosen::None(_)) => "",
    }
}

/// What the model gets to read. Answers without a word are left out, and the message before
/// them with it stays: a model that saw two messages in a row answers the last.
fn turns(messages: Vec<Message>) -> Vec<PromptTurn> {
    messages
        .into_iter()
        .filter(|message| !message.text.is_empty())
        .map(|message| PromptTurn {
            role: match message.author {
                Author::Person => Role::User,
                Author::Model { .. } => Role::Assistant,
            },
            text: message.text,
        })
        .collect()
}
