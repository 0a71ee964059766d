//! The WebSocket to the server, opened again whenever it breaks.

mod backoff;

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::future::select;
use futures_util::{SinkExt, StreamExt, stream};
use gloo_net::websocket::Message;
use gloo_net::websocket::futures::WebSocket;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::{ev, leptos_dom::helpers::window_event_listener};
use wick_protocol::{ClientMessage, ServerMessage};

use crate::{browser, wire};
use backoff::Backoff;

/// Where messages to the server go. Copying it copies a handle.
#[derive(Clone, Copy)]
pub(crate) struct Connection {
    outbox: StoredValue<UnboundedSender<ClientMessage>>,
}

/// What the connection tells.
pub(crate) enum Event {
    /// The server says something.
    Heard(Box<ServerMessage>),
    /// The connection broke, or could not be made.
    Lost,
}

enum Cause {
    Heard(Message),
    ToSay(ClientMessage),
    Closed,
}

impl Connection {
    /// Connects now and again, until the page ends.
    pub(crate) fn open() -> (Self, Loop) {
        let (outbox, to_say) = unbounded();
        let (wake, woken) = unbounded();
        // Moments at which a failed connection has a new chance.
        let wake_on = move |wake: &UnboundedSender<()>| {
            let wake = wake.clone();
            move || {
                let _ = wake.unbounded_send(());
            }
        };
        let (online, shown, seen) = (wake_on(&wake), wake_on(&wake), wake_on(&wake));
        window_event_listener(ev::online, move |_| online());
        window_event_listener(ev::pageshow, move |_| shown());
        window_event_listener(ev::visibilitychange, move |_| seen());
        (Self { outbox: StoredValue::new(outbox) }, Loop { to_say, woken })
    }

    /// Tells the server something. What is told while nobody hears it is dropped.
    pub(crate) fn send(self, message: ClientMessage) {
        self.outbox.with_value(|outbox| {
            let _ = outbox.unbounded_send(message);
        });
    }
}

/// The receiving half of a [`Connection`].
pub(crate) struct Loop {
    to_say: UnboundedReceiver<ClientMessage>,
    woken: UnboundedReceiver<()>,
}

impl Loop {
    /// Runs in the background and tells what happens. Each connection begins with a hello.
    pub(crate) fn run(
        mut self,
        hello: impl Fn() -> ClientMessage + 'static,
        tell: impl Fn(Event) + 'static,
    ) {
        spawn_local(async move {
            let mut backoff = Backoff::default();
            loop {
                if let Ok(socket) = WebSocket::open(&browser::socket_address()) {
                    self.converse(socket, &hello, &tell, &mut backoff).await;
                }
                tell(Event::Lost);
                while self.to_say.try_recv().is_ok() {}
                while self.woken.try_recv().is_ok() {}
                let pause = TimeoutFuture::new(backoff.next_pause(js_sys::Math::random()));
                select(pause, self.woken.next()).await;
            }
        });
    }

    async fn converse(
        &mut self,
        socket: WebSocket,
        hello: &impl Fn() -> ClientMessage,
        tell: &impl Fn(Event),
        backoff: &mut Backoff,
    ) {
        let (mut to_server, from_server) = socket.split();
        if to_server.send(Message::Text(wire::write(&hello()))).await.is_err() {
            return;
        }
        let heard = from_server
            .map(|frame| frame.map_or(Cause::Closed, Cause::Heard))
            .chain(stream::once(std::future::ready(Cause::Closed)));
        let mut causes = stream::select(heard, (&mut self.to_say).map(Cause::ToSay));
        while let Some(cause) = causes.next().await {
            match cause {
                Cause::Heard(Message::Text(text)) => match wire::read(&text) {
                    Ok(message) => {
                        backoff.reset();
                        tell(Event::Heard(Box::new(message)));
                    }
                    Err(err) => browser::log(&format!("not understood ({err}): {text}")),
                },
                Cause::Heard(Message::Bytes(_)) => (),
                Cause::ToSay(message) => {
                    if to_server.send(Message::Text(wire::write(&message))).await.is_err() {
                        return;
                    }
                }
                Cause::Closed => return,
            }
        }
    }
}
