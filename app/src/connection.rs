//! The connection to the server, made again whenever it breaks.
//!
//! It is a WebSocket; where none can be had, what travels is the same in another `way`.

mod backoff;
mod choice;
mod grown;
mod lines;
mod socket;
mod stream;
mod way;

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::future::{Either, select};
use futures_util::{StreamExt, stream as streams};
use gloo_timers::callback::Timeout;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::{ev, leptos_dom::helpers::window_event_listener};
use wick_protocol::{ClientMessage, LONGEST_FRAME, ServerMessage};

use crate::{browser, wire};
use backoff::Backoff;
use choice::{Choice, Kind, Outcome};
use grown::Grown;
use socket::Socket;
use stream::Stream;
use way::{Sign, Signs, Way};

/// A socket on which nothing has come after so many milliseconds is given up.
const SOCKET_PATIENCE: u32 = 1_200;

/// The same for a stream. There is nothing else to try.
const STREAM_PATIENCE: u32 = 10_000;

/// Where messages to the server go. Copying it copies a handle.
#[derive(Clone, Copy)]
pub(crate) struct Connection {
    outbox: StoredValue<UnboundedSender<String>>,
}

/// What the connection tells.
pub(crate) enum Event {
    /// The server says something.
    Heard(Box<ServerMessage>),
    /// The connection broke, or could not be made.
    Lost,
}

enum Cause {
    Told(Sign),
    ToSay(String),
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
    pub(crate) fn send(self, message: &ClientMessage) {
        self.send_json(wire::write(message));
    }

    /// The same of a message that is written already.
    pub(crate) fn send_json(self, message: String) {
        self.outbox.with_value(|outbox| {
            let _ = outbox.unbounded_send(message);
        });
    }
}

/// The receiving half of a [`Connection`].
pub(crate) struct Loop {
    to_say: UnboundedReceiver<String>,
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
            let (mut backoff, mut choice) = (Backoff::default(), Choice::default());
            loop {
                let kind = choice.kind();
                let outcome = self.converse(kind, &hello, &tell).await;
                if outcome == Outcome::Worked {
                    backoff.reset();
                }
                let has_failed = (kind, outcome) == (Kind::Socket, Outcome::Broke);
                if choice.learn(outcome, has_failed && stream::is_answered().await) {
                    continue;
                }
                tell(Event::Lost);
                while self.to_say.try_recv().is_ok() {}
                while self.woken.try_recv().is_ok() {}
                let pause = TimeoutFuture::new(backoff.next_pause(js_sys::Math::random()));
                if let Either::Right(_) = select(pause, self.woken.next()).await {
                    // A network that is said to be back may need a moment, not one that was long lost.
                    backoff.reset();
                }
            }
        });
    }

    async fn converse(
        &mut self,
        kind: Kind,
        hello: &dyn Fn() -> ClientMessage,
        tell: &dyn Fn(Event),
    ) -> Outcome {
        let (signs, mut told) = unbounded();
        let (way, patience) = match kind {
            Kind::Socket => (Socket::open(signs.clone()).map(boxed), SOCKET_PATIENCE),
            Kind::Stream => (Stream::open(signs.clone()).map(boxed), STREAM_PATIENCE),
        };
        let Ok(way) = way else { return Outcome::Broke };
        let overdue = {
            let signs = signs.clone();
            Timeout::new(patience, move || way::tell(&signs, Sign::Overdue))
        };
        let mut grown = Grown::default();
        // What there is to say beside the hello waits until it is known to be heard.
        loop {
            match told.next().await {
                Some(Sign::Opened) => way.send(wire::write(&hello())),
                Some(Sign::Text(text)) => {
                    hear(&text, &mut grown, &signs, tell);
                    break;
                }
                Some(Sign::Frame) => (),
                Some(Sign::Overdue) => return Outcome::Silent,
                Some(Sign::Broke) | None => return Outcome::Broke,
            }
        }
        overdue.cancel();
        let mut causes =
            streams::select(told.map(Cause::Told), (&mut self.to_say).map(Cause::ToSay));
        while let Some(cause) = causes.next().await {
            match cause {
                Cause::Told(Sign::Text(text)) => hear(&text, &mut grown, &signs, tell),
                Cause::Told(Sign::Frame) => tell_all([grown.take()], tell),
                Cause::Told(Sign::Broke) => break,
                Cause::Told(Sign::Opened | Sign::Overdue) => (),
                // The server ends a connection on which more comes, such as a draft of that size.
                Cause::ToSay(message) if LONGEST_FRAME < message.len() => (),
                Cause::ToSay(message) => way.send(message),
            }
        }
        tell_all([grown.take()], tell);
        Outcome::Worked
    }
}

fn boxed(way: impl Way + 'static) -> Box<dyn Way> {
    Box::new(way)
}

fn hear(text: &str, grown: &mut Grown, signs: &Signs, tell: &dyn Fn(Event)) {
    let message = match wire::read(text) {
        Ok(message) => message,
        Err(err) => return browser::log(&format!("not understood ({err}): {text}")),
    };
    let was_waiting = grown.is_waiting();
    // What is not seen has no frames.
    let now = grown.hear(message, !document().hidden());
    if grown.is_waiting() && !was_waiting {
        let signs = signs.clone();
        request_animation_frame(move || way::tell(&signs, Sign::Frame));
    }
    tell_all(now, tell);
}

fn tell_all(now: impl IntoIterator<Item = Option<ServerMessage>>, tell: &dyn Fn(Event)) {
    for message in now.into_iter().flatten() {
        tell(Event::Heard(Box::new(message)));
    }
}
