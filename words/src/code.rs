//! A function for each entry, so that the compiler knows who says what with what.

use std::fmt::Write;

use crate::{Language, OF_SCRIPTS, Said, Wrong};

/// The functions, in a module for each part. They need `word`, `fill` and `counted` around them.
///
/// # Errors
/// If nothing can be written.
pub fn functions(english: &Language) -> Result<String, Wrong> {
    write(english).map_err(|err| Wrong(err.to_string()))
}

fn write(english: &Language) -> Result<String, std::fmt::Error> {
    let mut code = String::new();
    let mut part_before = "";
    let mut line = 0;
    for (part, name, said) in english.entries() {
        if part == OF_SCRIPTS {
            line += said.texts().len();
            continue;
        }
        if part != part_before {
            let end = if part_before.is_empty() { "" } else { "}\n" };
            writeln!(code, "{end}pub(crate) mod {part} {{")?;
            part_before = part;
        }
        for text in said.texts() {
            writeln!(code, "    /// {:?}", text.as_str())?;
        }
        let mut places = said.places();
        if matches!(said, Said::Counted { .. }) {
            places.retain(|it| *it != "n");
        }
        let parameters: Vec<_> = places.iter().map(|it| format!("{it}: &str")).collect();
        let (parameters, given) = (parameters.join(", "), places.join(", "));
        match said {
            Said::Always(_) if places.is_empty() => {
                writeln!(
                    code,
                    "    pub(crate) fn {name}() -> &'static str {{ super::word({line}) }}"
                )?;
            }
            Said::Always(_) => writeln!(
                code,
                "    pub(crate) fn {name}({parameters}) -> String {{ super::fill({line}, &[{given}]) }}",
            )?,
            Said::Counted { .. } => writeln!(
                code,
                "    pub(crate) fn {name}(n: usize, {parameters}) -> String {{ super::counted({line}, n, &[{given}]) }}",
            )?,
        }
        line += said.texts().len();
    }
    if !part_before.is_empty() {
        code += "}\n";
    }
    Ok(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_scripts_say_is_no_function_and_has_its_lines() {
        let json = r#"{"a": {"b": "B"}, "door": {"c": "C", "d": "{x}"}, "e": {"f": "F"}}"#;
        let language = Language::read(json).expect("it can be read");
        assert_eq!(language.lines_of_scripts(), [("c", 1), ("d", 2)]);
        let code = functions(&language).expect("it is code");
        assert!(code.contains("fn f() -> &'static str { super::word(3) }"), "{code}");
        assert!(!code.contains("fn c("), "{code}");
    }

    #[test]
    fn each_entry_is_a_function() {
        let json = r#"{"a": {"b": "B", "c": {"one": "1 {x}", "other": "{n} {x}"}, "d": "{x}{y}"}}"#;
        let code = functions(&Language::read(json).expect("it can be read")).expect("it is code");
        for function in [
            "fn b() -> &'static str { super::word(0) }",
            "fn c(n: usize, x: &str) -> String { super::counted(1, n, &[x]) }",
            "fn d(x: &str, y: &str) -> String { super::fill(3, &[x, y]) }",
        ] {
            assert!(code.contains(function), "{code}");
        }
    }
}
