//! What is not laid out any more while it is out of sight: `assets/sight.js`.

use web_sys::Node;

use super::given;

/// What the script is given.
const WRITTEN: &str = "wickWritten";

/// The blocks that an answer has until now cost nothing while nobody sees them.
pub(crate) fn leave_out_of_sight(answer: &Node) {
    given(WRITTEN, "").push(answer);
}
