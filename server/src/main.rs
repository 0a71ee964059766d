//! Wick: a chat with language models that run on this computer.
//!
//! Reading order: `main`, `settings`, then along a message: `http` (a browser comes in),
//! `session` (one connection), `hub` (what all of them share), `turn` (one answer), and below it
//! `chats` (what was said), `models` (which can answer) and `engine` (the one that does). `access` is
//! who is let in.
//! `picture` draws what the engine did, `files` reads what is attached.
#![deny(unsafe_code)]

mod access;
mod bench;
mod browser;
mod chats;
mod doctor;
mod engine;
mod files;
mod http;
mod hub;
mod instance;
mod lan;
mod models;
mod picture;
mod privacy;
mod processor;
mod session;
mod settings;
mod terminal;
mod turn;

use std::collections::HashSet;
use std::io::{IsTerminal, Write, stderr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Parser;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use self::access::{Access, Links};
use self::chats::Store;
use self::engine::{Engine, Owner, memory::readable};
use self::http::{Guard, LanPlace, Room, Way};
use self::hub::Hub;
use self::instance::{Claim, Instance};
use self::lan::Lan;
use self::models::{Catalogue, starter};
use self::settings::{Command, CommandLine, Settings, models_folder};
use self::terminal::{say, welcome};

/// How long ending may take before it is cut short.
const END_WITHIN: Duration = Duration::from_secs(12);

fn main() -> ExitCode {
    match run(CommandLine::parse().command()) {
        Ok(code) => code,
        Err(err) => {
            let _ = writeln!(stderr(), "wick: {err:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    if let Some(objection) = processor::objection() {
        bail!(objection);
    }
    // What Wick keeps is the person's own.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    match command {
        Command::Engine => engine::worker::run(),
        Command::Read => files::run(),
        #[cfg(target_os = "linux")]
        Command::Cage(args) => engine::cage::trial::run(args).map(|report| say(&report)),
        Command::Serve(args) => {
            log();
            let settings = Settings::new(*args)?;
            runtime()?.block_on(serve(settings))
        }
        Command::Starter(args) => {
            let folder = models_folder(&args.data_dir()?);
            runtime()?.block_on(get_starter(&folder))
        }
        Command::Link(args) => print_link(&args.data_dir()?),
        Command::Bench(args) => runtime()?.block_on(measure(*args)),
        Command::Doctor(args) => {
            let findings = doctor::examine(&Settings::new(*args)?);
            say(&findings.to_string());
            return Ok(if findings.is_well() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
    }
    .map(|()| ExitCode::SUCCESS)
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("The system gave no threads")
}

/// To the error stream: what people should know, and more with `WICK_LOG=debug`. That a new database
/// was migrated is no news.
fn log() {
    let usual = || EnvFilter::new("info,rusqlite_migration=warn");
    let filter = EnvFilter::try_from_env("WICK_LOG").unwrap_or_else(|_| usual());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(stderr)
        .with_ansi(stderr().is_terminal())
        .with_target(false)
        .init();
}

async fn serve(settings: Settings) -> Result<()> {
    privacy::keep(&settings.data_dir)?;
    let mut claim = match Instance::claim(&settings.data_dir)? {
        Instance::First(claim) => claim,
        Instance::Other(Some(address)) => {
            say(&format!("Wick is already at {address}"));
            welcome(&settings, &address).await;
            return Ok(());
        }
        Instance::Other(None) => bail!(
            "Another Wick uses {} and does not say where it is. End it or use another --data-dir",
            settings.data_dir.display()
        ),
    };
    let store = Store::open(&settings.data_dir.join("wick.db"), settings.chats)?;
    let program = std::env::current_exe().context("Wick does not know where it is itself")?;
    let files = files::Reader::new(program.clone());
    let (engine, supervisor) = Engine::new(engine::Settings {
        program,
        threads: settings.threads,
        context_idle: settings.context_idle,
        model_idle: settings.model_idle,
        cells: settings.cells,
        when_full: settings.when_full,
        is_caged: settings.is_caged,
        parking: (0 < settings.parking).then(|| engine::Place {
            folder: settings::parking_folder(&settings.data_dir),
            limit: settings.parking,
        }),
        memory: settings.memory,
    });
    tokio::spawn(supervisor);
    tokio::spawn(keep_parked(store.clone(), settings::parking_folder(&settings.data_dir)));
    let catalogue = Catalogue::new(settings.models.clone(), settings.cells);
    let links = Links::of(&settings.data_dir);
    let access = Access::open(store.clone(), links, settings.is_open).await?;
    let models = models_folder(&settings.data_dir);
    let lan = Lan::new(settings.networks.clone());
    let hub = Hub::open((store, access, lan), engine, catalogue, models, settings.titles).await?;
    let listener = listen(&settings).await?;
    let result = run_server(&settings, &mut claim, (hub, files), listener).await;
    drop(claim);
    result
}

/// Removes what is parked for chats that are gone.
async fn keep_parked(store: Store, folder: PathBuf) {
    let Ok(chats) = store.with(|db| db.chats()).await else { return };
    let owners: HashSet<_> = chats.iter().map(|chat| hub::owner(chat.id)).collect();
    let keep =
        move || engine::keep_only(&folder, |it| it == Owner::default() || owners.contains(&it));
    // Nothing depends on it.
    let _ = tokio::task::spawn_blocking(keep).await;
}

async fn run_server(
    settings: &Settings,
    claim: &mut Claim,
    (hub, files): (Hub, files::Reader),
    listener: TcpListener,
) -> Result<()> {
    let port = listener.local_addr()?.port();
    let address = format!("http://localhost:{port}");
    // Signals are heard before anybody knows the address.
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let stop = CancellationToken::new();
    let (limits, room) = (settings.limits, Room::new(settings.limits.connections));
    let routes =
        http::routes(hub.clone(), files.clone(), Guard::loopback(port, &settings.added), limits);
    let serving = http::serve(listener, Way::Plain, routes, room.clone(), limits, stop.clone());
    let server = tokio::spawn(serving);
    let place = LanPlace {
        port,
        name: lan::Name::kept(hub.store()).await?,
        folder: settings::tls_folder(&settings.data_dir),
        own: settings.certificate.clone(),
        added: settings.added.clone(),
        limits,
        room,
    };
    tokio::spawn(http::keep_lan(hub.clone(), files, place, stop.clone()));
    hub.open_lan_again().await;
    claim.tell(&address)?;
    say(&format!("Wick is at {address}"));
    if settings.is_open {
        tracing::warn!("who can reach Wick on this computer may read all chats, as --no-auth says");
    }
    welcome(settings, &address).await;
    if let Some(is_encrypted) = settings.lan {
        terminal::invite(&hub, is_encrypted).await?;
    }
    tokio::select! {
        _ = interrupt.recv() => (),
        _ = terminate.recv() => (),
    }
    tracing::info!("ending");
    let end = async {
        hub.close().await;
        stop.cancel();
        let _ = server.await;
    };
    tokio::select! {
        () = end => (),
        () = tokio::time::sleep(END_WITHIN) => tracing::warn!("ended without waiting for all"),
        _ = interrupt.recv() => (),
        _ = terminate.recv() => (),
    }
    Ok(())
}

/// Listens at the port that was set, or the next one that is free.
async fn listen(settings: &Settings) -> Result<TcpListener> {
    let listener = http::listen(settings.host, settings.port).await?;
    let port = listener.local_addr()?.port();
    if settings.port != 0 && port != settings.port {
        say(&format!("Port {} is taken, so Wick uses {port}", settings.port));
    }
    Ok(listener)
}

/// Ctrl-C ends it, and the folder for what it parks goes too.
async fn measure(args: bench::BenchArgs) -> Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let report = tokio::select! {
        report = bench::run(args) => report?,
        _ = interrupt.recv() => bail!("Ended before everything was measured"),
    };
    say(report.trim_end());
    Ok(())
}

async fn get_starter(folder: &Path) -> Result<()> {
    if let Some(path) = starter::find(folder) {
        say(&format!("The starter model is there: {}", path.display()));
        return Ok(());
    }
    privacy::make_folder(folder)?;
    let mut told = None;
    let path = starter::fetch(folder, |done, total| {
        let megabytes = (done + 500_000) / 1_000_000;
        if told.replace(megabytes) == Some(megabytes) {
            return;
        }
        let (before, after) = if stderr().is_terminal() { ("\r", "") } else { ("", "\n") };
        let line = format!("{before}{megabytes} of {}{after}", readable(total));
        let _ = stderr().write_all(line.as_bytes());
    })
    .await?;
    if stderr().is_terminal() {
        let _ = writeln!(stderr());
    }
    say(&format!("The starter model is in {}", path.display()));
    Ok(())
}

fn print_link(data_dir: &Path) -> Result<()> {
    match Instance::look(data_dir) {
        Some(Instance::Other(Some(address))) => {
            say(&Links::of(data_dir).make(&address)?.address);
            Ok(())
        }
        _ => bail!("No Wick runs with {}. Start it with: wick", data_dir.display()),
    }
}
