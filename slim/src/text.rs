//! JavaScript as text, wasm-bindgen's and ours. It is not parsed: comments are on lines of their own,
//! and what wasm-bindgen writes on the outermost level begins on a line of its own.

use std::collections::HashMap;

/// Without comments, indentation and empty lines. Style sheets and HTML are as good as JavaScript.
///
/// A string that goes over several lines would lose some of itself. Nobody writes any here; where
/// one is, everything stays.
pub fn bare(js: &str) -> String {
    if js.lines().any(|line| line.matches('`').count() % 2 == 1) {
        return js.to_owned();
    }
    let mut is_comment = false;
    let mut bare = String::new();
    for line in js.lines().map(str::trim) {
        is_comment |= line.starts_with("/*");
        if !(is_comment || line.is_empty() || line.starts_with("//") || line.starts_with("<!--")) {
            bare.push_str(line);
            bare.push('\n');
        }
        is_comment &= !line.ends_with("*/");
    }
    bare
}

/// The statements of the outermost level, each with the line breaks it has.
pub(crate) fn statements(js: &str) -> Vec<&str> {
    pieces(js, |line| line.starts_with(['?', ':']))
}

/// Cuts text where a line ends and as many braces are closed as were opened, and the next line
/// does not go on with the same.
pub(crate) fn pieces(js: &str, goes_on: impl Fn(&str) -> bool) -> Vec<&str> {
    let (mut pieces, mut begin, mut end, mut depth) = (Vec::new(), 0, 0, 0_isize);
    for line in js.split_inclusive('\n') {
        if depth == 0 && end > begin && !goes_on(line) {
            pieces.push(&js[begin..end]);
            begin = end;
        }
        depth += line.matches('{').count() as isize - line.matches('}').count() as isize;
        end += line.len();
    }
    pieces.push(&js[begin..end]);
    pieces
}

/// How often each word is written.
pub(crate) fn words(js: &str) -> HashMap<&str, usize> {
    let mut words = HashMap::new();
    for word in js.split(|char| !is_of_word(char)) {
        *words.entry(word).or_default() += 1;
    }
    words
}

/// Writes other words for some.
pub(crate) fn replace_words(js: &str, others: &HashMap<String, String>) -> String {
    let mut text = String::with_capacity(js.len());
    let mut rest = js;
    while !rest.is_empty() {
        let end = rest.find(|char| !is_of_word(char)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        text.push_str(others.get(word).map_or(word, String::as_str));
        let between = after.find(is_of_word).unwrap_or(after.len());
        text.push_str(&after[..between]);
        rest = &after[between..];
    }
    text
}

fn is_of_word(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == '_' || char == '$'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_indentation_go() {
        let js = "/**\n * @param {any} a\n */\nfunction f(a) {\n    // Why.\n\n    return `${a}//`;\n}\n";
        assert_eq!(bare(js), "function f(a) {\nreturn `${a}//`;\n}\n");
    }

    #[test]
    fn a_string_of_several_lines_keeps_everything() {
        let js = "const a = `\n  // b\n`;\n";
        assert_eq!(bare(js), js);
    }

    #[test]
    fn a_statement_ends_with_its_braces_and_its_choices() {
        let js = "function f() {\nif (a) {\n}\n}\nconst b = (c)\n? { d: 1 }\n: { d: 2 };\nlet e;\n";
        let statements = statements(js);
        assert_eq!(
            statements,
            [
                "function f() {\nif (a) {\n}\n}\n",
                "const b = (c)\n? { d: 1 }\n: { d: 2 };\n",
                "let e;\n"
            ]
        );
        assert_eq!(statements.concat(), js);
    }

    #[test]
    fn only_whole_words_are_replaced() {
        let others = HashMap::from([("add".to_owned(), "$a".to_owned())]);
        assert_eq!(replace_words("add(wasm.add, add_2, 'é')", &others), "$a(wasm.$a, add_2, 'é')");
    }
}
