//! One answer: the prompt is read in slices, then a token is written at each step.
//!
//! What is to be put through the model next follows from what the session holds: whatever is lost
//! on the way is simply read again. Pictures are put when they were looked at (`view`).

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Instant;

use wick_protocol::{Finish, Kept, WhyRead};

use super::fitting::{self, Fitted};
use super::forming::Formed;
use super::llama::{Model, Sampler, Token};
use super::picture::{Patch, is_cell};
use super::prompts::Prompts;
use super::sessions::{PutError, RoomError, Seat, Sessions};
use super::text::Text;
use super::view::{View, views};
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
    /// The pictures in it, in order.
    views: Vec<View>,
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
        Formed { job, format, opening, pictures }: Formed,
        (model, layout): (&Model, &Layout),
        when_full: WhenFull,
        sessions: &mut Sessions,
    ) -> Result<Answer, JobEvent> {
        let began = Instant::now();
        let mut n_longest = sessions.longest();
        let prompts = Prompts { model, layout, pictures: &pictures };
        let has_history = job.turns.iter().any(|turn| turn.role == Role::Assistant);
        let (n_left_out, begun) = loop {
            let fitted = match when_full {
                WhenFull::LeaveOut => fitting::fit(&job.turns, &job.begun, prompts, n_longest),
                WhenFull::Stop => fitting::whole(&job.turns, &job.begun, prompts, n_longest),
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
                || n_kept + TEMPLATE < n_said_before(&job.turns, &begun.prompt, prompts)
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
            views: views(&begun.prompt, &pictures),
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

    /// The tokens that have to be put through the model before the next one can be chosen, up to the
    /// next picture; none where that comes first.
    pub fn left(&self, sessions: &Sessions) -> &[Token] {
        let left = &self.tokens[sessions.held(&self.seat)..];
        if self.views.is_empty() {
            return left;
        }
        &left[..left.iter().take_while(|it| !is_cell(**it)).count()]
    }

    /// Whether the next token can be chosen.
    pub fn is_put(&self, sessions: &Sessions) -> bool {
        self.tokens.len() <= sessions.held(&self.seat)
    }

    /// A picture that comes next and was not looked at: that begins now.
    pub fn begin_to_look(&mut self, sessions: &Sessions) -> Option<(Patch, Arc<[u8]>)> {
        let held = sessions.held(&self.seat);
        let view = self.views.iter_mut().find(|it| it.cells().contains(&held))?;
        view.begin().map(|patch| (patch, Arc::clone(&view.jpeg)))
    }

    /// Which picture comes next, of how many.
    pub fn looks_at(&self, sessions: &Sessions) -> JobEvent {
        let held = sessions.held(&self.seat);
        let pictures = |views: &[View]| {
            views.chunk_by(|one, other| Arc::ptr_eq(&one.jpeg, &other.jpeg)).count()
        };
        let n_begun = self.views.iter().take_while(|it| it.begins <= held).count();
        JobEvent::Looking { picture: pictures(&self.views[..n_begun]), of: pictures(&self.views) }
    }

    /// Whether it waits for a picture to be looked at.
    pub fn is_looking(&self, sessions: &Sessions) -> bool {
        self.view(sessions).is_some_and(View::is_looked_at)
    }

    /// Whether a picture comes next that was looked at.
    pub fn has_seen(&self, sessions: &Sessions) -> bool {
        self.view(sessions).is_some_and(View::is_seen)
    }

    /// Puts so many cells of the picture that comes next through the model, more where they go
    /// together. Gives how many it were.
    pub fn put_seen(&self, sessions: &mut Sessions, most: usize) -> Result<usize, PutError> {
        let held = sessions.held(&self.seat);
        let piece =
            self.view(sessions).and_then(|it| Some((it, it.piece(held - it.begins, most)?)));
        let Some((view, (names, seen))) = piece else { return Err(PutError::Again) };
        sessions.put_seen(&self.seat, view.begins, names, &seen)?;
        Ok(names.len())
    }

    fn view(&self, sessions: &Sessions) -> Option<&View> {
        let held = sessions.held(&self.seat);
        self.views.iter().find(|it| it.cells().contains(&held))
    }

    /// What was seen of the picture that was looked at.
    pub fn see(&mut self, numbers: Vec<f32>) {
        if let Some(view) = self.views.iter_mut().find(|it| it.is_looked_at()) {
            view.see(numbers);
        }
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
fn n_said_before(turns: &[Turn], prompt: &[Token], prompts: Prompts<'_>) -> usize {
    let Some(last) = turns.iter().rposition(|turn| turn.role == Role::Assistant) else { return 0 };
    let Ok(before) = prompts.tokens(&turns[..=last], "") else { return 0 };
    prompt.iter().zip(before).take_while(|&(&one, other)| one == other).count()
}
