//! Which way to the server the next connection takes.
//!
//! Some networks, programs that look into what travels, and extensions let no WebSocket through,
//! or open one on which nothing comes. A server that is away looks the same at first, and must not
//! be taken for that: so a socket that can't be opened counts only while requests are answered.

/// Sockets in a row that could not be opened before the stream is taken.
const MOST_FAILED: u32 = 2;

/// Connections that take the stream before a socket is tried again.
const STREAMS: u32 = 4;

/// A way to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A WebSocket.
    Socket,
    /// Events and posts.
    Stream,
}

/// How a connection went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The server was heard.
    Worked,
    /// It broke before that.
    Broke,
    /// Nothing came in time.
    Silent,
}

/// What is known of sockets.
#[derive(Default)]
pub(super) struct Choice {
    n_failed: u32,
    n_streams: u32,
}

impl Choice {
    /// The way to take now.
    pub(super) fn kind(&self) -> Kind {
        if self.n_streams == 0 { Kind::Socket } else { Kind::Stream }
    }

    /// Learns how it went. `is_answered`: whether the server answers requests. Tells whether there
    /// is something else to try at once.
    pub(super) fn learn(&mut self, outcome: Outcome, is_answered: bool) -> bool {
        if self.kind() == Kind::Stream {
            self.n_streams -= 1;
            return false;
        }
        match outcome {
            Outcome::Broke if is_answered => self.n_failed += 1,
            Outcome::Silent => self.n_failed = MOST_FAILED,
            Outcome::Worked | Outcome::Broke => self.n_failed = 0,
        }
        let is_failed = 0 < self.n_failed;
        if MOST_FAILED <= self.n_failed {
            // When they are over, one socket tells whether it is still so.
            self.n_failed = MOST_FAILED - 1;
            self.n_streams = STREAMS;
        }
        is_failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ways that are taken when connections go like this.
    #[track_caller]
    fn check(went: &[(Outcome, bool)], kinds: &[Kind]) {
        let mut choice = Choice::default();
        let taken: Vec<_> = went
            .iter()
            .map(|(outcome, is_answered)| {
                let kind = choice.kind();
                choice.learn(*outcome, *is_answered);
                kind
            })
            .collect();
        assert_eq!(taken, kinds);
    }

    use Kind::{Socket, Stream};
    use Outcome::{Broke, Silent, Worked};

    #[test]
    fn sockets_that_work_are_kept() {
        check(&[(Worked, true); 4], &[Socket; 4]);
        check(&[(Broke, true), (Worked, true), (Broke, true), (Worked, true)], &[Socket; 4]);
    }

    #[test]
    fn a_server_that_is_away_is_waited_for_with_sockets() {
        check(&[(Broke, false); 9], &[Socket; 9]);
        check(&[(Broke, true), (Broke, false), (Broke, true), (Worked, true)], &[Socket; 4]);
    }

    #[test]
    fn the_stream_is_taken_when_sockets_fail_twice_or_are_silent() {
        check(&[(Broke, true), (Broke, true), (Worked, true)], &[Socket, Socket, Stream]);
        check(&[(Silent, false), (Worked, true)], &[Socket, Stream]);
    }

    #[test]
    fn nothing_is_tried_at_once_when_the_server_is_away_or_the_stream_fails_too() {
        let mut choice = Choice::default();
        assert!(!choice.learn(Worked, true));
        assert!(!choice.learn(Broke, false));
        assert!(choice.learn(Broke, true));
        assert!(choice.learn(Broke, true));
        assert_eq!(choice.kind(), Stream);
        assert!(!choice.learn(Broke, true));
    }

    #[test]
    fn every_fifth_connection_tries_a_socket_again() {
        let mut went = [(Silent, false); 12];
        went[11] = (Worked, true);
        let kinds = [
            Socket, Stream, Stream, Stream, Stream, Socket, Stream, Stream, Stream, Stream, Socket,
            Stream,
        ];
        check(&went, &kinds);
    }
}
