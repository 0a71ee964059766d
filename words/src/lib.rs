//! What the page says, in each language that it speaks: a file each, `en.json` first. Two builds
//! read them: the page's, which makes a function of each entry, and the site's, which makes a
//! table of each language, of which a browser fetches one.
//!
//! An entry is a text, or two of them where one thing is said otherwise than several. A place in
//! a text is a name in braces; `{n}` is the number that decides. What the server says comes as
//! whole English sentences; the other languages have them under `server`.
//!
//! Reading order: `text` (a text and its places), `code` (functions), `table`, `picture` (what the
//! server says where it draws).

mod code;
mod picture;
mod table;
mod text;

use std::collections::BTreeMap;
use std::fmt::{Display, Formatter};

use serde::Deserialize;

pub use code::functions;
pub use picture::{Picture, picture};
pub use table::table;
use text::Text;

/// English, which the others are held against.
pub const ENGLISH: &str = include_str!("../en.json");

/// All languages, each as its tag and its file.
pub const LANGUAGES: [(&str, &str); 2] = [("de", include_str!("../de.json")), ("en", ENGLISH)];

/// The part that scripts say before there are functions: they know its lines by their numbers.
const OF_SCRIPTS: &str = "door";

/// What one language says.
#[derive(Deserialize)]
pub struct Language {
    /// The server's sentences: English, and this language. Places are numbered.
    #[serde(default)]
    server: BTreeMap<String, String>,
    /// What the engine's picture says.
    #[serde(default)]
    picture: Option<Picture>,
    /// By the part of the page, then by what it says.
    #[serde(flatten)]
    parts: BTreeMap<String, BTreeMap<String, Said>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Said {
    Always(Text),
    Counted { one: Text, other: Text },
}

impl Said {
    /// Its texts, in the order in which the table has them.
    fn texts(&self) -> Vec<&Text> {
        match self {
            Self::Always(text) => vec![text],
            Self::Counted { one, other } => vec![one, other],
        }
    }

    /// What is put into it, in the order in which the function takes it.
    fn places(&self) -> Vec<&str> {
        let mut places: Vec<&str> = Vec::new();
        if matches!(self, Self::Counted { .. }) {
            places.push("n");
        }
        // The last has them all: "one" may leave the number out.
        for place in self.texts().last().into_iter().flat_map(|text| text.places()) {
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places
    }
}

/// What is wrong with a language.
#[derive(Debug, PartialEq, Eq)]
pub struct Wrong(String);

impl Display for Wrong {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Wrong {}

impl Language {
    /// Reads a file.
    ///
    /// # Errors
    /// If it is no such file, or a text has a line break, which the table uses.
    pub fn read(json: &str) -> Result<Self, Wrong> {
        let language: Self = serde_json::from_str(json).map_err(|err| Wrong(err.to_string()))?;
        let ours = language.entries().flat_map(|(_, _, said)| said.texts()).map(Text::as_str);
        let server = language.server.iter().flat_map(|(from, to)| [from.as_str(), to.as_str()]);
        let more_than_a_line = |text: &&str| text.contains(['\n', '\t']);
        if let Some(text) = ours.chain(server).find(more_than_a_line) {
            return Err(Wrong(format!("{text:?} is more than a line")));
        }
        Ok(language)
    }

    /// Whether it says all that English says, and nothing else, with the same put into it.
    ///
    /// # Errors
    /// If it does not; the error says what.
    pub fn check(&self, english: &Self) -> Result<(), Wrong> {
        let mut other = self.entries();
        for (part, name, said) in english.entries() {
            let same = other.next().filter(|it| (it.0, it.1) == (part, name));
            let Some((_, _, translated)) = same else {
                return Err(Wrong(format!("{part}.{name} is not the next that is said")));
            };
            let places = said.places();
            let has_others = |text: &&Text| text.places().iter().any(|it| !places.contains(it));
            let lacks_one = translated.places().len() != places.len();
            let texts = [said.texts(), translated.texts()].concat();
            if said.texts().len() != translated.texts().len()
                || lacks_one
                || texts.iter().any(has_others)
            {
                return Err(Wrong(format!("{part}.{name} has other places than {places:?}")));
            }
        }
        match other.next() {
            Some((part, name, _)) => Err(Wrong(format!("{part}.{name} is not said in English"))),
            None => Ok(()),
        }
    }

    /// What scripts say: the name of each text and its line in the table.
    pub fn lines_of_scripts(&self) -> Vec<(&str, usize)> {
        let mut line = 0;
        let mut lines = Vec::new();
        for (part, name, said) in self.entries() {
            if part == OF_SCRIPTS {
                lines.push((name, line));
            }
            line += said.texts().len();
        }
        lines
    }

    fn entries(&self) -> impl Iterator<Item = (&str, &str, &Said)> {
        self.parts.iter().flat_map(|(part, entries)| {
            entries.iter().map(move |(name, said)| (part.as_str(), name.as_str(), said))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;

    fn language(json: &str) -> Language {
        Language::read(json).expect("it can be read")
    }

    #[test]
    fn every_language_says_what_english_says() {
        let english = language(ENGLISH);
        for (tag, file) in LANGUAGES {
            assert_eq!(language(file).check(&english), Ok(()), "{tag}");
        }
    }

    #[test]
    fn what_is_missing_or_has_other_places_is_found() {
        let english = language(r#"{"a": {"b": "{x} of {y}", "c": {"one": "1", "other": "{n}"}}}"#);
        let check = |json| language(json).check(&english);
        assert_eq!(
            check(r#"{"a": {"b": "von {y} {x}", "c": {"one": "eins", "other": "{n}"}}}"#),
            Ok(())
        );
        for wrong in [
            r#"{"a": {"b": "{x} of {y}"}}"#,
            r#"{"a": {"b": "{x}", "c": {"one": "1", "other": "{n}"}}}"#,
            r#"{"a": {"b": "{x} of {z}", "c": {"one": "1", "other": "{n}"}}}"#,
            r#"{"a": {"b": "{x} of {y}", "c": "{n}"}}"#,
            r#"{"a": {"b": "{x} of {y}", "c": {"one": "1", "other": "{n}"}, "d": ""}}"#,
        ] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
        assert!(Language::read(r#"{"a": {"b": "two\nlines"}}"#).is_err());
    }

    /// What the server makes of several pieces.
    const COMPOSED: [&str; 3] =
        ["With {0} it would need ", "With {0} it would take ", " or a larger "];

    #[test]
    fn the_server_still_says_what_is_translated() {
        let mut sources = Vec::new();
        for folder in ["../server/src", "../archive/src"] {
            read_into(&mut sources, Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
        }
        let german = language(include_str!("../de.json"));
        assert!(100 < german.server.len());
        for english in german.server.keys() {
            let is_composed = COMPOSED.iter().any(|it| english.contains(it));
            let is_said = sources.iter().any(|source| says(source, english));
            assert!(is_composed || is_said, "no source says {english:?}");
        }
    }

    fn read_into(sources: &mut Vec<String>, folder: PathBuf) {
        for entry in fs::read_dir(folder).expect("the sources are there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                read_into(sources, path);
            } else if let Ok(source) = fs::read_to_string(path) {
                // A line of a text that goes on in the next.
                let lines = source.split("\\\n").enumerate();
                let joined = lines.map(|(idx, it)| if idx == 0 { it } else { it.trim_start() });
                sources.push(joined.collect());
            }
        }
    }

    /// Whether a source has the sentence, with anything in braces at its places.
    fn says(source: &str, sentence: &str) -> bool {
        let mut pieces = sentence.split('{').map(|it| it.split_once('}').map_or(it, |(_, it)| it));
        let first = pieces.next().unwrap_or_default();
        source.match_indices(first).any(|(at, _)| {
            let mut rest = &source[at + first.len()..];
            pieces.clone().all(|piece| {
                let place = rest.strip_prefix('{').and_then(|it| it.split_once('}'));
                let behind = place.and_then(|(_, it)| it.strip_prefix(piece));
                rest = behind.unwrap_or_default();
                behind.is_some()
            })
        })
    }
}
