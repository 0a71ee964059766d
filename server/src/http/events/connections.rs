//! The connections that are open, each under the key that its page made.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;

use super::problem::Problem;

/// Connections at once.
pub const MOST: usize = 64;

/// Messages of a connection that wait for its session; the page waits with more.
const MOST_WAITING: usize = 16;

/// Names a connection: 128 bits that nobody else has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key(String);

impl Key {
    /// Takes 32 hexadecimal digits.
    pub fn new(digits: &str) -> Option<Self> {
        let is_key = digits.len() == 32 && digits.bytes().all(|it| it.is_ascii_hexdigit());
        is_key.then(|| Self(digits.to_owned()))
    }
}

/// All connections. A clone is another handle on the same.
#[derive(Clone, Default)]
pub struct Connections {
    inputs: Arc<Mutex<HashMap<Key, mpsc::Sender<String>>>>,
}

/// Keeps a connection open. Dropping it frees the key and ends what the session hears, and with
/// that the session.
pub struct Open {
    connections: Connections,
    key: Key,
}

impl Connections {
    /// Opens one under a key that is free. Gives the texts of the messages that come for it.
    pub fn open(&self, key: Key) -> Result<(Open, mpsc::Receiver<String>), Problem> {
        let mut inputs = self.inputs();
        if inputs.contains_key(&key) {
            return Err(Problem::InUse);
        }
        if MOST <= inputs.len() {
            return Err(Problem::Full);
        }
        let (input, messages) = mpsc::channel(MOST_WAITING);
        inputs.insert(key.clone(), input);
        drop(inputs);
        Ok((Open { connections: self.clone(), key }, messages))
    }

    /// Where messages for a connection go.
    pub fn input(&self, key: &Key) -> Option<mpsc::Sender<String>> {
        self.inputs().get(key).cloned()
    }

    fn inputs(&self) -> MutexGuard<'_, HashMap<Key, mpsc::Sender<String>>> {
        self.inputs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.connections.inputs().remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: usize) -> Key {
        Key::new(&format!("{n:032x}")).expect("it is 32 digits")
    }

    #[test]
    fn a_key_is_32_hexadecimal_digits() {
        assert!(Key::new("00112233445566778899aabbccddeeff").is_some());
        for digits in ["", "0", "00112233445566778899aabbccddeef", "é112233445566778899aabbccddeef"]
        {
            assert!(Key::new(digits).is_none(), "{digits}");
        }
        assert!(Key::new("00112233445566778899aabbccddeefg").is_none());
    }

    #[test]
    fn there_is_room_for_so_many_and_for_another_when_one_ends() {
        let connections = Connections::default();
        let mut all: Vec<_> = (0..MOST).map(|n| connections.open(key(n)).ok()).collect();
        assert!(all.iter().all(Option::is_some));
        assert!(matches!(connections.open(key(MOST)), Err(Problem::Full)));
        all.pop();
        assert!(connections.open(key(MOST)).is_ok());
    }

    #[tokio::test]
    async fn what_is_heard_ends_with_the_connection() {
        let connections = Connections::default();
        let Ok((open, mut messages)) = connections.open(key(1)) else { panic!("the key is free") };
        drop(open);
        assert_eq!(messages.recv().await, None);
        assert!(connections.input(&key(1)).is_none());
    }
}
