//! Formats of answers, read by a thread of their own: it learns what all tokens of the model say, and
//! reads whatever a person wrote, while other answers go on.

use std::sync::mpsc::{Sender, channel};
use std::thread::{self, Scope};

use wick_protocol::thought;

use super::inbox::{Heard, Inbox};
use super::llama::{Format, Formats, Model};
use crate::engine::frame::{Job, JobEvent, JobId};
use crate::engine::prompt::Layout;

/// Reads formats from the first job on that has one.
pub struct Forming<'scope, 'm: 'scope> {
    scope: &'scope Scope<'scope, 'm>,
    model: &'m Model,
    layout: &'m Layout,
    inbox: &'m Inbox,
    /// Where jobs go, once there is a thread.
    jobs: Option<Sender<Job>>,
    /// Whose formats are being read.
    ids: Vec<JobId>,
}

/// A job that can begin.
pub struct Formed {
    pub job: Job,
    pub format: Option<Format>,
    /// What the answer begins with that nobody was told of yet.
    pub opening: Option<String>,
}

impl Formed {
    /// A job without a format.
    pub fn free(job: Job, layout: &Layout) -> Self {
        let opening = opening(&job, layout);
        Self { job, format: None, opening }
    }
}

impl<'scope, 'm> Forming<'scope, 'm> {
    /// With no thread yet.
    pub fn new(
        scope: &'scope Scope<'scope, 'm>,
        (model, layout): (&'m Model, &'m Layout),
        inbox: &'m Inbox,
    ) -> Self {
        Self { scope, model, layout, inbox, jobs: None, ids: Vec::new() }
    }

    /// Whether nothing is being read.
    pub fn is_idle(&self) -> bool {
        self.ids.is_empty()
    }

    /// Reads the format of a job. The inbox hears of it.
    ///
    /// # Errors
    /// The last event, where the system gives no thread.
    pub fn begin(&mut self, job: Job) -> Result<(), (JobId, JobEvent)> {
        let id = job.id;
        if self.jobs.is_none() {
            self.jobs = Some(self.start().map_err(|err| (id, refused(&err.to_string())))?);
        }
        self.ids.push(id);
        if let Some(jobs) = &self.jobs {
            // The thread ends with the process.
            let _ = jobs.send(job);
        }
        Ok(())
    }

    /// Takes a job out: it is read, or nobody wants it any more. False when it is not here.
    pub fn take(&mut self, id: JobId) -> bool {
        let before = self.ids.len();
        self.ids.retain(|&it| it != id);
        self.ids.len() < before
    }

    fn start(&self) -> std::io::Result<Sender<Job>> {
        let (sender, jobs) = channel::<Job>();
        let (model, layout, door) = (self.model, self.layout, self.inbox.door());
        thread::Builder::new().name("wick-formats".into()).spawn_scoped(self.scope, move || {
            let mut formats = Formats::default();
            for job in jobs {
                let id = job.id;
                let formed = form(job, &mut formats, model, layout);
                door.tell(Heard::Formed(id, formed.map(Box::new)));
            }
        })?;
        Ok(sender)
    }
}

/// A format is that of what is said: a thought, which has none, is ended before it.
fn form(
    mut job: Job,
    formats: &mut Formats,
    model: &Model,
    layout: &Layout,
) -> Result<Formed, JobEvent> {
    let mut format =
        formats.read(model, &job.sampling.format).map_err(|err| refused(&format!("{err:#}")))?;
    let mut opening = opening(&job, layout);
    let parts = thought::parts(&job.begun);
    if opening.is_some() || parts.is_open {
        let more = opening.unwrap_or_default() + thought::END;
        job.begun.push_str(&more);
        opening = Some(more);
    } else if !parts.said.is_empty() && !format.hear(&model.tokenize(parts.said)) {
        return Err(refused("what is written already does not fit it"));
    }
    Ok(Formed { job, format: Some(format), opening })
}

/// What the template begins an answer with of which nothing is written yet.
fn opening(job: &Job, layout: &Layout) -> Option<String> {
    if job.begun.is_empty() { layout.opening(&job.turns) } else { None }
}

fn refused(why: &str) -> JobEvent {
    JobEvent::Failed(format!("The format of answers can't be used: {why}"))
}
