//! What a person can do here, and what is carried out for it.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::{ev, leptos_dom::helpers::window_event_listener};
use wick_protocol::{ChatId, ClientMessage, MessageId, ServerMessage};

use crate::connection::{Connection, Event};
use crate::state::{Link, Next, Notice, Pending, State};
use crate::{browser, wire, words};

/// What is written is kept so long after the last key, in milliseconds.
const KEEP_AFTER: u32 = 400;

/// The page as its parts see it. Copying it copies handles.
#[derive(Clone, Copy)]
pub(crate) struct Page {
    /// What is known.
    pub(crate) state: State,
    /// Whether the list of chats lies over the thread, on a narrow screen.
    pub(crate) is_drawer_open: RwSignal<bool>,
    /// Whether the code of what a first answer does not need is here.
    pub(crate) has_more: RwSignal<bool>,
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
        let closed = || RwSignal::new(false);
        let page = Self { state, is_drawer_open: closed(), has_more: closed(), connection };
        page.take_up_unsent();
        events.run(
            move || state.hello(),
            move |event| match event {
                Event::Heard(message) => page.hear(*message),
                Event::Lost => state.lose_link(),
            },
        );
        page.keep_drafts();
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
        let is_settled =
            matches!(message, ServerMessage::Thread { .. } | ServerMessage::Resumed { .. });
        for next in self.state.apply(message) {
            match next {
                Next::Send(message) => self.connection.send(&message),
                Next::Show(chat) => browser::set_chat_in_address(chat, false),
                Next::Visit(chat) => self.visit(chat, None),
            }
        }
        if is_settled {
            self.keep_draft();
        }
    }

    /// Has the server keep what is written, a moment after the last key.
    fn keep_drafts(self) {
        let text = self.state.drafts.text;
        let n_changes = StoredValue::new(0_u32);
        Effect::new(move |_| {
            text.track();
            n_changes.update_value(|n| *n += 1);
            let n_now = n_changes.get_value();
            spawn_local(async move {
                TimeoutFuture::new(KEEP_AFTER).await;
                if n_changes.try_get_value() == Some(n_now) {
                    self.keep_draft();
                }
            });
        });
    }

    fn keep_draft(self) {
        let chat = self.state.open().get_untracked();
        // Of a temporary chat that has not begun nothing may be kept.
        let is_kept = chat.is_some() || !self.state.is_temporary.get_untracked();
        // While a thread is awaited, what it says of the draft would be older than this.
        if self.is_up()
            && self.state.is_settled()
            && is_kept
            && let Some(text) = self.state.drafts.take_unkept()
        {
            self.connection.send(&ClientMessage::Draft { chat, text });
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
        self.keep_draft();
        let ask = self.state.go(chat);
        self.connection.send(&ask);
    }

    /// Leads the reader to a chat, and to a message in it.
    pub(crate) fn visit(self, chat: ChatId, message: Option<MessageId>) {
        self.keep_draft();
        let ask = self.state.go_to(Some(chat), message);
        browser::set_chat_in_address(Some(chat), true);
        self.connection.send(&ask);
        self.is_drawer_open.set(false);
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
            self.connection.send(&pending.message());
        }
    }

    /// Says something else in place of a message of a person, which is answered.
    pub(crate) fn edit(self, message: MessageId, text: String) {
        let pending = self.state.edit(browser::random_key(), message, text);
        if self.is_up() {
            self.connection.send(&pending.message());
        }
    }

    /// Takes a message away with what follows it.
    pub(crate) fn delete_message(self, message: MessageId) {
        self.tell(ClientMessage::DeleteMessage { message });
        if self.is_up() {
            self.state.news.tell(Notice::MessageDeleted(message));
        }
    }

    /// Asks for something that only makes sense now.
    #[expect(clippy::needless_pass_by_value, reason = "what is told is nobody's any more")]
    pub(crate) fn tell(self, message: ClientMessage) {
        self.tell_json(wire::write(&message));
    }

    /// The same from a dialog, of a message of any kind.
    pub(crate) fn ask(self, message: &ClientMessage) {
        self.tell_json(wire::write_later(message));
    }

    fn tell_json(self, message: String) {
        // What is asked for before the first connection is there is sent on it.
        if self.state.link().get_untracked() == Link::Lost {
            self.state.news.tell(Notice::Said(words::page::not_connected().into()));
        } else {
            self.connection.send_json(message);
        }
    }

    /// Takes a chat away.
    pub(crate) fn delete(self, chat: ChatId) {
        if self.is_up() {
            self.connection.send(&self.state.delete(chat));
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
        // Those of a temporary chat are kept nowhere.
        let is_kept = !self.state.is_temporary.get_untracked();
        let of_new = self.state.told.of_new.get_untracked().filter(|_| is_kept);
        let draft = self.state.drafts.whole();
        browser::put_aside(&wire::write_unsent(&messages, &draft, of_new.as_deref()));
    }

    fn take_up_unsent(self) {
        let unsent = browser::take_back().and_then(|json| wire::read_unsent(&json));
        let Some((messages, draft, of_new)) = unsent else { return };
        for message in messages {
            if let ClientMessage::Say { key, chat, text, is_temporary, instructions } = message {
                self.state.take_up(key, chat, text, (is_temporary, instructions));
            }
        }
        self.state.drafts.give_back(&draft);
        self.state.told.of_new.set(of_new);
    }
}
