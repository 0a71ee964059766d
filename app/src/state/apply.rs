//! The one place that writes what came from the server.

use leptos::prelude::*;
use wick_protocol::{Author, ChatId, Message, MessageId, ServerMessage};

use super::{Line, Link, Next, Notice, Pending, State, chats};

impl State {
    /// Takes over what the server says, and tells what has to happen for it.
    pub(crate) fn apply(self, message: ServerMessage) -> Vec<Next> {
        match message {
            ServerMessage::Welcome {
                chats, models, sampling, engine, starter, storage, ..
            } => {
                chats::replace(self.chats, chats);
                self.models.set(models);
                self.sampling.set(sampling);
                self.engine.set(engine);
                self.starter.set(starter);
                self.storage.set(storage);
                self.link.set(Link::Up);
                return self.ask_again();
            }
            ServerMessage::ChatChanged { chat } => chats::change(self.chats, chat),
            ServerMessage::ChatGone { chat } => return self.lose_chat(chat),
            ServerMessage::Thread { chat, messages } => return self.show(chat, messages),
            ServerMessage::MessageChanged { message } => self.change(message),
            ServerMessage::Delta { message, at, text } => {
                let fits = self.with_line(message, |line| line.grow(at, &text));
                if !matches!(fits, Some(Ok(()))) {
                    return self.ask_once();
                }
            }
            ServerMessage::StateChanged { message, state } => {
                let set = |line: &Line| line.answer.as_ref().map(|it| it.state.set(state));
                if self.with_line(message, set).is_none() {
                    return self.ask_once();
                }
            }
            ServerMessage::ModelsChanged { models } => self.models.set(models),
            ServerMessage::EngineChanged { engine } => self.engine.set(engine),
            ServerMessage::SamplingChanged { sampling } => self.sampling.set(sampling),
            ServerMessage::StarterChanged { starter } => self.starter.set(starter),
            ServerMessage::StorageChanged { storage } => self.storage.set(storage),
            ServerMessage::Accepted { key, chat } => return self.accept(&key, chat),
            ServerMessage::Refused { key: Some(key), reason } => self.give_back(&key, reason),
            ServerMessage::Refused { key: None, reason } => self.news.tell(Notice::Said(reason)),
        }
        Vec::new()
    }

    /// A person says something in the open chat.
    pub(crate) fn say(self, key: String, text: String) -> Pending {
        let pending = Pending::new(key, self.open.get_untracked(), text);
        self.pending.update(|list| list.push(pending.clone()));
        self.refusal.set(None);
        pending
    }

    /// Takes up a message that this page could not send before it was reloaded.
    pub(crate) fn take_up(self, key: String, chat: Option<ChatId>, text: String) {
        self.pending.update(|list| list.push(Pending::new(key, chat, text)));
    }

    fn ask_again(self) -> Vec<Next> {
        self.n_awaited.set_value(0);
        let unsaved = |list: &Vec<Pending>| -> Vec<Next> {
            let unsaved = list.iter().filter(|it| !it.is_saved);
            unsaved.map(|it| Next::Send(it.message())).collect()
        };
        let mut next = vec![Next::Send(self.ask())];
        next.extend(self.pending.with_untracked(unsaved));
        next
    }

    /// Something is missing: the whole thread is the answer, asked for once.
    fn ask_once(self) -> Vec<Next> {
        let is_asked = 0 < self.n_awaited.get_value();
        if is_asked || self.open.get_untracked().is_none() {
            return Vec::new();
        }
        vec![Next::Send(self.ask())]
    }

    fn show(self, chat: Option<ChatId>, messages: Vec<Message>) -> Vec<Next> {
        self.n_awaited.update_value(|n_awaited| *n_awaited = n_awaited.saturating_sub(1));
        let open = self.open.get_untracked();
        if chat != open {
            let is_last = self.n_awaited.get_value() == 0;
            return if chat.is_none() && is_last { self.leave_missing() } else { Vec::new() };
        }
        let mut old = self.thread.get_untracked();
        let lines = messages.into_iter().map(|message| {
            match old.iter().position(|line| line.id == message.id) {
                Some(idx) => {
                    let line = old.swap_remove(idx);
                    line.change(message);
                    line
                }
                None => Line::new(message),
            }
        });
        self.thread.set(lines.collect());
        self.is_here.set(true);
        self.pending.update(|list| list.retain(|it| !(it.is_saved && it.chat == chat)));
        Vec::new()
    }

    fn leave_missing(self) -> Vec<Next> {
        self.news.tell(Notice::Said("That chat is not there any more.".into()));
        vec![Next::Send(self.go_with_draft(None)), Next::Show(None)]
    }

    fn change(self, message: Message) {
        if Some(message.chat) != self.open.get_untracked() {
            return;
        }
        if self.with_line(message.id, |_| ()).is_some() {
            self.with_line(message.id, |line| line.change(message));
            return;
        }
        if message.author == Author::Person {
            self.see(message.chat, &message.text);
        }
        self.thread.update(|thread| {
            let idx = thread.partition_point(|line| line.id < message.id);
            thread.insert(idx, Line::new(message));
        });
    }

    /// A message is in the thread now; the one on its way is the same.
    fn see(self, chat: ChatId, text: &str) {
        self.pending.update(|list| {
            let same = |it: &&mut Pending| it.chat == Some(chat) && it.text == text && !it.is_seen;
            if let Some(pending) = list.iter_mut().find(same) {
                pending.is_seen = true;
            }
            list.retain(|it| !it.is_done());
        });
    }

    fn accept(self, key: &str, chat: ChatId) -> Vec<Next> {
        let Some(pending) =
            self.pending.with_untracked(|list| list.iter().find(|it| it.key == key).cloned())
        else {
            return Vec::new();
        };
        let is_seen = pending.is_seen
            || self.thread.with_untracked(|thread| {
                thread.iter().rev().take(2).any(|line| line.is_by_person(&pending.text))
            });
        let begins_here = pending.chat.is_none() && self.open.get_untracked().is_none();
        let goes_elsewhere = self.open.get_untracked() != Some(chat) && !begins_here;
        self.pending.update(|list| {
            for it in list.iter_mut().filter(|it| it.key == key) {
                it.chat = Some(chat);
                it.is_saved = true;
                it.is_seen = is_seen || goes_elsewhere;
            }
            list.retain(|it| !it.is_done());
        });
        if !begins_here {
            return Vec::new();
        }
        self.open.set(Some(chat));
        vec![Next::Show(Some(chat)), Next::Send(self.ask())]
    }

    fn give_back(self, key: &str, reason: String) {
        let mut refused = None;
        self.pending.update(|list| {
            if let Some(idx) = list.iter().position(|it| it.key == key) {
                refused = Some(list.remove(idx));
            }
        });
        match refused {
            Some(it) if it.chat == self.open.get_untracked() || self.is_gone(it.chat) => {
                self.drafts.give_back(&it.text);
                self.refusal.set(Some(reason));
            }
            Some(it) => {
                self.drafts.give_back_to(it.chat, &it.text);
                self.news.tell(Notice::Said(reason));
            }
            None => self.news.tell(Notice::Said(reason)),
        }
    }

    fn lose_chat(self, chat: ChatId) -> Vec<Next> {
        let title = self.chats.with_untracked(|chats| {
            chats.iter().find(|it| it.id == chat).map(|it| it.title.get_untracked())
        });
        self.chats.update(|chats| chats.retain(|it| it.id != chat));
        let mut asked = None;
        self.leaving.update_value(|leaving| {
            if let Some(idx) = leaving.iter().position(|(it, _)| *it == chat) {
                asked = Some(leaving.remove(idx));
            }
        });
        let is_asked = asked.is_some();
        if let (Some((_, was_open)), Some(title)) = (asked, title) {
            self.news.tell(Notice::Deleted { chat, title, was_open });
        }
        if self.open.get_untracked() != Some(chat) {
            return Vec::new();
        }
        // Who took it away can bring it back, with what was written in it.
        let ask = if is_asked { self.go(None) } else { self.go_with_draft(None) };
        vec![Next::Show(None), Next::Send(ask)]
    }

    fn is_gone(self, chat: Option<ChatId>) -> bool {
        let is_listed = |id| self.chats.with_untracked(|chats| chats.iter().any(|it| it.id == id));
        chat.is_some_and(|id| !is_listed(id))
    }

    fn with_line<T>(self, id: MessageId, then: impl FnOnce(&Line) -> T) -> Option<T> {
        self.thread.with_untracked(|thread| thread.iter().find(|line| line.id == id).map(then))
    }
}
