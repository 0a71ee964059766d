//! A language as the browser gets it.

use crate::{Language, Wrong};

/// A line for each text, in the order of the functions; then, of what the server says, the
/// English and the translated sentence, with a tab between them.
///
/// # Errors
/// If it does not say what English says.
pub fn table(language: &Language, english: &Language) -> Result<String, Wrong> {
    language.check(english)?;
    let mut lines = Vec::new();
    for ((_, _, said), (_, _, first)) in language.entries().zip(english.entries()) {
        let places = first.places();
        lines.extend(said.texts().into_iter().map(|text| text.numbered(&places)));
    }
    lines.extend(language.server.iter().map(|(from, to)| format!("{from}\t{to}")));
    Ok(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_have_the_numbers_that_the_functions_give_them() {
        let language = |json| Language::read(json).expect("it can be read");
        let english = language(r#"{"a": {"b": "{x} of {y}", "c": {"one": "1", "other": "{n}"}}}"#);
        let german = language(
            r#"{"a": {"b": "von {y} {x}", "c": {"one": "eins", "other": "{n}"}}, "server": {"No {0}": "Kein {0}"}}"#,
        );
        assert_eq!(table(&english, &english).expect("it is"), "{0} of {1}\n1\n{0}");
        assert_eq!(
            table(&german, &english).expect("it is"),
            "von {1} {0}\neins\n{0}\nNo {0}\tKein {0}"
        );
    }
}
