//! What everybody hears, in order and numbered, so that a page that was away hears what it missed
//! and nothing twice.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::sync::broadcast;
use wick_protocol::{ChatId, MessageId, Seen, ServerMessage};

/// News that a page may be behind, while it is connected or away, before it gets everything anew
/// from the database.
const MOST_NEWS: usize = 1024;

/// Names a session: who caused something need not hear of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionId(u64);

/// What happened. Small: what is long is looked up by whoever wants to know.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// This is for every page.
    Said(Box<ServerMessage>),
    /// The chat goes on in another way behind this message, or from its beginning.
    Thread(ChatId, Option<MessageId>),
    /// Other messages wait in this chat.
    Queue(ChatId),
    /// This chat, or a new one, has other instructions.
    Instructions(Option<ChatId>),
    /// The presets are others.
    Presets,
    /// Others may use Wick.
    Access,
    /// Somebody wrote something for this chat and has not sent it.
    Draft(SessionId, Option<ChatId>),
}

/// News with their number.
pub type Numbered = Arc<(u64, News)>;

/// Where news are told and heard.
pub struct Newsroom(Mutex<Room>);

struct Room {
    generation: u64,
    /// Of the last news.
    number: u64,
    n_sessions: u64,
    past: VecDeque<Numbered>,
    sender: broadcast::Sender<Numbered>,
}

/// The ear of a session.
pub struct Ear {
    /// Whose.
    pub session: SessionId,
    /// From where on it hears.
    pub seen: Seen,
    /// What it missed, where that is known; else it needs everything anew.
    pub missed: Option<Vec<Numbered>>,
    /// What comes from now on.
    pub news: broadcast::Receiver<Numbered>,
}

impl Newsroom {
    /// Without news.
    pub fn new() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Self(Mutex::new(Room {
            // A browser's numbers are exact up to 2^53; these are microseconds.
            generation: since.map_or(0, |it| it.as_micros() as u64),
            number: 0,
            n_sessions: 0,
            past: VecDeque::new(),
            sender: broadcast::channel(MOST_NEWS).0,
        }))
    }

    /// Tells everybody.
    pub fn tell(&self, news: News) {
        let mut room = self.lock();
        room.number += 1;
        let news = Arc::new((room.number, news));
        if room.past.len() == MOST_NEWS {
            room.past.pop_front();
        }
        room.past.push_back(Arc::clone(&news));
        // Nobody may be there to hear it.
        let _ = room.sender.send(news);
    }

    /// Hears from now on, and what came since a page saw this: no gap, no overlap.
    pub fn listen(&self, seen: Option<Seen>) -> Ear {
        let mut room = self.lock();
        room.n_sessions += 1;
        let oldest = room.past.front().map_or(room.number + 1, |it| it.0);
        let is_known = |it: &Seen| {
            it.generation == room.generation && oldest <= it.number + 1 && it.number <= room.number
        };
        let missed = seen
            .filter(is_known)
            .map(|seen| room.past.iter().filter(|it| seen.number < it.0).map(Arc::clone).collect());
        Ear {
            session: SessionId(room.n_sessions),
            seen: Seen { generation: room.generation, number: room.number },
            missed,
            news: room.sender.subscribe(),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Room> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn news(chat: i64) -> News {
        News::Queue(ChatId(chat))
    }

    fn numbers(missed: &[Numbered]) -> Vec<u64> {
        missed.iter().map(|it| it.0).collect()
    }

    #[test]
    fn who_comes_back_hears_what_it_missed_and_nothing_twice() {
        let room = Newsroom::new();
        room.tell(news(1));
        let mut ear = room.listen(None);
        assert_eq!(ear.missed, None);
        room.tell(news(2));
        assert_eq!(ear.news.try_recv().expect("it was told").0, 2);
        room.tell(news(3));
        let seen = Seen { number: 2, ..ear.seen };
        let mut back = room.listen(Some(seen));
        assert_eq!(numbers(&back.missed.expect("it is known")), [3]);
        assert!(back.news.try_recv().is_err(), "3 would come twice");
        assert_ne!(back.session, ear.session);
        let last = room.listen(Some(Seen { number: 3, ..ear.seen }));
        assert_eq!(last.missed, Some(Vec::new()));
    }

    #[test]
    fn who_was_away_for_longer_than_is_known_gets_everything_anew() {
        let room = Newsroom::new();
        let seen = room.listen(None).seen;
        for _ in 0..MOST_NEWS {
            room.tell(news(1));
        }
        assert!(room.listen(Some(seen)).missed.is_some());
        room.tell(news(1));
        assert!(room.listen(Some(seen)).missed.is_none());
        let elsewhere = Seen { generation: seen.generation + 1, number: 1025 };
        assert!(room.listen(Some(elsewhere)).missed.is_none());
        let ahead = Seen { number: 9_999, ..seen };
        assert!(room.listen(Some(ahead)).missed.is_none());
    }
}
