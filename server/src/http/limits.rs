//! How long a connection may take, and how many there may be.

use std::time::Duration;

use crate::session::Patience;

/// The limits of connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Until the first byte of a new connection.
    pub first_byte: Duration,
    /// For the head of a request, and between two requests.
    pub head: Duration,
    /// For the body of a request.
    pub body: Duration,
    /// For a file with chats, which is larger.
    pub file: Duration,
    /// A page that sends no sign of life for so long, when two were asked for, is gone.
    pub silence: Duration,
    /// What a session waits for.
    pub session: Patience,
    /// What the way in for phones waits for.
    pub lan: Useless,
    /// Connections at once, of all.
    pub connections: usize,
}

/// When a way in for phones is of no use any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Useless {
    /// No phone was here for so long.
    pub nobody: Duration,
    /// This computer was not in that network for so long. Networks come and go while it wakes.
    pub away: Duration,
    /// How often it is looked whether that is so, and whether this computer has another address.
    pub looked_every: Duration,
}

impl Limits {
    /// Connections at once, unless it is said otherwise.
    pub const CONNECTIONS: usize = 512;

    /// All times are so many times shorter than they are for people: tests do not wait.
    pub fn new(hurry: u32, connections: usize) -> Self {
        let seconds = |n| Duration::from_secs(n) / hurry.max(1);
        Self {
            first_byte: seconds(5),
            head: seconds(10),
            body: seconds(30),
            file: seconds(120),
            silence: seconds(45),
            session: Patience { ping_every: seconds(20), takes_within: seconds(30) },
            lan: Useless {
                nobody: seconds(24 * 60 * 60),
                away: seconds(15 * 60),
                looked_every: seconds(60),
            },
            connections,
        }
    }
}
