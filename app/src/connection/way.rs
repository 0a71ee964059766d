//! What a way to the server is, whichever it is.

use futures_channel::mpsc::UnboundedSender;

/// Dropping it ends it.
pub(super) trait Way {
    /// Sends the server a message, after what was sent before. Not before it is open.
    fn send(&self, text: String);
}

/// What a way tells.
pub(super) enum Sign {
    /// Messages can be sent.
    Opened,
    /// The server sent a message.
    Text(String),
    /// The next frame is about to be shown, which was asked for.
    Frame,
    /// It ended.
    Broke,
    /// The server should have said something by now.
    Overdue,
}

/// Where the signs of a way go.
pub(super) type Signs = UnboundedSender<Sign>;

/// Tells; when nobody hears it any more, the way is about to be dropped.
pub(super) fn tell(signs: &Signs, sign: Sign) {
    let _ = signs.unbounded_send(sign);
}
