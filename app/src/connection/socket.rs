//! A WebSocket.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, MessageEvent, WebSocket};

use super::way::{Sign, Signs, Way, tell};
use crate::browser;

/// One that is open, or about to be.
pub(super) struct Socket {
    socket: WebSocket,
    /// Hears all of its events.
    _listener: Closure<dyn Fn(Event)>,
}

impl Socket {
    /// Opens one.
    pub(super) fn open(signs: Signs) -> Result<Self, JsValue> {
        let socket =
            WebSocket::new_with_str_sequence(&browser::socket_address(), &browser::protocols())?;
        let listener = Closure::<dyn Fn(Event)>::new(move |event: Event| {
            let text = || event.unchecked_ref::<MessageEvent>().data().as_string();
            let sign = match event.type_().as_str() {
                "open" => Sign::Opened,
                "message" => Sign::Text(text().unwrap_or_default()),
                _ => Sign::Broke,
            };
            tell(&signs, sign);
        });
        listen(&socket, Some(listener.as_ref().unchecked_ref()));
        Ok(Self { socket, _listener: listener })
    }
}

/// After an error, too, it closes.
fn listen(socket: &WebSocket, listener: Option<&js_sys::Function>) {
    socket.set_onopen(listener);
    socket.set_onmessage(listener);
    socket.set_onclose(listener);
}

impl Way for Socket {
    fn send(&self, text: String) {
        // One that has closed says so itself.
        let _ = self.socket.send_with_str(&text);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        listen(&self.socket, None);
        let _ = self.socket.close();
    }
}
