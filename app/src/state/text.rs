//! The text of a message, which mostly grows.

use std::mem::take;
use std::ops::Deref;

use crate::browser;

/// A text as long as this is long, in bytes.
const LONG: usize = 16_384;

/// It grows by at least one part of so many: doubling would take twice the memory of a long answer.
const GROWS_BY: usize = 8;

/// A text, and whether it is still the same one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text {
    whole: String,
    edition: u32,
}

impl Text {
    /// Another number means that it did not grow out of the one before.
    pub(crate) fn edition(&self) -> u32 {
        self.edition
    }

    /// Adds something at its end.
    pub(crate) fn grow(&mut self, more: &str) {
        let room = self.whole.capacity() - self.whole.len();
        if room < more.len() {
            self.make_room(more.len().max(self.whole.len() / GROWS_BY));
        }
        self.whole.push_str(more);
    }

    /// A long text waits outside of the module's memory, which never gets smaller, until the new place
    /// is there. That is mostly the old one: beside it, a new one would leave it as a hole.
    fn make_room(&mut self, n_more: usize) {
        if cfg!(target_arch = "wasm32") && LONG <= self.whole.len() {
            self.whole = browser::moved(take(&mut self.whole), n_more);
        } else {
            self.whole.reserve_exact(n_more);
        }
    }

    /// Becomes this, and another one where it does not begin as before.
    pub(crate) fn replace(&mut self, now: String) {
        match now.strip_prefix(&*self.whole) {
            Some(more) => self.grow(more),
            None => *self = Self { whole: now, edition: self.edition + 1 },
        }
    }
}

impl From<String> for Text {
    fn from(whole: String) -> Self {
        Self { whole, edition: 0 }
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_grows_stays_the_same_one() {
        let mut text = Text::from("a".to_owned());
        text.grow("b");
        text.replace("abc".into());
        assert_eq!((&*text, text.edition()), ("abc", 0));
        text.replace("ab".into());
        assert_eq!((&*text, text.edition()), ("ab", 1));
    }

    #[test]
    fn it_takes_little_more_room_than_its_words() {
        let mut text = Text::default();
        for _ in 0..10_000 {
            text.grow("words ");
        }
        assert!(text.whole.capacity() < text.len() * 9 / 8 + 8);
    }
}
