//! One answer being written: what was said goes in, text comes out and is saved.
//!
//! An answer belongs to its turn and to no browser: a closed page does not stop it. Whoever
//! wants to see it holds a [`watch`] receiver and takes what it does not have yet, so a slow
//! reader gets fewer and larger pieces and nobody waits for it.

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{Notify, watch};
use tokio::time::{sleep, sleep_until};
use tokio_util::sync::CancellationToken;
use wick_protocol::{AnswerState, Finish, How, MessageId, Offer, Stats, thought};

use crate::chats::{DbError, Store};
use crate::engine::frame::Usage;
use crate::engine::{Engine, EngineError, Event, Request};

/// How often text is put on the disk. With the time that it takes, the disk is at most 50 ms behind.
const BEHIND: Duration = Duration::from_millis(40);

/// How often an answer that could not be saved is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(1);

/// An answer that somebody stops is shown with what it took, if the engine says so within this.
const STOPPING: Duration = Duration::from_millis(80);

/// An answer as far as it is.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Names it.
    pub id: MessageId,
    /// The model's name.
    pub model: String,
    /// All of its text.
    pub text: String,
    /// What is being done for it, or how it ended.
    pub state: AnswerState,
    /// What it took, once it has ended.
    pub stats: Option<Stats>,
}

/// What a turn works with.
pub struct Turn {
    /// Where the answer is shown.
    pub answer: watch::Sender<Answer>,
    /// Somebody stops the answer.
    pub stop: CancellationToken,
    /// Somebody has the model say what it has to say now.
    pub hurry: Arc<Notify>,
    /// Wick is ending.
    pub closing: CancellationToken,
    /// Where the answer is saved.
    pub store: Store,
    /// Hears whether saving works.
    pub storage: Box<dyn Fn(Result<(), DbError>) + Send + Sync>,
    /// Hears that the answer is whole on the disk, before anybody is shown that it ended.
    pub saved: Box<dyn Fn() + Send + Sync>,
}

type Saving = Pin<Box<dyn Future<Output = Result<(), DbError>> + Send>>;

impl Turn {
    /// Writes the answer to its end, saves it and shows how it ended. Does not return before it
    /// is saved, unless Wick is ending.
    pub async fn write(self, engine: &Engine, request: Result<Request, String>) {
        let mut written = Written::new(self.answer.borrow().text.len());
        let end = match request {
            Err(reason) => End::interrupted(reason),
            Ok(mut request) => loop {
                written.how = Some(How::from(&request.sampling));
                let end = match engine.generate(request.clone()) {
                    Ok(generation) => self.follow(generation, engine, &mut written).await,
                    Err(err) => Some(End::failed(&err)),
                };
                if let Some(end) = end {
                    break end;
                }
                // What the model has is kept, so that only the end of its thought is read.
                self.answer.send_modify(|answer| answer.text.push_str(thought::END));
                request.begun.clone_from(&self.answer.borrow().text);
            },
        };
        self.finish(end).await;
    }

    /// Follows the answer to its end; to none when somebody ends a thought.
    async fn follow(
        &self,
        mut generation: crate::engine::Generation,
        engine: &Engine,
        written: &mut Written,
    ) -> Option<End> {
        let Written { asked, first_token, thought, n_saved, how } = written;
        let mut saving: Option<(usize, Saving)> = None;
        let mut save_at = Instant::now();
        let mut stopping = None;
        loop {
            let is_behind = saving.is_none() && *n_saved < self.answer.borrow().text.len();
            tokio::select! {
                event = generation.next() => match event {
                    Ok(Event::Done(why, usage)) => {
                        let first_token = first_token.unwrap_or_else(|| asked.elapsed());
                        let stats = Stats {
                            thought_ms: thought.ms,
                            memory: engine.status().borrow().memory().map_or(0, |it| it.total),
                            how: *how,
                            ..stats(usage, first_token)
                        };
                        // Of what was stopped before its first word there is nothing to tell.
                        let is_told = why != Finish::Stopped || stats.n_tokens != 0;
                        let state = AnswerState::Finished { why };
                        return Some(End { state, stats: is_told.then_some(stats) });
                    }
                    Ok(event) => {
                        if matches!(event, Event::Text(_)) {
                            first_token.get_or_insert_with(|| asked.elapsed());
                        }
                        self.show(event);
                        thought.follow(&self.answer.borrow().text);
                    }
                    Err(_) if stopping.is_some() => return Some(End::stopped()),
                    Err(EngineError::Closing) => return Some(End::closing()),
                    Err(err) => return Some(End::failed(&err)),
                },
                () = self.stop.cancelled(), if stopping.is_none() => {
                    // Of an answer without a word there is nothing to tell.
                    if first_token.is_none() {
                        return Some(End::stopped());
                    }
                    generation.cancel();
                    stopping = Some(Instant::now() + STOPPING);
                }
                () = until(stopping) => return Some(End::stopped()),
                () = self.closing.cancelled() => return Some(End::closing()),
                () = self.hurry.notified(), if stopping.is_none() => {
                    if !thought::parts(&self.answer.borrow().text).is_open {
                        continue;
                    }
                    if let Some((end, work)) = saving.take()
                        && work.await.is_ok()
                    {
                        *n_saved = end;
                    }
                    return None;
                }
                () = sleep_until(save_at.into()), if is_behind => {
                    let (id, text) = {
                        let answer = self.answer.borrow();
                        (answer.id, answer.text[*n_saved..].to_owned())
                    };
                    let (at, end) = (*n_saved, *n_saved + text.len());
                    let store = self.store.clone();
                    let work = async move { store.with(move |db| db.append(id, at, &text)).await };
                    saving = Some((end, Box::pin(work)));
                    save_at = Instant::now() + BEHIND;
                }
                result = finished(&mut saving) => {
                    let (end, result) = result;
                    saving = None;
                    if result.is_ok() {
                        *n_saved = end;
                    }
                    (self.storage)(result);
                }
            }
        }
    }

    fn show(&self, event: Event) {
        self.answer.send_modify(|answer| match event {
            Event::Waiting(ahead) => answer.state = AnswerState::Waiting { ahead },
            Event::Loading(percent) => answer.state = AnswerState::Loading { percent },
            Event::Reading { done, total } => answer.state = AnswerState::Reading { done, total },
            Event::Looking { picture, of } => answer.state = AnswerState::Looking { picture, of },
            Event::Text(text) => {
                answer.state = AnswerState::Writing;
                answer.text.push_str(&text);
            }
            Event::Done(..) => (),
        });
    }

    async fn finish(self, end: End) {
        let (id, text) = {
            let answer = self.answer.borrow();
            (answer.id, answer.text.clone())
        };
        let mut is_shown = false;
        loop {
            let (text, state, stats) = (text.clone(), end.state.clone(), end.stats);
            let work =
                move |db: &mut crate::chats::Db| db.finish(id, &text, &state, stats.as_ref());
            let result = self.store.with(work).await;
            let is_saved = result.is_ok();
            (self.storage)(result);
            if is_saved {
                (self.saved)();
            }
            if !is_shown {
                is_shown = true;
                self.answer.send_modify(|answer| {
                    answer.state = end.state.clone();
                    answer.stats = end.stats;
                });
            }
            if is_saved || self.closing.is_cancelled() {
                return;
            }
            tokio::select! {
                () = sleep(TRY_AGAIN) => (),
                () = self.closing.cancelled() => (),
            }
        }
    }
}

/// Waits until then; without a time for ever.
async fn until(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time.into()).await,
        None => std::future::pending().await,
    }
}

/// How far an answer is.
struct Written {
    asked: Instant,
    /// How long the first token took.
    first_token: Option<Duration>,
    thought: Thought,
    /// Bytes that are on the disk.
    n_saved: usize,
    how: Option<How>,
}

impl Written {
    fn new(n_saved: usize) -> Self {
        let asked = Instant::now();
        Self { asked, first_token: None, thought: Thought::default(), n_saved, how: None }
    }
}

/// How long the model thinks.
#[derive(Default)]
struct Thought {
    began: Option<Instant>,
    ms: u32,
    is_over: bool,
}

impl Thought {
    /// The answer has this text now.
    fn follow(&mut self, text: &str) {
        if self.is_over || text.is_empty() {
            return;
        }
        let parts = thought::parts(text);
        self.is_over = !parts.is_open;
        let is_one = parts.is_open || !parts.thought.is_empty();
        if is_one {
            let began = *self.began.get_or_insert_with(Instant::now);
            self.ms = began.elapsed().as_millis() as u32;
        }
    }
}

/// How an answer ended.
struct End {
    state: AnswerState,
    stats: Option<Stats>,
}

impl End {
    fn stopped() -> End {
        End { state: AnswerState::Finished { why: Finish::Stopped }, stats: None }
    }

    fn interrupted(reason: String) -> End {
        End { state: AnswerState::Interrupted { reason, offer: None }, stats: None }
    }

    fn failed(err: &EngineError) -> End {
        let offer = matches!(err, EngineError::NoMemory(_)).then_some(Offer::LoadAnyway);
        End { state: AnswerState::Interrupted { reason: err.to_string(), offer }, stats: None }
    }

    fn closing() -> End {
        End::interrupted("Wick was closed while this answer was being written".into())
    }
}

/// Waits for what is being saved; for ever when nothing is.
async fn finished(saving: &mut Option<(usize, Saving)>) -> (usize, Result<(), DbError>) {
    match saving {
        Some((end, work)) => (*end, work.await),
        None => std::future::pending().await,
    }
}

fn stats(usage: Usage, first_token: Duration) -> Stats {
    let seconds = usage.writing.as_secs_f32();
    let n_intervals = usage.n_written.saturating_sub(1) as f32;
    Stats {
        n_tokens: usage.n_written,
        tokens_per_second: if 0.0 < seconds { n_intervals / seconds } else { 0.0 },
        first_token_ms: first_token.as_millis() as u32,
        n_read: usage.n_read,
        read_ms: usage.reading.as_millis() as u32,
        kept: usage.kept,
        why_read: usage.why_read,
        n_left_out: usage.n_left_out,
        ..Stats::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_a_thought_ends_with_it() {
        let mut thought = Thought::default();
        thought.follow("<think>\nHm");
        assert!(thought.began.is_some() && !thought.is_over);
        thought.follow("<think>\nHm\n</think>\n\nYes");
        let ms = thought.ms;
        assert!(thought.is_over);
        thought.follow("<think>\nHm\n</think>\n\nYes, it does");
        assert_eq!(thought.ms, ms);
        let mut other = Thought::default();
        other.follow("Yes");
        assert!(other.is_over && other.began.is_none() && other.ms == 0);
    }
}
