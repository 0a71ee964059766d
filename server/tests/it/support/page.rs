//! A page that talks to a running Wick.

use std::time::Instant;

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use wick_protocol::{
    AnswerState, Author, ChatId, ClientMessage, Engine, Memory, Message, Model, Sampling, Seen,
    ServerMessage, Stage,
};

use super::{PATIENCE, state};

/// A WebSocket of a page.
pub type Socket = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

/// A page: what it shows, as the real one would.
pub struct Page {
    socket: Socket,
    pub chat: Option<ChatId>,
    /// Where it stands in the news.
    pub seen: Option<Seen>,
    /// The answer that is shown last.
    pub shown: Option<Message>,
    /// When its text became how long, since the page showed the chat.
    pub grew: Vec<(Instant, usize)>,
    pub engine: Option<Engine>,
    pub models: Vec<Model>,
    n_said: u32,
}

impl Page {
    pub fn new(socket: Socket) -> Page {
        let (chat, seen, shown, engine, models) = (None, None, None, None, Vec::new());
        Page { socket, chat, seen, shown, grew: Vec::new(), engine, models, n_said: 0 }
    }

    /// The same page with another connection.
    pub fn over(self, socket: Socket) -> Page {
        Page { socket, ..self }
    }

    /// Loses its connection, as by a cable that is pulled.
    pub async fn cut(&mut self) {
        if let MaybeTlsStream::Plain(socket) = self.socket.get_mut() {
            // It may be gone already.
            let _ = tokio::io::AsyncWriteExt::shutdown(socket).await;
        }
    }

    /// Asks for something.
    pub async fn ask(&mut self, message: ClientMessage) {
        let text = serde_json::to_string(&message).unwrap();
        self.socket.send(Frame::text(text)).await.unwrap();
    }

    /// The next message, shown.
    pub async fn next(&mut self) -> ServerMessage {
        // Pings are no messages: a page that waits for what never comes fails.
        let text = async {
            loop {
                if let Frame::Text(text) = self.socket.next().await.unwrap().unwrap() {
                    break text;
                }
            }
        };
        let text = tokio::time::timeout(PATIENCE, text).await.expect("nothing came for a minute");
        let message = match serde_json::from_str(&text).unwrap() {
            ServerMessage::News { number, what } => {
                let seen = self.seen.as_mut().expect("news come after a welcome");
                assert!(seen.number < number, "news {number} came twice");
                seen.number = number;
                *what
            }
            message => message,
        };
        self.show(&message);
        message
    }

    /// Waits until the server ends the connection.
    pub async fn until_cut_off(&mut self) {
        let ended = async { while let Some(Ok(_)) = self.socket.next().await {} };
        tokio::time::timeout(PATIENCE, ended).await.expect("it was not cut off for a minute");
    }

    /// Messages until one is what is waited for.
    pub async fn until<T>(&mut self, mut is_it: impl FnMut(&ServerMessage) -> Option<T>) -> T {
        loop {
            if let Some(it) = is_it(&self.next().await) {
                return it;
            }
        }
    }

    /// Why the next thing that is refused was.
    pub async fn refusal(&mut self) -> String {
        self.until(|message| match message {
            ServerMessage::Refused { reason, .. } => Some(reason.clone()),
            _ => None,
        })
        .await
    }

    /// Opens a chat.
    pub async fn open(&mut self, chat: ChatId) {
        self.chat = Some(chat);
        self.ask(ClientMessage::Open { chat: Some(chat), message: None }).await;
        self.until(|message| matches!(message, ServerMessage::Thread { .. }).then_some(())).await;
    }

    /// Says something in the open chat or a new one, and sees the chat.
    pub async fn say(&mut self, text: &str) {
        self.say_in(text, None).await;
    }

    /// Begins a chat with these instructions, and sees it.
    pub async fn begin(&mut self, text: &str, instructions: &str) {
        assert_eq!(self.chat, None);
        self.say_in(text, Some(instructions.into())).await;
    }

    async fn say_in(&mut self, text: &str, instructions: Option<String>) {
        self.n_said += 1;
        let key = format!("{}-{:?}", self.n_said, std::time::Instant::now());
        let (chat, text) = (self.chat, text.to_owned());
        self.ask(ClientMessage::Say { key, chat, text, is_temporary: false, instructions }).await;
        let chat = self
            .until(|message| match message {
                ServerMessage::Accepted { chat, .. } => Some(Ok(*chat)),
                ServerMessage::Refused { reason, .. } => Some(Err(reason.clone())),
                _ => None,
            })
            .await;
        self.open(chat.unwrap()).await;
    }

    /// Waits until the answer has this state.
    pub async fn until_state(&mut self, is_it: impl Fn(&AnswerState) -> bool) {
        while !self.shown.as_ref().is_some_and(|answer| is_it(state(answer))) {
            self.next().await;
        }
    }

    /// Waits until some text is there.
    pub async fn until_text(&mut self) {
        while self.shown.as_ref().is_none_or(|answer| answer.text.is_empty()) {
            self.next().await;
        }
    }

    /// Waits until the answer has ended.
    pub async fn answer(&mut self) -> Message {
        self.until_state(|state| !state.is_live()).await;
        self.shown.clone().unwrap()
    }

    /// Waits until the engine is like this.
    pub async fn until_engine(&mut self, is_it: impl Fn(&Engine) -> bool) {
        while !self.engine.as_ref().is_some_and(&is_it) {
            self.next().await;
        }
    }

    /// Waits until the model that was asked last is at this stage; `None` = no model has a process.
    pub async fn until_stage(&mut self, stage: Option<Stage>) {
        self.until_engine(|it| it.running.first().map(|it| it.stage) == stage).await;
    }

    /// The memory that a model is said to need.
    pub fn need(&self, file: &str) -> u64 {
        let model = self.models.iter().find(|model| model.file == file).unwrap();
        model.fit.unwrap().need
    }

    /// Waits until a model is said to need something else.
    pub async fn until_need_is_not(&mut self, file: &str, need: u64) {
        while self.need(file) == need {
            self.next().await;
        }
    }

    /// What all engine processes hold, as told last.
    pub fn memory(&self) -> Option<Memory> {
        self.engine.as_ref().and_then(Engine::memory)
    }

    /// Chooses tokens like this from now on.
    pub async fn sample(&mut self, sampling: Sampling) {
        self.ask(ClientMessage::SetSampling { sampling }).await;
        self.until(|it| matches!(it, ServerMessage::SamplingChanged { .. }).then_some(())).await;
    }

    fn show(&mut self, message: &ServerMessage) {
        match message {
            ServerMessage::Welcome { engine, models, seen, .. } => {
                self.seen = Some(*seen);
                self.engine = Some(engine.clone());
                self.models.clone_from(&models.list);
            }
            ServerMessage::Resumed { engine } | ServerMessage::EngineChanged { engine } => {
                self.engine = Some(engine.clone());
            }
            ServerMessage::ModelsChanged { models } => self.models.clone_from(&models.list),
            ServerMessage::Thread { messages, .. }
            | ServerMessage::ThreadChanged { messages, .. } => {
                self.shown = messages.last().filter(|it| is_answer(it)).cloned();
                self.grew.clear();
            }
            ServerMessage::MessageChanged { message } if is_answer(message) => {
                if let Some(shown) = self.shown.as_ref().filter(|it| it.id == message.id) {
                    assert!(message.text.starts_with(&shown.text), "text was taken back");
                }
                self.shown = Some(message.clone());
            }
            ServerMessage::Delta { message, at, text } => {
                let shown = self.shown.as_mut().filter(|it| it.id == *message).unwrap();
                assert_eq!(shown.text.len(), *at, "a gap or an overlap");
                shown.text.push_str(text);
                self.grew.push((Instant::now(), shown.text.len()));
            }
            ServerMessage::StateChanged { message, state } => {
                let shown = self.shown.as_mut().filter(|it| it.id == *message).unwrap();
                if let Author::Model { state: shown, .. } = &mut shown.author {
                    *shown = state.clone();
                }
            }
            _ => (),
        }
    }
}

fn is_answer(message: &Message) -> bool {
    matches!(message.author, Author::Model { .. })
}
