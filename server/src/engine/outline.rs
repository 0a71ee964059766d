//! Prompts to be shown: laid out by an engine process of their own, which loads nothing and ends.

use std::path::Path;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::timeout;

use super::child::Child;
use super::frame::{FromWorker, LaidOut, Outline, ToWorker};

/// How long it may take. A chat of a thousand messages takes some milliseconds.
const LAID_OUT_WITHIN: Duration = Duration::from_secs(5);

/// Lays a prompt out as a model would get it. An error is a sentence for people.
pub(super) async fn lay_out(program: &Path, outline: Outline) -> Result<LaidOut, String> {
    let (sender, mut frames) = mpsc::channel(1);
    let failed = |err| format!("The engine can't be started: {err}");
    let mut child = Child::start(program, sender).map_err(failed)?;
    let laid_out = async {
        // That it is gone is told by its last frame.
        let _ = child.send(&ToWorker::LayOut(outline)).await;
        frames.recv().await.and_then(|it| it.frame)
    };
    match timeout(LAID_OUT_WITHIN, laid_out).await {
        Ok(Some(FromWorker::LaidOut(result))) => {
            child.end().await;
            result
        }
        Ok(_) => Err(child.how_it_ended().await),
        Err(_) => {
            let seconds = LAID_OUT_WITHIN.as_secs();
            Err(format!("The chat template took over {seconds} s and was stopped"))
        }
    }
}
