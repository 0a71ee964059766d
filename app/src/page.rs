//! What a person can do here, and what is carried out for it.

use leptos::prelude::*;
use leptos::{ev, leptos_dom::helpers::window_event_listener};
use wick_protocol::{ChatId, ClientMessage, ServerMessage};

use crate::connection::{Connection, Event};
use crate::state::{Link, Next, Notice, Pending, State};
use crate::{browser, wire};

/// The page as its parts see it. Copying it copies handles.
#[derive(Clone, Copy)]
pub(crate) struct Page {
    /// What is known.
    pub(crate) state: State,
    /// Whether the list of chats lies over the thread, on a narrow screen.
    pub(crate) is_drawer_open: RwSignal<bool>,
    connection: Connection,
}

/// The page that the component is part of.
pub(crate) fn page() -> Page {
    expect_context()
}

impl Page {
    /// Connects, and follows the address.
    pub(crate) fn start() -> Self {
        let (connection, events) = Connection::open();
        let state = State::new(browser::chat_in_address());
        let page = Self { state, is_drawer_open: RwSignal::new(false), connection };
        page.take_up_unsent();
        events.run(move |event| match event {
            Event::Heard(message) => page.hear(*message),
            Event::Lost => state.lose_link(),
        });
        window_event_listener(ev::popstate, move |_| page.follow_address());
        window_event_listener(ev::hashchange, move |_| page.follow_address());
        window_event_listener(ev::pagehide, move |_| page.put_unsent_aside());
        page
    }

    fn hear(self, message: ServerMessage) {
        if let ServerMessage::Welcome { version, .. } = &message
            && version != env!("CARGO_PKG_VERSION")
            && browser::reload_for(version)
        {
            return;
        }
        for next in self.state.apply(message) {
            match next {
                Next::Send(message) => self.connection.send(message),
                Next::Show(chat) => browser::set_chat_in_address(chat, false),
            }
        }
    }

    fn follow_address(self) {
        let chat = browser::chat_in_address();
        if chat != self.state.open().get_untracked() {
            self.show(chat);
        }
        self.is_drawer_open.set(false);
    }

    fn show(self, chat: Option<ChatId>) {
        let ask = self.state.go(chat);
        self.connection.send(ask);
    }

    /// An empty chat, ready to write.
    pub(crate) fn new_chat(self) {
        if self.state.open().get_untracked().is_some() {
            browser::set_chat_in_address(None, true);
            self.show(None);
        }
        self.is_drawer_open.set(false);
        // The composer can be focused once the drawer is away.
        request_animation_frame(|| browser::focus(crate::composer::FIELD));
    }

    /// Says something in the open chat. When nobody hears it now, it is said later.
    pub(crate) fn say(self, text: String) {
        let pending = self.state.say(browser::random_key(), text);
        if self.is_up() {
            self.connection.send(pending.message());
        }
    }

    /// Asks for something that only makes sense now.
    pub(crate) fn tell(self, message: ClientMessage) {
        if self.is_up() {
            self.connection.send(message);
        } else {
            let text = "Not connected to Wick, so nothing was changed. Try again in a moment.";
            self.state.news.tell(Notice::Said(text.into()));
        }
    }

    /// Takes a chat away.
    pub(crate) fn delete(self, chat: ChatId) {
        if self.is_up() {
            self.connection.send(self.state.delete(chat));
        } else {
            self.tell(ClientMessage::Delete { chat });
        }
    }

    /// Brings a chat back, and shows it again if it was shown.
    pub(crate) fn restore(self, chat: ChatId, was_open: bool) {
        self.tell(ClientMessage::Restore { chat });
        if was_open && self.is_up() {
            browser::set_chat_in_address(Some(chat), true);
            self.show(Some(chat));
        }
    }

    fn is_up(self) -> bool {
        self.state.link().get_untracked() == Link::Up
    }

    /// A reload loses nothing: what was not sent goes back where it was written.
    fn put_unsent_aside(self) {
        let messages: Vec<_> = self.state.pending().with_untracked(|list| {
            list.iter().filter(|it| !it.is_saved).map(Pending::message).collect()
        });
        let draft = self.state.drafts.text.get_untracked();
        browser::put_aside(&wire::write_unsent(&messages, &draft));
    }

    fn take_up_unsent(self) {
        let unsent = browser::take_back().and_then(|json| wire::read_unsent(&json));
        let Some((messages, draft)) = unsent else { return };
        for message in messages {
            if let ClientMessage::Say { key, chat, text } = message {
                self.state.take_up(key, chat, text);
            }
        }
        self.state.drafts.text.set(draft);
    }
}
