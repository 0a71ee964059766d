//! The one place that writes what came from the server.

use leptos::prelude::*;
use wick_protocol::{Author, ChatId, Fork, Message, MessageId, Queued, ServerMessage};

use super::pending::Spot;
use super::{Line, Link, Next, Notice, Pending, State, chats};
use crate::words;

impl State {
    /// Takes over what the server says, and tells what has to happen for it.
    pub(crate) fn apply(self, message: ServerMessage) -> Vec<Next> {
        match message {
            ServerMessage::Welcome {
                seen,
                chats,
                folders,
                models,
                sampling,
                engine,
                starter,
                storage,
                presets,
                ..
            } => {
                self.seen.set_value(Some(seen));
                chats::replace(self.chats, chats);
                self.folders.set(folders);
                self.models.set(models);
                self.sampling.set(sampling);
                self.engine.set(engine);
                self.starter.set(starter);
                self.storage.set(storage);
                self.told.presets.set(presets);
                self.link.set(Link::Up);
                // The thread follows.
                self.n_awaited.update_value(|n_awaited| *n_awaited += 1);
                return self.say_again();
            }
            ServerMessage::Resumed { engine } => {
                self.engine.set(engine);
                self.link.set(Link::Up);
                return self.say_again();
            }
            ServerMessage::News { number, what } => {
                self.seen.update_value(|seen| {
                    if let Some(seen) = seen {
                        seen.number = number;
                    }
                });
                return self.apply(*what);
            }
            ServerMessage::FoldersChanged { folders } => self.folders.set(folders),
            ServerMessage::ChatChanged { chat } => chats::change(self.chats, chat),
            ServerMessage::ChatGone { chat } => return self.lose_chat(chat),
            ServerMessage::Thread { chat, messages, forks, queue, draft, instructions } => {
                return self.show(chat, messages, forks, (queue, draft, instructions));
            }
            ServerMessage::ThreadChanged { chat, after, messages, forks } => {
                return self.change_behind(chat, after, messages, forks);
            }
            ServerMessage::QueueChanged { chat, queue } => self.wait(chat, queue),
            ServerMessage::DraftChanged { chat, text } => {
                if chat == self.open.get_untracked() {
                    self.drafts.hear(text);
                }
            }
            ServerMessage::InstructionsChanged { chat, text } => {
                if chat == self.open.get_untracked() {
                    self.told.instructions.set(text);
                }
            }
            ServerMessage::PresetsChanged { presets } => self.told.presets.set(presets),
            ServerMessage::AccessChanged { access } => self.told.access.set(access),
            ServerMessage::Invited { address, picture } => self.told.invite(address, picture),
            ServerMessage::KeyMade { key } => self.told.key.set(key),
            ServerMessage::Prompt { text, says } => {
                self.told.prompt.set(text);
                self.told.prompt_says.set(words::translated(&says).into_owned());
            }
            ServerMessage::Versions { messages } => self.told.versions.set(messages),
            ServerMessage::Found { text, hits } => self.found.set(Some((text, hits))),
            ServerMessage::Began { chat } => return vec![Next::Visit(chat)],
            ServerMessage::MessageChanged { message } => return self.change(message),
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
            ServerMessage::Refused { key, reason } => {
                let reason = words::translated(&reason).into_owned();
                match key {
                    Some(key) => self.give_back(&key, reason),
                    None => self.news.tell(Notice::Said(reason)),
                }
            }
        }
        Vec::new()
    }

    /// A person says something in the open chat.
    pub(crate) fn say(self, key: String, text: String) -> Pending {
        let open = self.open.get_untracked();
        let of_new = self.told.of_new.get_untracked().filter(|_| open.is_none());
        if of_new.is_some() {
            self.told.of_new.set(None);
        }
        let is_temporary = self.is_temporary.get_untracked();
        let spot = Spot { is_temporary, instructions: of_new, beside: None };
        let pending = Pending::new(key, open, text, spot);
        self.drafts.sent();
        self.pending.update(|list| list.push(pending.clone()));
        self.refusal.set(None);
        pending
    }

    /// A person says something else in place of a message.
    pub(crate) fn edit(self, key: String, message: MessageId, text: String) -> Pending {
        let spot = Spot { beside: Some(message), ..Spot::default() };
        let pending = Pending::new(key, self.open.get_untracked(), text, spot);
        self.pending.update(|list| list.push(pending.clone()));
        pending
    }

    /// Takes up a message that this page could not send before it was reloaded.
    pub(crate) fn take_up(
        self,
        key: String,
        chat: Option<ChatId>,
        text: String,
        (is_temporary, instructions): (bool, Option<String>),
    ) {
        let spot = Spot { is_temporary, instructions, beside: None };
        self.pending.update(|list| list.push(Pending::new(key, chat, text, spot)));
    }

    fn say_again(self) -> Vec<Next> {
        self.pending.with_untracked(|list| {
            let unsaved = list.iter().filter(|it| !it.is_saved);
            unsaved.map(|it| Next::Send(it.message())).collect()
        })
    }

    /// Something is missing: the whole thread is the answer, asked for once.
    fn ask_once(self) -> Vec<Next> {
        let is_asked = 0 < self.n_awaited.get_value();
        if is_asked || self.open.get_untracked().is_none() {
            return Vec::new();
        }
        vec![Next::Send(self.ask())]
    }

    fn show(
        self,
        chat: Option<ChatId>,
        messages: Vec<Message>,
        forks: Vec<Fork>,
        (queue, draft, instructions): (Vec<Queued>, String, String),
    ) -> Vec<Next> {
        self.n_awaited.update_value(|n_awaited| *n_awaited = n_awaited.saturating_sub(1));
        let open = self.open.get_untracked();
        if chat != open {
            let is_last = self.n_awaited.get_value() == 0;
            return if chat.is_none() && is_last { self.leave_missing() } else { Vec::new() };
        }
        let lines = lines(self.thread.get_untracked(), messages);
        self.forks.set(forks);
        self.thread.set(lines);
        self.is_here.set(true);
        self.pending.update(|list| list.retain(|it| !(it.is_saved && it.chat == chat)));
        self.drafts.hear(draft);
        self.told.instructions.set(instructions);
        if let Some(chat) = chat {
            self.wait(chat, queue);
        }
        Vec::new()
    }

    /// What follows a message is another now.
    fn change_behind(
        self,
        chat: ChatId,
        after: Option<MessageId>,
        messages: Vec<Message>,
        new_forks: Vec<Fork>,
    ) -> Vec<Next> {
        if Some(chat) != self.open.get_untracked() || !self.is_here.get_untracked() {
            return Vec::new();
        }
        let mut kept = self.thread.get_untracked();
        let n_kept = match after {
            None => 0,
            Some(after) => match kept.iter().position(|line| line.id == after) {
                Some(idx) => idx + 1,
                None => return self.ask_once(),
            },
        };
        let old = kept.split_off(n_kept);
        let is_known = |it: &Message| old.iter().any(|line| line.id == it.id);
        let is_new = |it: &&Message| it.author == Author::Person && !is_known(it);
        for message in messages.iter().filter(is_new) {
            self.see(chat, &message.text);
        }
        let mut forks = self.forks.get_untracked();
        forks.retain(|fork| kept.iter().any(|line| line.id == fork.message));
        forks.extend(new_forks);
        // Twice the room would stay as a hole.
        kept.reserve_exact(messages.len());
        kept.extend(lines(old, messages));
        // Every message of the chat looks when there may be others.
        if !forks.is_empty() || !self.forks.with_untracked(Vec::is_empty) {
            self.forks.set(forks);
        }
        self.thread.set(kept);
        Vec::new()
    }

    fn wait(self, chat: ChatId, queue: Vec<Queued>) {
        if Some(chat) != self.open.get_untracked() {
            return;
        }
        self.pending.update(|list| {
            for it in list.iter_mut().filter(|it| queue.iter().any(|queued| queued.key == it.key)) {
                it.is_seen = true;
            }
            list.retain(|it| !it.is_done());
        });
        self.queue.set(queue);
    }

    fn leave_missing(self) -> Vec<Next> {
        self.news.tell(Notice::Said(words::page::chat_gone().into()));
        vec![Next::Send(self.go_with_draft(None)), Next::Show(None)]
    }

    fn change(self, message: Message) -> Vec<Next> {
        if Some(message.chat) != self.open.get_untracked() {
            return Vec::new();
        }
        match self.with_line(message.id, |line| line.change(message)) {
            Some(()) => Vec::new(),
            None => self.ask_once(),
        }
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
            })
            || self.queue.with_untracked(|queue| queue.iter().any(|it| it.key == key));
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
        if let Some(of_new) = refused.as_ref().and_then(|it| it.spot.instructions.clone()) {
            self.told.of_new.set(Some(of_new));
        }
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
        chat.is_some_and(|id| !id.is_temporary() && !is_listed(id))
    }

    /// What holds of a message of the open chat; `None` when it is not there. Wakes nobody.
    pub(crate) fn with_line<T>(self, id: MessageId, then: impl FnOnce(&Line) -> T) -> Option<T> {
        self.thread.with_untracked(|thread| thread.iter().find(|line| line.id == id).map(then))
    }
}

/// Lines for these messages; those that were there keep their signals.
fn lines(mut old: Vec<Line>, messages: Vec<Message>) -> Vec<Line> {
    let line = |message: Message| match old.iter().position(|line| line.id == message.id) {
        Some(idx) => {
            let line = old.swap_remove(idx);
            line.change(message);
            line
        }
        None => Line::new(message),
    };
    messages.into_iter().map(line).collect()
}
