//! What the wasm is lent of JavaScript, in the order of what it does: brotli finds more in common
//! between neighbours that resemble each other.

use crate::text::pieces;

/// Comes before the first function that is lent.
pub(crate) const BEGIN: &str = "__proto__: null,\n";

/// The JavaScript with that list in order.
pub(crate) fn by_what_it_does(js: &str) -> String {
    let Some((before, lent)) = js.split_once(BEGIN) else { return js.to_owned() };
    let mut pieces = pieces(lent, |_| false);
    let n_lent = pieces.iter().take_while(|piece| !piece.starts_with('}')).count();
    pieces[..n_lent].sort_by_key(|piece| piece.split_once(':').map(|(_, does)| does));
    format!("{before}{BEGIN}{}", pieces.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_lent_is_put_in_order() {
        let js =
            |lent: &str| format!("let b;\nconst i = {{\n__proto__: null,\n{lent}}};\nlet a;\n");
        let [first, second] =
            ["$b: function(a) {\nreturn 1;\n},\n", "$a: function(a) {\nreturn 2;\n},\n"];
        assert_eq!(by_what_it_does(&js(&[second, first].concat())), js(&[first, second].concat()));
        assert_eq!(by_what_it_does("let b;\nlet a;\n"), "let b;\nlet a;\n");
    }
}
