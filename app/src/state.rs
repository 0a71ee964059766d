//! What the page knows.
//!
//! Invariant: what came from the server is written by [`State::apply`] and nowhere else. Each
//! thing that changes alone has a signal of its own: a token wakes one block of one answer.

mod apply;
mod chats;
mod draft;
mod line;
mod notice;
mod pending;
#[cfg(test)]
mod tests;
mod text;
mod told;

use leptos::prelude::*;
use wick_protocol::{ChatId, ClientMessage, Engine, Folder, Fork, Hit, MessageId, Model, Models};
use wick_protocol::{Preset, Queued, Reached, Sampling, Seen, Starter};

use crate::words;
pub(crate) use chats::ChatLine;
pub(crate) use draft::Drafts;
pub(crate) use line::{Answer, Line};
pub(crate) use notice::{News, Notice};
pub(crate) use pending::Pending;
pub(crate) use text::Text;
use told::Told;

/// Whether the server can be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// For the first time.
    Connecting,
    /// It can.
    Up,
    /// Not any more, or not at all.
    Lost,
}

/// What has to happen outside after something was applied.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Next {
    /// The server has to hear this.
    Send(ClientMessage),
    /// The address has to name this chat, or none; nobody should come back to what it named.
    Show(Option<ChatId>),
    /// A chat that was asked for has to be opened.
    Visit(ChatId),
}

/// Everything the page knows. Copying it copies handles.
#[derive(Clone, Copy)]
pub(crate) struct State {
    link: RwSignal<Link>,
    /// Where the page stands in the news; `None` before the first.
    seen: StoredValue<Option<Seen>>,
    chats: RwSignal<Vec<ChatLine>>,
    folders: RwSignal<Vec<Folder>>,
    /// What was looked for, and where it is.
    found: RwSignal<Option<(String, Vec<Hit>)>>,
    open: RwSignal<Option<ChatId>>,
    thread: RwSignal<Vec<Line>>,
    /// Where there are other versions of what is shown.
    forks: RwSignal<Vec<Fork>>,
    /// What the model is told before all of it, presets, and what it would get to read.
    pub(crate) told: &'static Told,
    /// What waits to be said in the open chat.
    queue: RwSignal<Vec<Queued>>,
    /// A message that the reader was led to and has not seen yet.
    pub(crate) target: RwSignal<Option<MessageId>>,
    /// Whether the chat that the next message begins is temporary.
    pub(crate) is_temporary: RwSignal<bool>,
    /// Whether `thread` is what the server has for `open`.
    is_here: RwSignal<bool>,
    /// How many `Open` the server has not answered yet; only the last answer counts.
    n_awaited: StoredValue<usize>,
    pending: RwSignal<Vec<Pending>>,
    /// Chats that this page asked to take away, and whether one was open then.
    leaving: StoredValue<Vec<(ChatId, bool)>>,
    models: RwSignal<Models>,
    sampling: RwSignal<Sampling>,
    engine: RwSignal<Engine>,
    starter: RwSignal<Starter>,
    storage: RwSignal<Option<String>>,
    /// What is written but not sent.
    pub(crate) drafts: Drafts,
    /// Why the last message was not taken.
    pub(crate) refusal: RwSignal<Option<String>>,
    /// What a person should hear of and may act on.
    pub(crate) news: News,
}

impl State {
    /// Nothing known yet; `open` is the chat that the address names.
    pub(crate) fn new(open: Option<ChatId>) -> Self {
        Self {
            link: RwSignal::new(Link::Connecting),
            seen: StoredValue::new(None),
            chats: RwSignal::new(Vec::new()),
            folders: RwSignal::new(Vec::new()),
            found: RwSignal::new(None),
            open: RwSignal::new(open),
            thread: RwSignal::new(Vec::new()),
            forks: RwSignal::new(Vec::new()),
            told: Told::new(),
            queue: RwSignal::new(Vec::new()),
            target: RwSignal::new(None),
            is_temporary: RwSignal::new(false),
            is_here: RwSignal::new(false),
            n_awaited: StoredValue::new(0),
            pending: RwSignal::new(Vec::new()),
            leaving: StoredValue::new(Vec::new()),
            models: RwSignal::new(Models::default()),
            sampling: RwSignal::new(Sampling::default()),
            engine: RwSignal::new(Engine::default()),
            starter: RwSignal::new(Starter::Idle),
            storage: RwSignal::new(None),
            drafts: Drafts::new(),
            refusal: RwSignal::new(None),
            news: News::new(),
        }
    }

    /// Whether the server can be heard.
    pub(crate) fn link(self) -> ReadSignal<Link> {
        self.link.read_only()
    }

    /// Newest first.
    pub(crate) fn chats(self) -> ReadSignal<Vec<ChatLine>> {
        self.chats.read_only()
    }

    /// By name.
    pub(crate) fn folders(self) -> ReadSignal<Vec<Folder>> {
        self.folders.read_only()
    }

    /// What was looked for last, and where it is.
    pub(crate) fn found(self) -> ReadSignal<Option<(String, Vec<Hit>)>> {
        self.found.read_only()
    }

    /// The versions of a message, it among them; none when it is the only one.
    pub(crate) fn versions(self, message: MessageId) -> Vec<MessageId> {
        self.forks.with(|forks| {
            let fork = forks.iter().find(|it| it.message == message);
            fork.map(|it| it.versions.clone()).unwrap_or_default()
        })
    }

    /// What waits to be said in the open chat, the next one first.
    pub(crate) fn queue(self) -> ReadSignal<Vec<Queued>> {
        self.queue.read_only()
    }

    /// What the model is told before everything that is said in the chat on the screen.
    pub(crate) fn instructions(self) -> String {
        let of_new = if self.open.get().is_none() { self.told.of_new.get() } else { None };
        of_new.unwrap_or_else(|| self.told.instructions.get())
    }

    /// By name.
    pub(crate) fn presets(self) -> ReadSignal<Vec<Preset>> {
        self.told.presets.read_only()
    }

    /// The chat on the screen; `None` is a new one.
    pub(crate) fn open(self) -> ReadSignal<Option<ChatId>> {
        self.open.read_only()
    }

    /// What was said in the open chat, oldest first.
    pub(crate) fn thread(self) -> ReadSignal<Vec<Line>> {
        self.thread.read_only()
    }

    /// Whether the open chat's messages are here.
    pub(crate) fn is_here(self) -> ReadSignal<bool> {
        self.is_here.read_only()
    }

    /// Messages that the server has not confirmed.
    pub(crate) fn pending(self) -> ReadSignal<Vec<Pending>> {
        self.pending.read_only()
    }

    /// What the model folders hold.
    pub(crate) fn models(self) -> ReadSignal<Models> {
        self.models.read_only()
    }

    /// What holds of the model that answers; `None` when there is none.
    pub(crate) fn with_model<T>(self, then: impl FnOnce(&Model) -> T) -> Option<T> {
        self.models.with(|models| {
            let chosen = models.chosen.as_ref()?;
            models.list.iter().find(|it| it.id == *chosen).map(then)
        })
    }

    /// How the next token is chosen.
    pub(crate) fn sampling(self) -> ReadSignal<Sampling> {
        self.sampling.read_only()
    }

    /// What the engine does and holds.
    pub(crate) fn engine(self) -> ReadSignal<Engine> {
        self.engine.read_only()
    }

    /// How far the starter model is.
    pub(crate) fn starter(self) -> ReadSignal<Starter> {
        self.starter.read_only()
    }

    /// Why the chats can't be saved, when they can't.
    pub(crate) fn storage(self) -> ReadSignal<Option<String>> {
        self.storage.read_only()
    }

    /// The answer of the open chat to which more is to come.
    pub(crate) fn live(self) -> Option<MessageId> {
        self.thread.with(|thread| thread.iter().rev().find(|line| line.is_live()).map(|it| it.id))
    }

    /// The last message of the open chat that the model did not see for its last answer.
    pub(crate) fn left_out(self) -> Option<MessageId> {
        self.thread.with(|thread| {
            let stats = |line: &Line| line.answer.as_ref()?.stats.get();
            let n_left_out = thread.iter().rev().find_map(stats)?.n_left_out;
            // No model is shown answers without a word.
            let mut said = thread.iter().filter(|line| !line.text.read_untracked().is_empty());
            said.nth(n_left_out.checked_sub(1)?).map(|line| line.id)
        })
    }

    /// The last message of the open chat.
    pub(crate) fn last(self) -> Option<MessageId> {
        self.thread.with(|thread| thread.last().map(|line| line.id))
    }

    /// What the open chat is called.
    pub(crate) fn title(self) -> String {
        let open = self.open.get();
        let title = self
            .chats
            .with(|chats| chats.iter().find(|it| Some(it.id) == open).map(|it| it.title.get()));
        let other = if self.is_private() {
            words::thread::temporary_chat()
        } else {
            words::common::new_chat()
        };
        title.unwrap_or_else(|| other.to_owned())
    }

    /// Whether the thread on the screen is the one that was asked for last.
    pub(crate) fn is_settled(self) -> bool {
        self.n_awaited.get_value() == 0
    }

    /// Whether nothing of the chat on the screen is kept.
    pub(crate) fn is_private(self) -> bool {
        self.open.get().map_or_else(|| self.is_temporary.get(), ChatId::is_temporary)
    }

    /// Where the page stands: the first thing that the server hears.
    pub(crate) fn hello(self) -> ClientMessage {
        let chat = self.open.get_untracked();
        let last = self.thread.with_untracked(|thread| thread.last().cloned());
        let reached = last
            .filter(|_| self.is_here.get_untracked())
            .map(|line| Reached { message: line.id, at: line.text.read_untracked().len() });
        ClientMessage::Hello { seen: self.seen.get_value(), chat, reached }
    }

    /// Puts another chat on the screen. The server has to hear of it.
    pub(crate) fn go(self, chat: Option<ChatId>) -> ClientMessage {
        self.go_to(chat, None)
    }

    /// The same, where this message of it is.
    pub(crate) fn go_to(self, chat: Option<ChatId>, message: Option<MessageId>) -> ClientMessage {
        self.drafts.go(self.open.get_untracked(), chat);
        self.refusal.set(None);
        self.open.set(chat);
        self.thread.set(Vec::new());
        self.forks.set(Vec::new());
        self.queue.set(Vec::new());
        self.told.instructions.set(String::new());
        if self.is_temporary.get_untracked() {
            // They were meant for a chat of which nothing is kept.
            self.told.of_new.set(None);
            self.is_temporary.set(false);
        }
        self.target.set(message);
        self.is_here.set(chat.is_none());
        self.ask()
    }

    /// Puts another chat on the screen and keeps the text in the composer: the chat it was
    /// written for is gone.
    fn go_with_draft(self, chat: Option<ChatId>) -> ClientMessage {
        let message = self.drafts.whole();
        self.drafts.text.set(String::new());
        self.drafts.attached.set(String::new());
        let ask = self.go(chat);
        if !message.is_empty() {
            self.drafts.give_back(&message);
        }
        ask
    }

    /// Asks for the open chat.
    fn ask(self) -> ClientMessage {
        self.n_awaited.update_value(|n_awaited| *n_awaited += 1);
        let message = self.target.get_untracked();
        ClientMessage::Open { chat: self.open.get_untracked(), message }
    }

    /// The connection is gone; what was asked for on it will not be answered.
    pub(crate) fn lose_link(self) {
        self.link.set(Link::Lost);
        self.n_awaited.set_value(0);
    }

    /// A person takes a chat away.
    pub(crate) fn delete(self, chat: ChatId) -> ClientMessage {
        let is_open = self.open.get_untracked() == Some(chat);
        self.leaving.update_value(|leaving| leaving.push((chat, is_open)));
        ClientMessage::Delete { chat }
    }
}
