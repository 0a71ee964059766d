//! What a model thinks before it answers: the text between `<think>` and `</think>` at the beginning,
//! as models of several makers write it.

/// Begins a thought.
pub const OPENS: &str = "<think>";

/// Ends it.
pub const CLOSES: &str = "</think>";

/// What is written for a model whose thought is ended for it, as its makers have it.
pub const END: &str = "\n</think>\n\n";

/// The text of an answer, taken apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts<'a> {
    /// What was thought; empty when nothing was.
    pub thought: &'a str,
    /// Whether more of it may follow.
    pub is_open: bool,
    /// What is said.
    pub said: &'a str,
}

/// Takes the text of an answer apart.
///
/// ```
/// let parts = wick_protocol::thought::parts("<think>\nHm.\n</think>\n\nYes.");
/// assert_eq!((parts.thought, parts.said), ("Hm.", "Yes."));
/// ```
pub fn parts(text: &str) -> Parts<'_> {
    let Some(inner) = text.trim_start().strip_prefix(OPENS) else {
        return Parts { thought: "", is_open: false, said: text };
    };
    match inner.split_once(CLOSES) {
        Some((thought, said)) => {
            Parts { thought: thought.trim(), is_open: false, said: said.trim_start() }
        }
        None => Parts { thought: inner.trim(), is_open: true, said: "" },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, thought: &str, is_open: bool, said: &str) {
        assert_eq!(parts(text), Parts { thought, is_open, said });
    }

    #[test]
    fn a_thought_stands_before_what_is_said() {
        check("Yes.", "", false, "Yes.");
        check("<think>\nHm.\n</think>\n\nYes.", "Hm.", false, "Yes.");
        check("\n<think>Hm", "Hm", true, "");
        check("<think>\n\n</think>\n\nYes.", "", false, "Yes.");
        check("Write <think> first.", "", false, "Write <think> first.");
        check("<think>a</think>b</think>c", "a", false, "b</think>c");
    }
}
