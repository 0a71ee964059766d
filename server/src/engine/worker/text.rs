//! Turns the bytes of tokens into text that a person can be shown.
//!
//! A character may be split over several tokens, so its bytes wait until it is whole. What could
//! become a stop string waits until it is clear that it does not.

use std::ops::ControlFlow;

/// The text of one answer while it is written.
pub struct Text {
    stops: Vec<String>,
    /// Bytes that are not a whole character yet; at most three.
    bytes: Vec<u8>,
    /// Characters that could be the beginning of a stop string.
    held: String,
}

impl Text {
    /// An answer that ends before any of `stops`, none of which is empty.
    pub fn new(stops: Vec<String>) -> Self {
        Self { stops, bytes: Vec::new(), held: String::new() }
    }

    /// Takes the bytes of a token. Gives what can be shown now; `Break` when a stop string was
    /// reached, with what came before it.
    pub fn push(&mut self, piece: &[u8]) -> ControlFlow<String, String> {
        self.bytes.extend_from_slice(piece);
        self.take_characters();
        if let Some(at) = self.stops.iter().filter_map(|stop| self.held.find(stop)).min() {
            self.held.truncate(at);
            return ControlFlow::Break(std::mem::take(&mut self.held));
        }
        let kept = self.stops.iter().map(|stop| overlap(&self.held, stop)).max().unwrap_or(0);
        let rest = self.held.split_off(self.held.len() - kept);
        ControlFlow::Continue(std::mem::replace(&mut self.held, rest))
    }

    /// The answer ended: what was still held back.
    pub fn finish(&mut self) -> String {
        if !self.bytes.is_empty() {
            self.held.push(char::REPLACEMENT_CHARACTER);
            self.bytes.clear();
        }
        std::mem::take(&mut self.held)
    }

    fn take_characters(&mut self) {
        let mut left = Vec::new();
        let mut chunks = self.bytes.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            self.held.push_str(chunk.valid());
            let invalid = chunk.invalid();
            if chunks.peek().is_none() && is_unfinished(invalid) {
                left = invalid.to_vec();
            } else if !invalid.is_empty() {
                self.held.push(char::REPLACEMENT_CHARACTER);
            }
        }
        self.bytes = left;
    }
}

/// Whether these bytes could become a character with more bytes behind them.
fn is_unfinished(bytes: &[u8]) -> bool {
    matches!(std::str::from_utf8(bytes), Err(err) if err.error_len().is_none())
}

/// How many bytes at the end of `text` are the beginning of `stop`, but not all of it.
fn overlap(text: &str, stop: &str) -> usize {
    let longest = text.len().min(stop.len() - 1);
    let text = text.as_bytes();
    (1..=longest).rev().find(|&n| text[text.len() - n..] == stop.as_bytes()[..n]).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What is shown after each piece, and whether the answer ended at a stop string.
    fn shown(stops: &[&str], pieces: &[&[u8]]) -> (Vec<String>, bool) {
        let mut text = Text::new(stops.iter().map(ToString::to_string).collect());
        let mut shown = Vec::new();
        for piece in pieces {
            match text.push(piece) {
                ControlFlow::Continue(more) => shown.push(more),
                ControlFlow::Break(more) => {
                    shown.push(more);
                    return (shown, true);
                }
            }
        }
        shown.push(text.finish());
        (shown, false)
    }

    #[track_caller]
    fn check(stops: &[&str], pieces: &[&[u8]], expected: &[&str], stopped: bool) {
        let (texts, did_stop) = shown(stops, pieces);
        assert_eq!((texts.as_slice(), did_stop), (expected.map_strings().as_slice(), stopped));
    }

    trait MapStrings {
        fn map_strings(&self) -> Vec<String>;
    }

    impl MapStrings for [&str] {
        fn map_strings(&self) -> Vec<String> {
            self.iter().map(ToString::to_string).collect()
        }
    }

    #[test]
    fn a_character_waits_until_it_is_whole() {
        check(&[], &[b"\xe2\x82", b"\xac!"], &["", "€!", ""], false);
    }

    #[test]
    fn bytes_that_are_no_character_are_shown_as_such() {
        check(&[], &[b"a\xffb", b"\xe2"], &["a\u{fffd}b", "", "\u{fffd}"], false);
    }

    #[test]
    fn nothing_of_a_stop_string_is_shown() {
        check(&["</end>"], &[b"so</", b"end>x"], &["so", ""], true);
    }

    #[test]
    fn what_only_looked_like_a_stop_string_is_shown() {
        check(&["</end>"], &[b"a</", b"b>"], &["a", "</b>", ""], false);
        check(&["</end>"], &[b"a</en"], &["a", "</en"], false);
    }

    #[test]
    fn the_first_of_two_stop_strings_counts() {
        check(&["zz", "b"], &[b"abzz"], &["a"], true);
    }

    proptest! {
        #[test]
        fn however_it_is_cut_the_text_is_the_same(text in ".{0,40}", cuts in prop::collection::vec(1usize..5, 40)) {
            let mut rest = text.as_bytes();
            let mut pieces = Vec::new();
            for cut in cuts {
                let (piece, after) = rest.split_at(cut.min(rest.len()));
                pieces.push(piece);
                rest = after;
            }
            pieces.push(rest);
            let (shown, stopped) = shown(&["\u{0}never\u{0}"], &pieces);
            prop_assert!(!stopped);
            prop_assert_eq!(shown.concat(), text);
        }
    }
}
