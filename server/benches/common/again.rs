//! This very executable once more, as a child process that does one thing.

use std::process::{Child, Command, Stdio};

/// A child process. It ends with whoever holds this, also in a panic.
pub struct Again(pub Child);

impl Again {
    /// Starts one that is told by this word what to do. It hears of our end by its standard input.
    pub fn start(word: &str) -> Again {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg(word).stdin(Stdio::piped()).stdout(Stdio::piped());
        Again(command.spawn().unwrap())
    }

    /// Whether this process was started so.
    pub fn is(word: &str) -> bool {
        std::env::args().nth(1).is_some_and(|it| it == word)
    }
}

impl Drop for Again {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
