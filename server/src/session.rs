//! One browser connection: hears what the page asks, tells what happens.

mod following;
mod obeying;

use std::time::Duration;

use futures_util::{Sink, SinkExt, Stream, StreamExt};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, interval_at, timeout};
use wick_protocol::{ChatId, ClientMessage, Engine, MessageId, Reached, Seen, ServerMessage};

use self::following::{Following, changed};
use self::obeying::Trouble;
use crate::access::Pass;
use crate::hub::{Ear, Hub, News, Numbered, Refusal, SessionId, Showing, Shown};

/// What a session waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How often the connection is tried when nothing happens.
    pub ping_every: Duration,
    /// A page that takes nothing for so long is gone; it gets everything anew when it comes back.
    pub takes_within: Duration,
}

/// What is sent to a browser.
pub enum Frame {
    /// A message as JSON.
    Text(String),
    /// A sign of life is asked for.
    Ping,
}

/// A page says where it stands within this time.
const HELLO_WITHIN: Duration = Duration::from_secs(10);

/// Serves a connection to its end, or until its pass is worth nothing. The stream gives the text of
/// messages.
pub async fn run<I, O>(mut input: I, mut output: O, (hub, pass): (Hub, Pass), patience: Patience)
where
    I: Stream<Item = String> + Unpin,
    O: Sink<Frame> + Unpin,
{
    let gone = pass.gone.clone();
    let hello = tokio::select! {
        () = gone.cancelled() => None,
        hello = hello(&mut input, &mut output) => hello,
    };
    let Some((seen, place)) = hello else { return };
    let Ear { session, seen, missed, news } = hub.listen(seen);
    let engine = hub.engine();
    let session = Session {
        output,
        id: session,
        pass,
        hub,
        patience,
        news,
        engine,
        chat: None,
        showing: None,
        following: None,
    };
    // The other end is gone: there is nobody to tell.
    tokio::select! {
        () = gone.cancelled() => (),
        _ = session.serve(input, (seen, missed), place) => (),
    }
}

/// What a page shows: a chat, and how far it is in its last message.
type Standing = (Option<ChatId>, Option<Reached>);

/// Hears where the page stands; `None` when it goes without saying so.
async fn hello(
    input: &mut (impl Stream<Item = String> + Unpin),
    output: &mut (impl Sink<Frame> + Unpin),
) -> Option<(Option<Seen>, Standing)> {
    let text = timeout(HELLO_WITHIN, input.next()).await.ok().flatten()?;
    if let Ok(ClientMessage::Hello { seen, chat, reached }) = serde_json::from_str(&text) {
        return Some((seen, (chat, reached)));
    }
    let reason = "The page did not say where it stands. Reload it".into();
    let text = serde_json::to_string(&ServerMessage::Refused { key: None, reason }).ok()?;
    let _ = timeout(HELLO_WITHIN, output.send(Frame::Text(text))).await;
    None
}

struct Session<O> {
    output: O,
    id: SessionId,
    pass: Pass,
    hub: Hub,
    patience: Patience,
    news: broadcast::Receiver<Numbered>,
    engine: watch::Receiver<Engine>,
    /// What the page shows.
    chat: Option<ChatId>,
    /// Keeps that from going, where it is temporary.
    showing: Option<Showing>,
    following: Option<Following>,
}

/// The page is gone or takes nothing any more.
struct Gone;

/// What a session meets.
enum Event {
    /// The page asks for something.
    Said(String),
    /// All hear this.
    News(Numbered),
    /// More was said to all than is kept.
    Missed,
    /// The engine is another one, or does something else.
    Engine,
    /// There is news of the answer that the page follows, and may be more.
    Followed { has_more: bool },
    /// Nothing happened for a while.
    Silence,
}

impl<O: Sink<Frame> + Unpin> Session<O> {
    async fn serve(
        mut self,
        mut input: impl Stream<Item = String> + Unpin,
        (seen, missed): (Seen, Option<Vec<Numbered>>),
        standing: Standing,
    ) -> Result<(), Gone> {
        let closing = self.hub.closing().clone();
        let every = self.patience.ping_every;
        let mut ping = interval_at(Instant::now() + every, every);
        // What takes a moment only is put elsewhere meanwhile, here and below: thousands of pages may rest.
        match missed {
            Some(missed) => Box::pin(self.go_on(missed, standing)).await?,
            None => Box::pin(self.welcome(seen, standing.0)).await?,
        }
        loop {
            let event = tokio::select! {
                () = closing.cancelled() => return Ok(()),
                text = input.next() => match text {
                    Some(text) => Event::Said(text),
                    None => return Ok(()),
                },
                news = self.news.recv() => match news {
                    Ok(news) => Event::News(news),
                    Err(RecvError::Lagged(_)) => Event::Missed,
                    Err(RecvError::Closed) => return Ok(()),
                },
                changed = self.engine.changed() => match changed {
                    Ok(()) => Event::Engine,
                    Err(_) => return Ok(()),
                },
                has_more = changed(&mut self.following) => Event::Followed { has_more },
                _ = ping.tick() => Event::Silence,
            };
            Box::pin(self.meet(event)).await?;
        }
    }

    async fn meet(&mut self, event: Event) -> Result<(), Gone> {
        match event {
            Event::Said(text) => self.hear(&text).await,
            Event::News(news) => self.pass_on(&news).await,
            Event::Missed => self.begin_again().await,
            Event::Engine => {
                let engine = self.engine.borrow_and_update().clone();
                self.tell(&ServerMessage::EngineChanged { engine }).await
            }
            Event::Followed { has_more } => self.advance(has_more).await,
            Event::Silence => self.send(Frame::Ping).await,
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
        let key = match &message {
            ClientMessage::Say { key, .. } | ClientMessage::Edit { key, .. } => Some(key.clone()),
            _ => None,
        };
        match self.obey(message).await {
            Ok(Some(answer)) => self.tell(&answer).await,
            Ok(None) => Ok(()),
            Err(Trouble::Refused(Refusal(reason))) => {
                self.tell(&ServerMessage::Refused { key, reason }).await
            }
            Err(Trouble::Gone(gone)) => Err(gone),
        }
    }

    /// Shows everything anew.
    async fn welcome(&mut self, seen: Seen, chat: Option<ChatId>) -> Result<(), Gone> {
        let welcome = self.hub.welcome(seen).await;
        self.tell(&welcome).await?;
        self.open(chat).await
    }

    /// Goes on with a page that comes back, from where it stands.
    async fn go_on(&mut self, missed: Vec<Numbered>, standing: Standing) -> Result<(), Gone> {
        let engine = self.engine.borrow_and_update().clone();
        self.tell(&ServerMessage::Resumed { engine }).await?;
        let (chat, reached) = standing;
        self.show(chat);
        let is_other = |it: &Numbered| matches!(it.1, News::Thread(id, _) if Some(id) == chat);
        let is_same = !missed.iter().any(is_other);
        for news in &missed {
            if !matches!(news.1, News::Thread(..) | News::Draft(..)) {
                self.pass_on(news).await?;
            }
        }
        match (chat, reached) {
            (Some(chat), Some(reached)) if is_same => self.catch_up(chat, reached).await,
            (Some(chat), _) => self.change_thread(chat, None).await,
            (None, _) => Ok(()),
        }
    }

    /// The page has all of the chat but what the last message grew by.
    async fn catch_up(&mut self, chat: ChatId, reached: Reached) -> Result<(), Gone> {
        if let Some(answer) = self.hub.follow(reached.message) {
            if !answer.borrow().text.is_char_boundary(reached.at) {
                // It says that it has what there is not.
                return self.change_thread(chat, None).await;
            }
            self.following = Some(Following::from(answer, reached.at));
            return self.advance(true).await;
        }
        match self.hub.message(reached.message).await {
            Ok(message) => self.tell(&ServerMessage::MessageChanged { message }).await,
            Err(_) => self.change_thread(chat, None).await,
        }
    }

    fn show(&mut self, chat: Option<ChatId>) {
        self.following = None;
        self.chat = chat;
        self.showing = chat.and_then(|chat| self.hub.showing(chat));
    }

    async fn open(&mut self, chat: Option<ChatId>) -> Result<(), Gone> {
        self.show(chat);
        let shown = match chat {
            Some(chat) => Some(self.hub.thread(chat, None).await),
            None => None,
        };
        let (messages, forks, refusal) = match shown {
            None => (Vec::new(), Vec::new(), None),
            Some(Ok(Shown { messages, forks, live, .. })) => {
                self.following = live.and_then(|live| Following::behind(&messages, live));
                (messages, forks, None)
            }
            Some(Err(refusal)) => {
                self.show(None);
                (Vec::new(), Vec::new(), Some(refusal))
            }
        };
        let (chat, (queue, draft)) = (self.chat, self.hub.waiting(self.chat).await);
        let instructions = self.hub.instructions(chat).await;
        self.tell(&ServerMessage::Thread { chat, messages, forks, queue, draft, instructions })
            .await?;
        match refusal {
            Some(Refusal(reason)) => self.tell(&ServerMessage::Refused { key: None, reason }).await,
            None => Ok(()),
        }
    }

    /// Tells the page what concerns it.
    async fn pass_on(&mut self, news: &Numbered) -> Result<(), Gone> {
        let (number, news) = (news.0, &news.1);
        let what = match news {
            News::Said(message) => (**message).clone(),
            News::Thread(chat, after) if self.chat == Some(*chat) => {
                match self.changed_thread(*chat, *after).await {
                    Some(message) => message,
                    // It is gone, which is news of its own.
                    None => return Ok(()),
                }
            }
            News::Queue(chat) if self.chat == Some(*chat) => {
                let (queue, _) = self.hub.waiting(self.chat).await;
                ServerMessage::QueueChanged { chat: *chat, queue }
            }
            News::Draft(from, chat) if *from != self.id && self.chat == *chat => {
                let (_, text) = self.hub.waiting(*chat).await;
                ServerMessage::DraftChanged { chat: *chat, text }
            }
            News::Instructions(chat) if self.chat == *chat => {
                let text = self.hub.instructions(*chat).await;
                ServerMessage::InstructionsChanged { chat: *chat, text }
            }
            News::Access => self.hub.show_access(self.pass.device),
            News::Presets => ServerMessage::PresetsChanged { presets: self.hub.presets().await },
            News::Thread(..) | News::Queue(_) | News::Draft(..) | News::Instructions(_) => {
                return Ok(());
            }
        };
        self.tell(&ServerMessage::News { number, what: Box::new(what) }).await
    }

    async fn change_thread(&mut self, chat: ChatId, after: Option<MessageId>) -> Result<(), Gone> {
        match self.changed_thread(chat, after).await {
            Some(message) => self.tell(&message).await,
            None => Ok(()),
        }
    }

    /// What follows this message now; what is told of an answer in it from here on comes from the
    /// answer itself.
    async fn changed_thread(
        &mut self,
        chat: ChatId,
        after: Option<MessageId>,
    ) -> Option<ServerMessage> {
        let Shown { after, messages, forks, live } = self.hub.thread(chat, after).await.ok()?;
        let is_followed = |it: &Following| after.is_some_and(|after| it.message() <= after);
        if !self.following.as_ref().is_some_and(is_followed) {
            self.following = live.and_then(|live| Following::behind(&messages, live));
        }
        Some(ServerMessage::ThreadChanged { chat, after, messages, forks })
    }

    /// The page fell behind: it gets everything anew.
    async fn begin_again(&mut self) -> Result<(), Gone> {
        let Ear { seen, news, .. } = self.hub.listen(None);
        self.news = news;
        self.welcome(seen, self.chat).await
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
        match timeout(self.patience.takes_within, self.output.send(frame)).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(Gone),
        }
    }
}
