//! What the page says, in the person's language: a function for each entry of `words/en.json`,
//! which finds its text in the table that the browser fetched with the page.

mod sentences;

use std::cell::OnceCell;

use crate::numbers::grouped;

pub(crate) use sentences::{as_said, translated};

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// A text that is looked up when it is shown.
pub(crate) type Word = fn() -> &'static str;

/// A language: a line for each text, and behind those what the server says.
struct Table {
    lines: Vec<&'static str>,
}

thread_local! {
    static TABLE: OnceCell<Table> = const { OnceCell::new() };
}

impl Table {
    fn new(text: &'static str) -> Self {
        Self { lines: text.split('\n').collect() }
    }

    /// English sentences, and these in this language.
    fn of_the_server(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.lines.iter().rev().map_while(|line| line.split_once('\t'))
    }

    /// Does something with the language of this page.
    fn with<T>(f: impl FnOnce(&Self) -> T) -> T {
        TABLE.with(|table| f(table.get_or_init(|| Self::new(fetched()))))
    }
}

/// The table that came with the page, and stays as long. Where there is no browser, which is in tests,
/// it is English.
fn fetched() -> &'static str {
    if cfg!(target_arch = "wasm32") {
        Box::leak(crate::browser::words().into_boxed_str())
    } else {
        include_str!(concat!(env!("OUT_DIR"), "/words.txt"))
    }
}

/// A text without places. It stands in hundreds of places, and should not be copied into them.
#[inline(never)]
fn word(line: usize) -> &'static str {
    Table::with(|table| table.lines.get(line).copied().unwrap_or_default())
}

/// A text with these in its places.
#[inline(never)]
fn fill(line: usize, with: &[&str]) -> String {
    put(word(line), with)
}

/// The text for one, or the next for any other number, which is the first that is put in.
fn counted(line: usize, n: usize, with: &[&str]) -> String {
    let number = grouped(n as u64);
    let all = [&[number.as_str()], with].concat();
    fill(line + usize::from(n != 1), &all)
}

/// Puts in what belongs where `{0}`, `{1}` and so on stand.
fn put(text: &str, with: &[&str]) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        filled.push_str(before);
        let place = behind.as_bytes().first().map(|it| it.wrapping_sub(b'0'));
        match place.and_then(|it| with.get(usize::from(it))) {
            Some(it) if behind.as_bytes().get(1) == Some(&b'}') => {
                filled.push_str(it);
                rest = &behind[2..];
            }
            _ => {
                filled.push('{');
                rest = behind;
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_in_any_order() {
        assert_eq!(put("{1} of {0}, {}, {7} {", &["a", "{1}"]), "{1} of a, {}, {7} {");
        assert_eq!(put("nothing", &[]), "nothing");
    }
}
