//! One answer: the prompt is read in slices, then a token is written at each step.
//!
//! What is to be put through the model next follows from what the session holds: whatever is lost
//! on the way is simply read again.

use std::ops::ControlFlow;
use std::time::Instant;

use wick_protocol::{Finish, Kept, WhyRead};

use super::fitting::{self, Fitted};
use super::forming::Formed;
use super::llama::{Model, Sampler, Token};
use super::sessions::{RoomError, Seat, Sessions};
use super::text::Text;
use crate::engine::cells::WhenFull;
use crate::engine::frame::{JobEvent, Role, Turn, Usage};
use crate::engine::prompt::Layout;

/// Tokens that a template may have behind an answer.
const TEMPLATE: usize = 8;

/// An answer that is being written.
pub struct Answer {
    seat: Seat,
    /// The prompt, and behind it what was written.
    tokens: Vec<Token>,
    n_prompt: usize,
    /// Tokens that a session can have.
    n_longest: usize,
    sampler: Sampler,
    text: Text,
    /// What the template began the answer with, until it was told.
    opening: Option<String>,
    n_most: usize,
    usage: Usage,
    began: Instant,
    began_writing: Option<Instant>,
}

impl Answer {
    /// Lays the prompt out and takes a session that begins like it. An error is the last event.
    pub fn begin(
        Formed { job, format, opening }: Formed,
        (model, layout): (&Model, &Layout),
        when_full: WhenFull,
        sessions: &mut Sessions,
    ) -> Result<Answer, JobEvent> {
        let began = Instant::now();
        let mut n_longest = sessions.longest();
        let has_history = job.turns.iter().any(|turn| turn.role == Role::Assistant);
        let (n_left_out, begun) = loop {
            let fitted = match when_full {
                WhenFull::LeaveOut => {
                    fitting::fit(&job.turns, &job.begun, layout, model, n_longest)
                }
                WhenFull::Stop => fitting::whole(&job.turns, &job.begun, layout, model, n_longest),
            };
            let Fitted { prompt, n_left_out } =
                fitted.map_err(|err| JobEvent::Failed(err.to_string()))?;
            if prompt.is_empty() {
                return Err(JobEvent::Failed("The chat template made an empty prompt".into()));
            }
            match sessions.begin((job.owner, job.keep), &prompt, has_history) {
                Ok(begun) => break (n_left_out, begun),
                // Where there is no memory for all of a chat, there may be for its latest part.
                Err(RoomError::NoMemory { fitting: fitting @ 1.., .. })
                    if fitting < n_longest && when_full == WhenFull::LeaveOut =>
                {
                    n_longest = fitting;
                }
                Err(err) => return Err(JobEvent::Failed(err.to_string())),
            }
        };
        let mut sampler = Sampler::new(model, &job.sampling, format, job.ignore_end);
        sampler.heard(&begun.prompt);
        let mut stops = job.sampling.stop;
        stops.extend(layout.stop().map(ToOwned::to_owned));
        let n_kept = begun.kept.all();
        let n_read = begun.prompt.len() - n_kept;
        let is_moved = 0 < n_left_out && n_kept < n_read;
        let why_read = begun.why_read.filter(|&why| {
            // What other chats have in common may be all that was said before.
            !matches!(why, WhyRead::NotSeen | WhyRead::Temporary)
                || n_kept + TEMPLATE < n_said_before(&job.turns, &begun.prompt, layout, model)
        });
        let usage = Usage {
            kept: begun.kept,
            n_read,
            why_read: if is_moved { Some(WhyRead::LeftOut) } else { why_read },
            n_left_out,
            ..Usage::default()
        };
        Ok(Answer {
            seat: begun.seat,
            n_prompt: begun.prompt.len(),
            tokens: begun.prompt,
            n_longest,
            sampler,
            text: Text::new(stops),
            opening,
            n_most: job.sampling.max_tokens.map_or(usize::MAX, |n| n as usize),
            usage,
            began,
            began_writing: None,
        })
    }

    /// Its session.
    pub fn seat(&self) -> &Seat {
        &self.seat
    }

    /// Gives its session up.
    pub fn into_seat(self) -> Seat {
        self.seat
    }

    /// What has to be put through the model before the next token can be chosen.
    pub fn left(&self, sessions: &Sessions) -> &[Token] {
        &self.tokens[sessions.held(&self.seat)..]
    }

    /// How far reading is.
    pub fn progress(&self, sessions: &Sessions) -> JobEvent {
        let n_kept = self.usage.kept.all();
        let held = sessions.held(&self.seat).clamp(n_kept, self.n_prompt);
        JobEvent::Reading { done: held - n_kept, total: self.usage.n_read }
    }

    /// Chooses the next token and tells what came of it. `Break` carries the last event.
    pub fn write(
        &mut self,
        logits: &[f32],
        model: &Model,
        tell: &mut dyn FnMut(JobEvent),
    ) -> ControlFlow<JobEvent> {
        let Some(token) = self.sampler.choose(logits) else {
            let reason = "The model gave nothing to choose from";
            return ControlFlow::Break(JobEvent::Failed(reason.into()));
        };
        let began_writing = *self.began_writing.get_or_insert_with(Instant::now);
        self.usage.reading = began_writing - self.began;
        if let Some(opening) = self.opening.take() {
            tell(self.more(opening));
        }
        if model.is_end(token) {
            return ControlFlow::Break(self.done(Finish::EndOfTurn, tell));
        }
        self.usage.writing = began_writing.elapsed();
        self.usage.n_written += 1;
        let mut piece = Vec::with_capacity(32);
        model.piece(token, &mut piece);
        match self.text.push(&piece) {
            ControlFlow::Continue(text) if text.is_empty() => (),
            ControlFlow::Continue(text) => tell(self.more(text)),
            ControlFlow::Break(text) => {
                if !text.is_empty() {
                    tell(self.more(text));
                }
                return ControlFlow::Break(JobEvent::Done(Finish::StopString, self.usage));
            }
        }
        if self.n_most <= self.usage.n_written {
            return ControlFlow::Break(self.done(Finish::Length, tell));
        }
        if self.n_longest <= self.tokens.len() {
            return ControlFlow::Break(self.done(Finish::ContextFull, tell));
        }
        self.tokens.push(token);
        ControlFlow::Continue(())
    }

    /// It ends here, with what is written.
    pub fn done(&mut self, why: Finish, tell: &mut dyn FnMut(JobEvent)) -> JobEvent {
        self.tell_rest(tell);
        JobEvent::Done(why, self.usage)
    }

    /// Tells what was held back of the text, because more might have followed.
    pub fn tell_rest(&mut self, tell: &mut dyn FnMut(JobEvent)) {
        let rest = self.text.finish();
        if !rest.is_empty() {
            tell(self.more(rest));
        }
    }

    /// All its tokens were lost, because the context holds another kind of numbers now.
    pub fn reads_again(&mut self) {
        self.usage.kept = Kept::default();
        self.usage.n_read = self.n_prompt;
        self.usage.why_read = Some(WhyRead::OtherKind);
    }

    fn more(&self, text: String) -> JobEvent {
        JobEvent::Text { text, n_written: self.usage.n_written }
    }

    /// Whether nothing is written yet.
    pub fn is_reading(&self) -> bool {
        self.began_writing.is_none()
    }
}

/// Tokens that the prompt begins with and that were there after the last answer.
fn n_said_before(turns: &[Turn], prompt: &[Token], layout: &Layout, model: &Model) -> usize {
    let Some(last) = turns.iter().rposition(|turn| turn.role == Role::Assistant) else { return 0 };
    let Ok(text) = layout.render(&turns[..=last], "") else { return 0 };
    let before = model.tokenize(&text);
    prompt.iter().zip(before).take_while(|&(&one, other)| one == other).count()
}
