//! What an answer grows by, gathered until the next frame: a screen shows no more than that, and each
//! piece alone would cost the page as much as all of them together.

use wick_protocol::{MessageId, ServerMessage};

/// What has arrived and was not told.
#[derive(Default)]
pub(super) struct Grown(Option<Piece>);

struct Piece {
    message: MessageId,
    at: usize,
    text: String,
}

impl Grown {
    /// Whether something waits.
    pub(super) fn is_waiting(&self) -> bool {
        self.0.is_some()
    }

    /// Hears a message, and gives back what is to be told now, in this order. Only what an answer
    /// grows by waits, and only where it can.
    pub(super) fn hear(
        &mut self,
        message: ServerMessage,
        can_wait: bool,
    ) -> [Option<ServerMessage>; 2] {
        let ServerMessage::Delta { message, at, text } = message else {
            return [self.take(), Some(message)];
        };
        match &mut self.0 {
            Some(piece) if piece.message == message && piece.at + piece.text.len() == at => {
                piece.text += &text;
                [(!can_wait).then(|| self.take()).flatten(), None]
            }
            _ => {
                let before = self.take();
                self.0 = Some(Piece { message, at, text });
                [before, (!can_wait).then(|| self.take()).flatten()]
            }
        }
    }

    /// Gives back what waits.
    pub(super) fn take(&mut self) -> Option<ServerMessage> {
        let Piece { message, at, text } = self.0.take()?;
        Some(ServerMessage::Delta { message, at, text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delta(message: i64, at: usize, text: &str) -> ServerMessage {
        ServerMessage::Delta { message: MessageId(message), at, text: text.into() }
    }

    #[test]
    fn what_follows_each_other_is_told_as_one() {
        let mut grown = Grown::default();
        assert_eq!(grown.hear(delta(1, 0, "ä"), true), [None, None]);
        assert_eq!(grown.hear(delta(1, 2, "b"), true), [None, None]);
        assert!(grown.is_waiting());
        assert_eq!(grown.take(), Some(delta(1, 0, "äb")));
        assert!(!grown.is_waiting());
    }

    #[test]
    fn nothing_overtakes_what_waits() {
        let mut grown = Grown::default();
        grown.hear(delta(1, 0, "a"), true);
        assert_eq!(grown.hear(delta(1, 5, "f"), true), [Some(delta(1, 0, "a")), None]);
        assert_eq!(grown.hear(delta(2, 0, "x"), true), [Some(delta(1, 5, "f")), None]);
        let other = || ServerMessage::StorageChanged { storage: None };
        assert_eq!(grown.hear(other(), true), [Some(delta(2, 0, "x")), Some(other())]);
        assert_eq!(grown.hear(other(), true), [None, Some(other())]);
    }

    #[test]
    fn nothing_waits_where_there_are_no_frames() {
        let mut grown = Grown::default();
        assert_eq!(grown.hear(delta(1, 0, "a"), false), [None, Some(delta(1, 0, "a"))]);
        grown.hear(delta(1, 1, "b"), true);
        assert_eq!(grown.hear(delta(1, 2, "c"), false), [Some(delta(1, 1, "bc")), None]);
        grown.hear(delta(1, 3, "d"), true);
        let now = grown.hear(delta(1, 9, "e"), false);
        assert_eq!(now, [Some(delta(1, 3, "d")), Some(delta(1, 9, "e"))]);
    }
}
