//! A text with places.

use serde::Deserialize;

/// Such as "Reading: {done} of {all}". Braces around anything but a lower-case name are braces.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct Text(String);

impl Text {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The names of its places, in their order.
    pub(crate) fn places(&self) -> Vec<&str> {
        self.pieces().into_iter().filter_map(Result::err).collect()
    }

    /// With each place as its number among all of an entry.
    pub(crate) fn numbered(&self, places: &[&str]) -> String {
        let piece = |piece: Result<&str, &str>| match piece {
            Ok(text) => text.to_owned(),
            Err(name) => match places.iter().position(|it| *it == name) {
                Some(idx) => format!("{{{idx}}}"),
                None => format!("{{{name}}}"),
            },
        };
        self.pieces().into_iter().map(piece).collect()
    }

    /// What stands there, or the name of a place.
    fn pieces(&self) -> Vec<Result<&str, &str>> {
        let mut pieces = Vec::new();
        let (mut rest, mut from) = (self.0.as_str(), 0);
        while let Some(at) = rest[from..].find('{').map(|at| from + at) {
            match rest[at + 1..].split_once('}') {
                Some((name, behind)) if is_name(name) => {
                    pieces.extend([Ok(&rest[..at]), Err(name)]);
                    (rest, from) = (behind, 0);
                }
                _ => from = at + 1,
            }
        }
        pieces.push(Ok(rest));
        pieces
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|it| it.is_ascii_lowercase() || it == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_are_places() {
        let text = Text("{} is any JSON; {done} of {all}, {A} {done".into());
        assert_eq!(text.places(), ["done", "all"]);
        assert_eq!(text.numbered(&["all", "done"]), "{} is any JSON; {1} of {0}, {A} {done");
    }
}
