//! The hub's part about answers: begun, stopped, continued, followed.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use wick_protocol::{
    AnswerState, Author, ChatId, Finish, Fork, LONGEST_MESSAGE, Message, MessageId, Offer, Queued,
    Sampling,
};

use super::instructions::Instructions;
use super::models::Chosen;
use super::news::{News, SessionId};
use super::{Hub, Live, Refusal, owner};
use crate::chats::{NewTurn, Said, Spot, Thread, Unfinished};
use crate::engine::frame::{Role, Turn as PromptTurn};
use crate::engine::{Keep, ModelFile, Request};
use crate::turn::{Answer, Turn};

/// The longest key of a message, in bytes.
const LONGEST_KEY: usize = 100;

/// How long an answer that was stopped may take to end.
const ENDS_WITHIN: Duration = Duration::from_secs(10);

/// What a page shows of a chat.
pub struct Shown {
    /// The last message that stays as it is; `None` when none does.
    pub after: Option<MessageId>,
    /// What follows it, with what is being written as far as it is.
    pub messages: Vec<Message>,
    /// Where there are other versions of these.
    pub forks: Vec<Fork>,
    /// To follow what is being written.
    pub live: Option<watch::Receiver<Answer>>,
}

/// A text that can be said: neither empty nor too long.
pub(super) struct Text(String);

impl Text {
    pub(super) fn new(text: String) -> Result<Text, Refusal> {
        if text.trim().is_empty() {
            return Err(Refusal("The message is empty".into()));
        }
        if LONGEST_MESSAGE < text.len() {
            return Err(Refusal(format!(
                "The message has {} bytes and up to {LONGEST_MESSAGE} can be sent. Send a shorter one",
                text.len()
            )));
        }
        Ok(Text(text))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Hub {
    /// Saves a person's message and begins the answer, or lets it wait for the end of the one that
    /// is being written. A chat that it begins can be temporary and have instructions. Returns the
    /// chat.
    pub async fn say(
        &self,
        from: SessionId,
        key: String,
        chat: Option<ChatId>,
        text: String,
        (is_temporary, instructions): (bool, Option<String>),
    ) -> Result<ChatId, Refusal> {
        let text = Text::new(text)?;
        let instructions = instructions.map(Instructions::new).transpose()?.map(|it| it.0);
        if key.is_empty() || LONGEST_KEY < key.len() {
            return Err(Refusal(format!("A message has a key of 1 to {LONGEST_KEY} bytes")));
        }
        let _one_at_a_time = self.0.asking.lock().await;
        let model = match self.chosen_model().await {
            Err(Chosen::None(reason)) => return Err(Refusal(reason)),
            model => model,
        };
        let id = match chat {
            Some(chat) if self.is_writing(chat) => {
                self.queue(key, chat, text).await?;
                chat
            }
            _ => {
                let name = name(&model).to_owned();
                let spot = chat.map_or(Spot::New { is_temporary, instructions }, Spot::End);
                let say = move |db: &mut crate::chats::Db| db.say(&key, spot, text.as_str(), &name);
                match self.save(say).await? {
                    Said::Before(chat) => return Ok(chat),
                    Said::New(turn) => {
                        let id = turn.chat.id;
                        self.begin_turn(*turn, model);
                        id
                    }
                }
            }
        };
        self.draft(from, chat, String::new()).await?;
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
                if !anyway || offer == &Some(Offer::LoadAnyway) => {}
            Author::Model { state: AnswerState::Finished { why }, .. }
                if !anyway && why.can_go_on() => {}
            _ => return Err(Refusal("There is nothing to continue here".into())),
        }
        let name = name(&model).to_owned();
        let resume = move |db: &mut crate::chats::Db| db.resume(answer, &name);
        let Unfinished { answer, instructions, before } = self.save(resume).await?;
        let (id, chat) = (answer.id, answer.chat);
        let after = before.last().map(|it| it.id);
        // It may stand on a branch that is not shown.
        self.save(move |db| db.walk(id)).await?;
        let sampling = self.sampling();
        self.begin(&answer, turns(instructions, before), (model, sampling), anyway);
        self.news(News::Thread(chat, after));
        Ok(())
    }

    /// Stops an answer; what is there stays. One that ended already is left as it is.
    pub fn stop(&self, answer: MessageId) {
        self.stop_those(|id, _| id == answer);
    }

    /// Ends the thought of an answer: what the model has to say comes next. One that is not thinking
    /// is left as it is.
    pub fn answer_now(&self, answer: MessageId) {
        if let Some(live) = self.lock(&self.0.live).get(&answer) {
            live.hurry.notify_one();
        }
    }

    /// The messages of a chat behind this one, with what is being written in it as far as it is,
    /// and a receiver to follow that with: nothing is missing between the two and nothing is there
    /// twice.
    pub async fn thread(&self, chat: ChatId, after: Option<MessageId>) -> Result<Shown, Refusal> {
        // In this order: an answer that ends in between is then in both.
        let lives: Vec<_> = {
            let live = self.lock(&self.0.live);
            live.iter()
                .filter(|(_, it)| it.chat == chat)
                .map(|(id, it)| (*id, it.answer.clone()))
                .collect()
        };
        let thread = self.0.store.with(move |db| db.thread(chat)).await?;
        let (after, Thread { mut messages, forks }) = thread.after(after);
        // Of several versions that are being written one is shown, at the end.
        let mut live = None;
        for (id, mut receiver) in lives {
            if let Some(message) = messages.iter_mut().find(|message| message.id == id) {
                *message = shown(receiver.borrow_and_update().clone(), chat);
                live = Some(receiver);
            }
        }
        Ok(Shown { after, messages, forks, live })
    }

    /// Walks a chat to a message and tells everybody who shows it.
    pub async fn walk_to(&self, message: MessageId) -> Result<(), Refusal> {
        let chat = self.0.store.with(move |db| Ok(db.message(message)?.chat)).await?;
        let path = self.0.store.with(move |db| db.thread(chat)).await?.messages;
        if path.iter().any(|it| it.id == message) { Ok(()) } else { self.walk(message).await }
    }

    /// A message as it stands.
    pub async fn message(&self, message: MessageId) -> Result<Message, Refusal> {
        Ok(self.0.store.with(move |db| db.message(message)).await?)
    }

    /// What waits in a chat, and what is written for it and not sent.
    pub async fn waiting(&self, chat: Option<ChatId>) -> (Vec<Queued>, String) {
        let waiting = move |db: &mut crate::chats::Db| {
            let queued = chat.map(|chat| db.queued(chat)).transpose()?;
            Ok((queued.unwrap_or_default(), db.draft(chat)?))
        };
        self.0.store.with(waiting).await.unwrap_or_default()
    }

    /// An answer that is being written.
    pub fn follow(&self, answer: MessageId) -> Option<watch::Receiver<Answer>> {
        self.lock(&self.0.live).get(&answer).map(|live| live.answer.clone())
    }

    pub(super) fn is_writing(&self, chat: ChatId) -> bool {
        self.n_written(chat) != 0
    }

    /// How many answers are being written in a chat.
    pub(super) fn n_written(&self, chat: ChatId) -> usize {
        let is_writing = |live: &&Live| live.chat == chat && live.answer.borrow().state.is_live();
        self.lock(&self.0.live).values().filter(is_writing).count()
    }

    /// Stops what is being written in a chat and waits for its end.
    pub(super) async fn quiet(&self, chat: ChatId) {
        self.end_those(|_, live| live.chat == chat).await;
    }

    /// Stops these answers and waits for their end.
    pub(super) async fn end_those(&self, is_one: impl Fn(MessageId, &Live) -> bool) {
        for mut live in self.stop_those(is_one) {
            let ended = live.answer.wait_for(|answer| !answer.state.is_live());
            // It ends soon in any case; what is not saved by then is saved by itself.
            let _ = timeout(ENDS_WITHIN, ended).await;
        }
    }

    /// Stops these answers.
    pub(super) fn stop_those(&self, is_one: impl Fn(MessageId, &Live) -> bool) -> Vec<Live> {
        let all = self.lock(&self.0.live);
        let those =
            all.iter().filter(|(id, live)| is_one(**id, live)).map(|(_, live)| live.clone());
        those.inspect(|live| live.stop.cancel()).collect()
    }

    /// Tells of a new answer, and of the message before it, and begins to write it.
    pub(super) fn begin_turn(&self, turn: NewTurn, model: Result<ModelFile, Chosen>) {
        self.begin_turn_with(turn, model, self.sampling());
    }

    /// The same, with tokens chosen like this.
    pub(super) fn begin_turn_with(
        &self,
        turn: NewTurn,
        model: Result<ModelFile, Chosen>,
        sampling: Sampling,
    ) {
        let NewTurn { chat, after, instructions, before, answer } = turn;
        let id = chat.id;
        self.tell_chat(chat);
        self.begin(&answer, turns(instructions, before), (model, sampling), false);
        self.news(News::Thread(id, after));
    }

    fn begin(
        &self,
        message: &Message,
        turns: Vec<PromptTurn>,
        (model, sampling): (Result<ModelFile, Chosen>, Sampling),
        anyway: bool,
    ) {
        let chat = message.chat;
        let name = name(&model).to_owned();
        let request = match model {
            Ok(model) => Ok(Request {
                model,
                owner: owner(chat),
                turns,
                begun: message.text.clone(),
                sampling,
                ignore_end: false,
                keep: if chat.is_temporary() { Keep::InMemory } else { Keep::Parked },
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
        let (stop, ended) = (CancellationToken::new(), receiver.clone());
        let hurry = Arc::new(Notify::new());
        let (stops, hurries) = (stop.clone(), hurry.clone());
        let live = Live { chat, answer: receiver.clone(), stop: stops, hurry: hurries };
        self.lock(&self.0.live).insert(message.id, live);
        let (hub, store, closing) = (self.clone(), self.0.store.clone(), self.0.closing.clone());
        let saved = {
            let hub = self.clone();
            Box::new(move || {
                // It may be gone on with already.
                let is_this = |live: &Live| live.answer.same_channel(&receiver);
                hub.lock(&hub.0.live).retain(|_, live| !is_this(live));
            })
        };
        let storage = {
            let hub = self.clone();
            Box::new(move |result| hub.tell_storage(result))
        };
        self.0.turns.spawn(async move {
            Turn { answer, stop, hurry, closing, store, storage, saved }
                .write(&hub.0.engine, request)
                .await;
            hub.ended(chat, ended).await;
        });
    }

    /// An answer has ended: what waits comes next, and a chat without a name gets one.
    async fn ended(&self, chat: ChatId, answer: watch::Receiver<Answer>) {
        let state = answer.borrow().state.clone();
        match state {
            // Whoever stops an answer wants to look at it first.
            AnswerState::Finished { why: Finish::Stopped } | AnswerState::Interrupted { .. } => {}
            _ => {
                if let Err(Refusal(reason)) = self.send_queued(chat).await {
                    tracing::warn!("what waits was not sent: {reason}");
                }
                self.name_chat(chat).await;
            }
        }
    }
}

/// An answer as a page gets it.
pub fn shown(answer: Answer, chat: ChatId) -> Message {
    let Answer { id, model: name, text, state, stats } = answer;
    Message { id, chat, author: Author::Model { name, state, stats }, text }
}

pub(super) fn name(model: &Result<ModelFile, Chosen>) -> &str {
    match model {
        Ok(model) => &model.name,
        Err(Chosen::Unusable { name, .. }) => name,
        Err(Chosen::None(_)) => "",
    }
}

/// What the model gets to read. Answers without a word are left out, and the message before
/// them with it stays: a model that saw two messages in a row answers the last.
pub(super) fn turns(instructions: String, messages: Vec<Message>) -> Vec<PromptTurn> {
    let said = messages.into_iter().map(|message| PromptTurn {
        role: match message.author {
            Author::Person => Role::User,
            Author::Model { .. } => Role::Assistant,
        },
        text: message.text,
    });
    let instructions = PromptTurn { role: Role::System, text: instructions };
    std::iter::once(instructions).chain(said).filter(|turn| !turn.text.is_empty()).collect()
}
