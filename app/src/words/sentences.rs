//! What the server says, which is English: in the person's language, where that has it.

use std::borrow::Cow;

use super::{Table, number, put};

/// What the server says, with the full stop that it leaves out.
pub(crate) fn as_said(text: &str) -> String {
    let stop = if text.is_empty() || text.ends_with('.') { "" } else { "." };
    format!("{}{stop}", translated(text))
}

/// The same in the person's language; as it is when that does not have it.
pub(crate) fn translated(text: &str) -> Cow<'_, str> {
    let said = text.strip_suffix('.').unwrap_or(text);
    let stop = &text[said.len()..];
    match Table::with(|table| own(table, said)) {
        Some(own) => Cow::Owned(own + stop),
        None => Cow::Borrowed(text),
    }
}

fn own(table: &Table, said: &str) -> Option<String> {
    let whole = table.of_the_server().find_map(|(english, own)| {
        let parts = parts(said, english)?;
        let parts: Vec<_> = parts.into_iter().map(|it| part(table, it)).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        Some(put(own, &parts))
    });
    // Several sentences, of which the first may have stops in it.
    whole.or_else(|| {
        said.rmatch_indices(". ").find_map(|(at, _)| {
            let (first, next) = (own(table, &said[..at])?, &said[at + 2..]);
            Some(format!("{first}. {}", own(table, next).unwrap_or_else(|| next.to_owned())))
        })
    })
}

/// What stands in a sentence: a number, or something that is itself said.
fn part(table: &Table, text: &str) -> String {
    let digits = text.split(' ').next().unwrap_or_default();
    let is_number = digits.starts_with(|it: char| it.is_ascii_digit())
        && digits.bytes().all(|it| it.is_ascii_digit() || matches!(it, b'.' | b','));
    if !is_number {
        return own(table, text).unwrap_or_else(|| text.to_owned());
    }
    let sign = |it: char| match it {
        ',' => number::thousands().to_owned(),
        '.' => number::point().to_owned(),
        _ => it.to_string(),
    };
    let here: String = digits.chars().map(sign).collect();
    here + &text[digits.len()..]
}

/// What stands at the places of a sentence, in the order of their numbers, if this is that sentence.
fn parts<'a>(text: &'a str, sentence: &str) -> Option<Vec<&'a str>> {
    let mut places = sentence.split('{');
    let mut rest = text.strip_prefix(places.next()?)?;
    let mut parts = Vec::new();
    let mut places = places.peekable();
    while let Some(place) = places.next() {
        // Behind the number of the place comes what ends it: the last takes all that is left.
        let behind = place.split_once('}')?.1;
        let at = match places.peek() {
            None => rest.len().checked_sub(behind.len()).filter(|_| rest.ends_with(behind))?,
            Some(_) => rest.find(behind).filter(|_| !behind.is_empty())?,
        };
        parts.push(&rest[..at]);
        rest = &rest[at + behind.len()..];
    }
    (rest.is_empty() && parts.iter().all(|it| !it.is_empty())).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_known_by_what_stands_around_its_places() {
        let says = "{0} is {1} long; up to {2} work";
        assert_eq!(parts("It is 5 long; up to 4 work", says), Some(vec!["It", "5", "4"]));
        assert_eq!(parts("It is 5 long; up to 4 wor", says), None);
        assert_eq!(parts("Done", "Done"), Some(vec![]));
        assert_eq!(parts("Done it", "Done"), None);
        assert_eq!(parts("No: a: b", "No: {0}"), Some(vec!["a: b"]));
        assert_eq!(parts("No: ", "No: {0}"), None);
    }

    #[test]
    fn sentences_may_hold_and_follow_each_other() {
        let table = Table::new("A text\nDone\tFertig\nNo: {0}\tNein: {0}\nIt. Is\tEs. Ist");
        let own = |said| own(&table, said);
        assert_eq!(own("Done"), Some("Fertig".into()));
        assert_eq!(own("No: 1,204 MB"), Some("Nein: 1,204 MB".into()));
        assert_eq!(own("It. Is. Done. New"), Some("Es. Ist. Fertig. New".into()));
        assert_eq!(own("New. Done"), None);
    }

    #[test]
    fn what_is_not_known_stays_as_it_is() {
        assert_eq!(translated("Something new"), "Something new");
        assert_eq!(as_said("Something new"), "Something new.");
        assert_eq!(as_said("Something new."), "Something new.");
        assert_eq!(as_said(""), "");
    }
}
