//! One browser connection: hears what the page asks, tells what happens.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{Sink, SinkExt, Stream, StreamExt};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, interval_at, timeout};
use wick_protocol::{
    AnswerState, Author, ChatId, ClientMessage, Engine, Message, MessageId, ServerMessage,
};

use crate::hub::{Hub, Refusal, shown};
use crate::turn::Answer;

/// A page that takes nothing for so long is gone; it gets everything anew when it comes back.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often the connection is tried when nothing happens.
const PING_EVERY: Duration = Duration::from_secs(20);

/// What is sent to a browser.
pub enum Frame {
    /// A message as JSON.
    Text(String),
    /// A sign of life is asked for.
    Ping,
}

/// Serves a connection to its end. The stream gives the text of messages.
pub async fn run<I, O>(input: I, output: O, hub: Hub)
where
    I: Stream<Item = String> + Unpin,
    O: Sink<Frame> + Unpin,
{
    let news = hub.news();
    let engine = hub.engine();
    let session = Session { output, hub, news, engine, chat: None, following: None };
    // The other end is gone: there is nobody to tell.
    let _ = session.serve(input).await;
}

struct Session<O> {
    output: O,
    hub: Hub,
    news: broadcast::Receiver<Arc<ServerMessage>>,
    engine: watch::Receiver<Engine>,
    /// What the page shows.
    chat: Option<ChatId>,
    following: Option<Following>,
}

/// The answer that the page sees being written.
struct Following {
    answer: watch::Receiver<Answer>,
    /// What the page knows of it: its text up to here, and its state.
    n_sent: usize,
    state: AnswerState,
}

/// The page is gone or takes nothing any more.
struct Gone;

impl<O: Sink<Frame> + Unpin> Session<O> {
    async fn serve(mut self, mut input: impl Stream<Item = String> + Unpin) -> Result<(), Gone> {
        let closing = self.hub.closing().clone();
        let mut ping = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        let welcome = self.hub.welcome().await;
        self.tell(&welcome).await?;
        loop {
            tokio::select! {
                () = closing.cancelled() => return Ok(()),
                text = input.next() => match text {
                    Some(text) => self.hear(&text).await?,
                    None => return Ok(()),
                },
                news = self.news.recv() => match news {
                    Ok(news) => self.pass_on(&news).await?,
                    Err(RecvError::Lagged(_)) => self.begin_again().await?,
                    Err(RecvError::Closed) => return Ok(()),
                },
                changed = self.engine.changed() => {
                    if changed.is_err() {
                        return Ok(());
                    }
                    let engine = self.engine.borrow_and_update().clone();
                    self.tell(&ServerMessage::EngineChanged { engine }).await?;
                }
                changed = changed(&mut self.following) => self.advance(changed).await?,
                _ = ping.tick() => self.send(Frame::Ping).await?,
            }
        }
    }

    async fn hear(&mut self, text: &str) -> Result<(), Gone> {
        let message = match serde_json::from_str(text) {
            Ok(message) => message,
            Err(err) => {
                let reason = format!("The page asked for something that Wick does not know: {err}");
                return self.tell(&ServerMessage::Refused { key: None, reason }).await;
            }
        };
        let mut key = None;
        let done = match message {
            ClientMessage::Open { chat } => return self.open(chat).await,
            ClientMessage::Say { key: name, chat, text } => {
                key = Some(name.clone());
                match self.hub.say(name.clone(), chat, text).await {
                    Ok(chat) => {
                        return self.tell(&ServerMessage::Accepted { key: name, chat }).await;
                    }
                    Err(refusal) => Err(refusal),
                }
            }
            ClientMessage::Stop { message } => {
                self.hub.stop(message);
                Ok(())
            }
            ClientMessage::Continue { message } => self.hub.go_on(message).await,
            ClientMessage::LoadAnyway { message } => self.hub.load_anyway(message).await,
            ClientMessage::Rename { chat, title } => self.hub.rename(chat, &title).await,
            ClientMessage::Delete { chat } => self.hub.delete(chat).await,
            ClientMessage::Restore { chat } => self.hub.restore(chat).await,
            ClientMessage::ChooseModel { model } => self.hub.choose_model(model).await,
            ClientMessage::SetSampling { sampling } => self.hub.set_sampling(sampling).await,
            ClientMessage::LookForModels => {
                self.hub.look_for_models().await;
                Ok(())
            }
            ClientMessage::Rest => self.hub.rest().await,
            ClientMessage::GetStarter => {
                self.hub.get_starter();
                Ok(())
            }
        };
        match done {
            Ok(()) => Ok(()),
            Err(Refusal(reason)) => self.tell(&ServerMessage::Refused { key, reason }).await,
        }
    }

    async fn open(&mut self, chat: Option<ChatId>) -> Result<(), Gone> {
        self.following = None;
        self.chat = chat;
        let Some(id) = chat else {
            return self.tell(&ServerMessage::Thread { chat: None, messages: Vec::new() }).await;
        };
        match self.hub.thread(id).await {
            Ok((messages, answer)) => {
                self.following = answer.and_then(|answer| Following::behind(&messages, answer));
                self.tell(&ServerMessage::Thread { chat, messages }).await
            }
            Err(Refusal(reason)) => {
                self.chat = None;
                self.tell(&ServerMessage::Thread { chat: None, messages: Vec::new() }).await?;
                self.tell(&ServerMessage::Refused { key: None, reason }).await
            }
        }
    }

    /// Tells the page what concerns it.
    async fn pass_on(&mut self, news: &ServerMessage) -> Result<(), Gone> {
        let ServerMessage::MessageChanged { message } = news else {
            return self.tell(news).await;
        };
        if self.chat != Some(message.chat) {
            return Ok(());
        }
        if matches!(message.author, Author::Person) {
            return self.tell(news).await;
        }
        // An answer began: what is told of it from here on comes from itself.
        match self.hub.follow(message.chat) {
            Some(mut receiver) => {
                let answer = receiver.borrow_and_update().clone();
                let message = shown(answer, message.chat);
                let messages = std::slice::from_ref(&message);
                self.following = Following::behind(messages, receiver);
                self.tell(&ServerMessage::MessageChanged { message }).await
            }
            // It ended already: it is saved.
            None => self.open(self.chat).await,
        }
    }

    /// The page fell behind: it gets everything anew.
    async fn begin_again(&mut self) -> Result<(), Gone> {
        let welcome = self.hub.welcome().await;
        self.tell(&welcome).await?;
        self.open(self.chat).await
    }

    /// Tells the page what it does not have yet of the answer that it sees being written.
    async fn advance(&mut self, has_more: bool) -> Result<(), Gone> {
        let (Some(following), Some(chat)) = (&mut self.following, self.chat) else { return Ok(()) };
        let (delta, message, state) = following.take_news(chat);
        let is_over = !has_more || message.is_some();
        if let Some(delta) = delta {
            self.tell(&delta).await?;
        }
        if let Some(message) = message {
            self.tell(&ServerMessage::MessageChanged { message }).await?;
        } else if let Some((message, state)) = state {
            self.tell(&ServerMessage::StateChanged { message, state }).await?;
        }
        if is_over {
            self.following = None;
        }
        Ok(())
    }

    async fn tell(&mut self, message: &ServerMessage) -> Result<(), Gone> {
        let text = serde_json::to_string(message).map_err(|_| Gone)?;
        self.send(Frame::Text(text)).await
    }

    async fn send(&mut self, frame: Frame) -> Result<(), Gone> {
        match timeout(PATIENCE, self.output.send(frame)).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(Gone),
        }
    }
}

impl Following {
    /// Follows an answer from what the page was just sent of it.
    fn behind(sent: &[Message], answer: watch::Receiver<Answer>) -> Option<Following> {
        let id = answer.borrow().id;
        let message = sent.iter().find(|message| message.id == id)?;
        match &message.author {
            Author::Model { state, .. } if state.is_live() => {
                Some(Following { answer, n_sent: message.text.len(), state: state.clone() })
            }
            _ => None,
        }
    }

    /// What is new: text that was added, the whole message when it ended, else its state.
    fn take_news(
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
        let state = (self.state != answer.state).then(|| (id, answer.state.clone()));
        self.state = answer.state.clone();
        let message = (!answer.state.is_live()).then(|| shown(answer.clone(), chat));
        (delta, message, state)
    }
}

/// Waits for news of the answer; false when it has ended and they are the last.
async fn changed(following: &mut Option<Following>) -> bool {
    match following {
        Some(following) => following.answer.changed().await.is_ok(),
        None => std::future::pending().await,
    }
}
