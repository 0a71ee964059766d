//! One run: a chat that goes on from every state in which Wick rests.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::task::JoinHandle;
use wick_protocol::{Receipt, Step as Given};

use super::step::{Run, State};
use super::talk::Talk;
use super::text;
use crate::engine::{Cells, Engine, ModelFile, Place, Settings, WhenFull};

/// What is parked for one chat takes less, unless the model is very large.
const MOST_PARKED: u64 = 16 << 30;

/// Where the context is to be freed soon, but not before what is held was looked at.
const SOON: Option<Duration> = Some(Duration::from_millis(100));

/// A model and how it is run.
pub struct Bench {
    program: PathBuf,
    pub threads: u32,
    pub model: ModelFile,
    /// Tokens of each answer.
    answer: u32,
    n_sentences: usize,
}

/// An engine and the task that runs it.
struct Started {
    engine: Engine,
    supervisor: JoinHandle<()>,
}

impl Bench {
    /// [`Bench::warm_up`] comes next.
    pub fn new(program: PathBuf, threads: u32, (model, answer): (ModelFile, u32)) -> Self {
        Self { program, threads, model, answer, n_sentences: 0 }
    }

    /// Finds out how many sentences make a prompt of the size that is wanted, but no more than
    /// half of what the model can look back on. The file is in the system's cache afterwards.
    pub async fn warm_up(&mut self, wanted: usize, context: usize) -> Result<()> {
        let started = self.start(None, None);
        let opening = text::opening(0, text::FEW);
        let usage = Talk::new(&self.model, self.answer).say(&started.engine, opening).await?.usage;
        started.end().await?;
        let tokens = if context == 0 { wanted } else { wanted.min(context / 2) };
        self.n_sentences = text::sentences(tokens, usage.kept.all() + usage.n_read);
        Ok(())
    }

    /// Measures everything once; `tell` hears what is measured next.
    pub async fn run(&self, number: u32, tell: impl Fn(&str)) -> Result<Run> {
        tell("loading");
        let (load_ms, context_ms) = self.load().await?;
        let folder = tempfile::tempdir().context("There is no folder to park in")?;
        let parking = Some(Place { folder: folder.path().to_owned(), limit: MOST_PARKED });
        let mut talk = Talk::new(&self.model, self.answer);
        let mut run = Run { load_ms, context_ms, ..Run::default() };

        let opening = text::opening(number, self.n_sentences);
        let next = || text::NEXT.to_owned();
        let wick = self.start(None, parking.clone());
        for (state, text) in [(State::Cold, opening), (State::Live, next())] {
            tell(state.words());
            run.add(state, &mut talk, &wick.engine, text).await?;
        }
        tell(State::EngineEnded.words());
        wick.engine.rest().await?;
        run.add(State::EngineEnded, &mut talk, &wick.engine, next()).await?;
        wick.end().await?;

        tell(State::Restarted.words());
        let wick = self.start(SOON, parking);
        run.add(State::Restarted, &mut talk, &wick.engine, next()).await?;
        tell(State::ContextFreed.words());
        wick.given(Given::ContextFreed).await?;
        run.add(State::ContextFreed, &mut talk, &wick.engine, next()).await?;
        wick.end().await?;
        Ok(run)
    }

    /// Milliseconds for loading the model and for making a context, as the engine counts them.
    async fn load(&self) -> Result<(f64, f64)> {
        let started = self.start(SOON, None);
        Talk::new(&self.model, self.answer).say(&started.engine, text::NEXT.to_owned()).await?;
        let context = started.given(Given::ContextFreed).await?.back_ms;
        started.engine.rest().await?;
        let both = started.given(Given::EngineEnded).await?.back_ms;
        started.end().await?;
        Ok((both.saturating_sub(context).into(), context.into()))
    }

    fn start(&self, context_idle: Option<Duration>, parking: Option<Place>) -> Started {
        let (engine, supervisor) = Engine::new(Settings {
            program: self.program.clone(),
            threads: self.threads,
            cells: Cells::default(),
            when_full: WhenFull::default(),
            is_caged: true,
            parking,
            memory: None,
            context_idle,
            model_idle: None,
        });
        Started { engine, supervisor: tokio::spawn(supervisor) }
    }
}

impl Started {
    /// Waits until this was given back.
    async fn given(&self, step: Given) -> Result<Receipt> {
        let mut status = self.engine.status();
        let is_it = |receipt: &Receipt| receipt.step == step;
        let told = status.wait_for(|status| status.receipt.as_ref().is_some_and(is_it)).await?;
        told.receipt.context("The engine gave nothing back")
    }

    /// Ends it. What it knows is parked afterwards.
    async fn end(self) -> Result<()> {
        self.engine.close().await;
        Ok(self.supervisor.await?)
    }
}
