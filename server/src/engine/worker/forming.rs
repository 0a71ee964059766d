//! What a job needs before it can begin, done by a thread of its own while other answers go on. It reads
//! the format of answers: it learns what all tokens of the model say, and reads whatever a person wrote.
//! It takes pictures apart, and looks at them when they come to be read.

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, Scope};

use wick_protocol::thought;

use super::inbox::{Heard, Inbox};
use super::llama::{Format, Formats, Model};
use super::picture::Patch;
use super::sight::{Placed, Sight, has_pictures};
use crate::engine::frame::{Job, JobEvent, JobId};
use crate::engine::prompt::Layout;

/// Has a thread from the first job on that needs one.
pub struct Forming<'scope, 'm: 'scope> {
    scope: &'scope Scope<'scope, 'm>,
    model: &'m Model,
    layout: &'m Layout,
    inbox: &'m Inbox,
    /// What sees, until the thread has it.
    sight: Option<Sight<'m>>,
    /// Where it is told what to do, once there is a thread.
    tasks: Option<Sender<Task>>,
    /// Which jobs are being made ready.
    ids: Vec<JobId>,
}

enum Task {
    /// Make a job ready.
    Form(Job),
    /// Look at a part of a picture.
    Look(JobId, Patch, Arc<[u8]>),
    /// Let go of what sees.
    Rest,
}

/// A job that can begin.
pub struct Formed {
    pub job: Job,
    pub format: Option<Format>,
    /// What the answer begins with that nobody was told of yet.
    pub opening: Option<String>,
    /// The pictures that are marked in what was said.
    pub pictures: Vec<Placed>,
}

impl Formed {
    /// A job without a format and without pictures.
    pub fn free(job: Job, layout: &Layout) -> Self {
        let opening = opening(&job, layout);
        Self { job, format: None, opening, pictures: Vec::new() }
    }
}

/// Whether a job has to be made ready.
pub fn is_needed(job: &Job) -> bool {
    !job.sampling.format.is_empty() || job.turns.iter().any(has_pictures)
}

impl<'scope, 'm> Forming<'scope, 'm> {
    /// With no thread yet.
    pub fn new(
        scope: &'scope Scope<'scope, 'm>,
        (model, layout): (&'m Model, &'m Layout),
        sight: Sight<'m>,
        inbox: &'m Inbox,
    ) -> Self {
        Self { scope, model, layout, inbox, sight: Some(sight), tasks: None, ids: Vec::new() }
    }

    /// Whether no job is being made ready.
    pub fn is_idle(&self) -> bool {
        self.ids.is_empty()
    }

    /// Makes a job ready. The inbox hears of it.
    ///
    /// # Errors
    /// The last event, where the system gives no thread.
    pub fn begin(&mut self, job: Job) -> Result<(), (JobId, JobEvent)> {
        let id = job.id;
        if self.tasks.is_none() {
            let started = self.start();
            self.tasks = Some(started.map_err(|err| (id, refused(&err.to_string())))?);
        }
        self.ids.push(id);
        self.tell(Task::Form(job));
        Ok(())
    }

    /// Looks at a part of a picture for this job. The inbox hears what is seen.
    pub fn look(&self, id: JobId, patch: Patch, jpeg: Arc<[u8]>) {
        self.tell(Task::Look(id, patch, jpeg));
    }

    /// Gives back what is not needed while nothing is computed.
    pub fn rest(&self) {
        self.tell(Task::Rest);
    }

    fn tell(&self, task: Task) {
        if let Some(tasks) = &self.tasks {
            // The thread ends with the process.
            let _ = tasks.send(task);
        }
    }

    /// Takes a job out: it is ready, or nobody wants it any more. False when it is not here.
    pub fn take(&mut self, id: JobId) -> bool {
        let before = self.ids.len();
        self.ids.retain(|&it| it != id);
        self.ids.len() < before
    }

    fn start(&mut self) -> std::io::Result<Sender<Task>> {
        let (sender, tasks) = channel::<Task>();
        let (model, layout, door) = (self.model, self.layout, self.inbox.door());
        let mut sight = self.sight.take().ok_or_else(|| std::io::Error::other("it has ended"))?;
        thread::Builder::new().name("wick-forming".into()).spawn_scoped(self.scope, move || {
            let mut formats = Formats::default();
            for task in tasks {
                match task {
                    Task::Form(job) => {
                        let id = job.id;
                        let formed = form(job, &mut formats, &mut sight, model, layout);
                        door.tell(Heard::Formed(id, formed.map(Box::new)));
                    }
                    Task::Look(id, patch, jpeg) => {
                        let seen = sight.look(&patch, &jpeg).map_err(|err| format!("{err:#}"));
                        door.tell(Heard::Seen(id, seen));
                    }
                    Task::Rest => sight.rest(),
                }
            }
        })?;
        Ok(sender)
    }
}

/// Makes a job ready.
fn form(
    mut job: Job,
    formats: &mut Formats,
    sight: &mut Sight<'_>,
    model: &Model,
    layout: &Layout,
) -> Result<Formed, JobEvent> {
    sight.set_memory(job.memory);
    let pictures = sight.take_out(&mut job.turns);
    let pictures = pictures.map_err(|err| JobEvent::Failed(format!("{err:#}")))?;
    let formed = if job.sampling.format.is_empty() {
        Formed::free(job, layout)
    } else {
        with_format(job, formats, model, layout)?
    };
    Ok(Formed { pictures, ..formed })
}

/// A format is that of what is said: a thought, which has none, is ended before it.
fn with_format(
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
    Ok(Formed { job, format: Some(format), opening, pictures: Vec::new() })
}

/// What the template begins an answer with of which nothing is written yet.
fn opening(job: &Job, layout: &Layout) -> Option<String> {
    if job.begun.is_empty() { layout.opening(&job.turns) } else { None }
}

fn refused(why: &str) -> JobEvent {
    JobEvent::Failed(format!("The format of answers can't be used: {why}"))
}
