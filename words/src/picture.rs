//! What the engine's picture says, which the server draws.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::{LANGUAGES, Language};

/// The texts. `{n}` and other names in braces are places.
#[allow(missing_docs, reason = "the files say what each is")]
#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    pub ago: String,
    pub at_most: String,
    pub context: String,
    pub context_born: String,
    pub context_freed: String,
    pub context_grown: String,
    pub crashed: String,
    pub ended: String,
    pub failed: String,
    pub file_changed: String,
    pub in_the_last: String,
    pub loaded: String,
    pub made_room: String,
    pub memory: String,
    pub none: String,
    pub none_yet: String,
    pub now: String,
    pub one_parked: String,
    pub over: String,
    pub parked: String,
    pub point: String,
    pub read: String,
    pub since: String,
    pub thousands: String,
    pub weights: String,
    pub written: String,
}

/// In this language; in English where that is not known.
pub fn picture(tag: &str) -> &'static Picture {
    static ALL: OnceLock<Vec<(&str, Picture)>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let read = |(tag, file)| Some((tag, Language::read(file).ok()?.picture?));
        LANGUAGES.into_iter().filter_map(read).collect()
    });
    let of = |wanted: &str| all.iter().find(|(it, _)| *it == wanted);
    let found = of(tag).or_else(|| of("en")).expect("a test reads all files");
    &found.1
}

impl Picture {
    /// A number with a sign between each three digits.
    pub fn grouped(&self, number: u64) -> String {
        wick_protocol::grouped(number).replace(',', &self.thousands)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_languages_say_what_the_picture_shows() {
        for (tag, file) in LANGUAGES {
            let language = Language::read(file).expect("it can be read");
            assert!(language.picture.is_some(), "{tag}");
        }
        assert_eq!(picture("de").grouped(1_234_567), "1.234.567");
        assert_eq!(picture("xx").grouped(999), picture("en").grouped(999));
    }
}
