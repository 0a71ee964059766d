//! A prompt that is laid out to be shown. The template is not trusted, and there is no model here
//! whose memory would matter: this process may have little.

use rustix::process::{Resource, Rlimit, setrlimit};

use super::sight::{has_pictures, without_pictures};
use crate::engine::frame::{LaidOut, Outline};
use crate::engine::prompt::Layout;

/// Bytes of memory that it may have, code and stacks included.
const MEMORY: u64 = 512 << 20;

/// Lays a prompt out as the model would get it. An error is a sentence for people.
pub fn lay_out(outline: Outline) -> Result<LaidOut, String> {
    let limit = Rlimit { current: Some(MEMORY), maximum: Some(MEMORY) };
    // Where the system has no such limit, the server still ends what takes too long.
    let _ = setrlimit(Resource::As, limit);
    let Outline { wording, mut turns, begun } = outline;
    for turn in turns.iter_mut().filter(|turn| has_pictures(turn)) {
        let text = without_pictures(&turn.text, |name, (width, height), _| {
            Ok(format!("[{name}, a picture of {width} × {height} pixels]"))
        });
        turn.text = text.map_err(|err| err.to_string())?;
    }
    let laid_out = Layout::new(wording).and_then(|layout| {
        let text = layout.render_whole(&turns, &begun)?;
        Ok(LaidOut { text, has_system: layout.has_system() })
    });
    laid_out.map_err(|err| err.to_string())
}
