//! The engine process: one model, its context, and the answers that are written with it. Or, in a
//! process of its own, one prompt that is laid out and shown, for which no model is loaded.
//!
//! It has the pipes to the server, the model file, the one that sees for it and the folder for parked
//! sessions, nothing else, and is caged before it opens the model: no socket, no database, no other file. One thread
//! computes, another reads commands, a third the formats of answers and pictures where there are any.
//! When the server closes the pipe or dies, it parks what it knows and ends.
//!
//! Reading order: `desk` (who gets which tokens), `answer`, `sessions`, `parking`.

mod answer;
mod desk;
mod fingerprint;
mod fitting;
mod forming;
mod inbox;
mod llama;
mod matching;
mod outbox;
mod outline;
mod pace;
mod parking;
mod picture;
mod prompts;
mod sessions;
mod sight;
mod text;
mod view;
mod weights;

use std::io::stdin;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use self::desk::Desk;
use self::fingerprint::Fingerprint;
use self::forming::Forming;
use self::inbox::Inbox;
use self::llama::{Backend, Model};
use self::outbox::Outbox;
use self::pace::Pace;
use self::parking::Parking;
pub use self::parking::keep_only;
use self::sessions::Sessions;
use self::sight::Sight;
use super::cage::Cage;
use super::frame::{self, FromWorker, Load, ToWorker};
use super::memory::{self, Resident};
use super::prompt::Layout;

/// The progress of a load is told this often.
const TELL_EVERY: Duration = Duration::from_millis(40);

/// Runs the engine process to its end.
pub fn run() -> Result<()> {
    let mut outbox = Outbox::open()?;
    let load = match frame::read(&mut stdin().lock()) {
        Ok(ToWorker::Load(load)) => load,
        Ok(ToWorker::LayOut(outline)) => {
            outbox.tell(&FromWorker::LaidOut(outline::lay_out(outline)));
            return Ok(());
        }
        _ => bail!("the first frame was neither a model to load nor a prompt to lay out"),
    };
    // What follows reads a file that may be made to break it. There is no second thread yet.
    if load.is_caged {
        let parked = load.parking.as_ref().map(|place| place.folder.as_path());
        let mut files = fingerprint::parts(&load.path);
        files.extend(load.eyes.clone());
        outbox.tell(&FromWorker::Caged(Cage::close(&files, parked)));
    }
    let inbox = Inbox::open()?;
    match open(&load, &outbox) {
        Ok((model, layout)) => {
            let mut need = load.need.clone();
            need.shape.get_or_insert_with(|| model.shape());
            let parking = parking(&load);
            outbox.tell(&FromWorker::Loaded(resident()));
            let (cells, stop) = (load.cells, inbox.stop_flag());
            let sessions = Sessions::new((&model, need), load.threads, cells, parking, stop);
            let pace = Pace::new(load.threads);
            thread::scope(|scope| {
                let sight = Sight::new(&model, load.eyes.as_deref(), load.threads);
                let forming = Forming::new(scope, (&model, &layout), sight, &inbox);
                Desk::new((&model, &layout), sessions, forming, pace, &load, (&inbox, outbox))
                    .serve()
            })
        }
        Err(err) => {
            outbox.tell(&FromWorker::NotLoaded(format!("{err:#}")));
            Ok(())
        }
    }
}

/// What is parked for this model. A file that can't be read any more parks nothing.
fn parking(load: &Load) -> Parking {
    let with = |&kind| Some((kind, Fingerprint::of(&load.path, kind, load.cells.attention).ok()?));
    let kinds = load.cells.kinds().iter().map(with).collect();
    let place = load.parking.clone().zip(kinds);
    place.map_or_else(Parking::none, |(place, kinds)| {
        Parking::open(place.folder, place.limit, kinds)
    })
}

fn open(load: &Load, outbox: &Outbox) -> Result<(Model, Layout)> {
    let mut outbox = outbox.another()?;
    let backend = Backend::start()?;
    outbox.tell(&FromWorker::Begun(resident()));
    let mut told = (0, Instant::now());
    let model = Model::load(&backend, &load.path, move |fraction| {
        let percent = (fraction * 100.0).clamp(0.0, 100.0) as u8;
        let (told_percent, told_at) = told;
        if told_percent < percent && (TELL_EVERY < told_at.elapsed() || percent == 100) {
            told = (percent, Instant::now());
            outbox.tell(&FromWorker::Loading(percent));
        }
    })?;
    weights::give_back_what_is_mapped(&load.path);
    let layout = Layout::new(model.wording())?;
    Ok((model, layout))
}

/// What of this process is in memory.
fn resident() -> Resident {
    memory::resident(std::process::id()).unwrap_or_default()
}
