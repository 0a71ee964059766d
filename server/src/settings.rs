//! What can be set, and where from: the command line, else the environment, else `wick.toml` in
//! the data folder, else the default.

use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::builder::FalseyValueParser;
use clap::{ArgAction, Args, Parser, Subcommand};
use directories::ProjectDirs;
use serde::Deserialize;

use crate::bench::BenchArgs;
#[cfg(target_os = "linux")]
use crate::engine::cage::trial::TrialArgs;
use crate::engine::{Attention, Cells, Kinds, WhenFull};
use crate::http::Limits;
use crate::hub::Titles;

/// Wick: a chat with language models that run on this computer.
///
/// Opens a page at <http://localhost:8080>. Nothing leaves the computer; a model is loaded with
/// the first message and given back when it has rested.
#[derive(Debug, Parser)]
#[command(
    name = "wick",
    version,
    args_conflicts_with_subcommands = true,
    args_override_self = true
)]
pub struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: ServeArgs,
}

/// What `wick` is asked to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the page. This is what happens when no command is given.
    Serve(Box<ServeArgs>),
    /// Fetch the starter model (SmolLM2 135M Instruct, 93 MB, Apache-2.0) into the data folder.
    Starter(FolderArgs),
    /// Say what of Wick is open to whom on this computer, and whether anything is wrong. Takes the
    /// options of serve; ends with 1 when something is wrong.
    Doctor(Box<ServeArgs>),
    /// Measure a model on this computer: speed, time to the first token, memory.
    Bench(Box<BenchArgs>),
    /// Run one model. `wick serve` starts this by itself.
    #[command(hide = true)]
    Engine,
    /// Read one PDF. `wick serve` starts this by itself.
    #[command(hide = true)]
    Pdf,
    /// Try what an engine must not be able to do. `wick doctor` starts this by itself.
    #[cfg(target_os = "linux")]
    #[command(hide = true)]
    Cage(TrialArgs),
}

impl CommandLine {
    /// What is to be done.
    pub fn command(self) -> Command {
        self.command.unwrap_or_else(|| Command::Serve(Box::new(self.serve)))
    }
}

/// Where everything is kept.
#[derive(Clone, Debug, Args)]
pub struct FolderArgs {
    /// Folder for chats, models and wick.toml [default: ~/.local/share/wick, or what
    /// `XDG_DATA_HOME` says].
    #[arg(long, env = "WICK_DATA_DIR", value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

/// Everything else that can be set.
#[derive(Clone, Debug, Args)]
pub struct ServeArgs {
    #[command(flatten)]
    folder: FolderArgs,
    #[command(flatten)]
    choices: Choices,
}

/// What can be set in all three places, under the same names.
#[derive(Clone, Debug, Default, Args, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct Choices {
    /// Port of the page; when it is taken, the next free one. 0 = any free one [default: 8080].
    #[arg(long, env = "WICK_PORT")]
    port: Option<u16>,
    /// Address to listen on. Only this computer's own (127.0.0.1 or `::1`) for now [default:
    /// 127.0.0.1].
    #[arg(long, env = "WICK_HOST", value_name = "ADDRESS")]
    host: Option<IpAddr>,
    /// Folder with GGUF files, besides `models` in the data folder. Can be given several times;
    /// in the environment separated by colons.
    #[arg(long, env = "WICK_MODELS", value_name = "DIR", value_delimiter = ':')]
    models: Vec<PathBuf>,
    /// Free the context when nobody used it for so long, such as 90s or 5m; 0 = never [default:
    /// 5m].
    #[arg(long, env = "WICK_CONTEXT_IDLE", value_name = "TIME")]
    context_idle: Option<Idle>,
    /// End the engine, and give all its memory back, when nobody used it for so long; 0 = never
    /// [default: 30m].
    #[arg(long, env = "WICK_MODEL_IDLE", value_name = "TIME")]
    model_idle: Option<Idle>,
    /// Threads that compute, at most: where other programs are busy, fewer are faster [default: the
    /// physical cores].
    #[arg(long, env = "WICK_THREADS", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=512))]
    threads: Option<u32>,
    /// Tokens that the context has room for, always. Else it begins small and grows as the chat
    /// does, up to what the model was trained for.
    #[arg(long, env = "WICK_CONTEXT", value_name = "TOKENS", value_parser = clap::value_parser!(u32).range(256..=1 << 24))]
    context: Option<u32>,
    /// Tokens that a context has room for at first, when it may grow [default: 2048].
    #[arg(long, env = "WICK_CONTEXT_FIRST", value_name = "TOKENS", value_parser = clap::value_parser!(u32).range(256..=1 << 24))]
    context_first: Option<u32>,
    /// What the context holds its numbers in: 16 bits, or 8 for about half the memory and nearly
    /// the same answers. Auto takes 16, and 8 where only these fit into what is free [default:
    /// auto].
    #[arg(long, env = "WICK_KV", value_name = "TYPE")]
    kv: Option<Kinds>,
    /// What becomes of a chat that is longer than the context can be: the oldest messages are left
    /// out of what the model reads, or the answer stops and says why [default: leave-out].
    #[arg(long, env = "WICK_WHEN_FULL", value_name = "WHAT")]
    when_full: Option<WhenFull>,
    /// Who names a chat: the model, after its first answer, or nobody, so that its title is how it
    /// begins [default: model].
    #[arg(long, env = "WICK_TITLES", value_name = "WHO")]
    titles: Option<Titles>,
    /// How attention is computed: flash attention takes less memory, and is what auto takes where
    /// the model allows it [default: auto].
    #[arg(long, env = "WICK_ATTENTION", value_name = "KIND")]
    attention: Option<Attention>,
    /// Room on the disk for what models have read, in megabytes, so that they need not read it
    /// again; 0 = none [default: 2147, or a tenth of the free disk].
    #[arg(long, env = "WICK_PARKING", value_name = "MB")]
    parking: Option<u64>,
    /// Memory that all loaded models may have together, in megabytes: the one that was used longest
    /// ago is unloaded for another [default: what is free].
    #[arg(long, env = "WICK_MEMORY", value_name = "MB")]
    memory: Option<u64>,
    /// Print the address, but open no browser.
    #[arg(long, env = "WICK_NO_OPEN", action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    no_open: bool,
    /// Start engines without a cage, to see what it costs.
    #[arg(long, env = "WICK_NO_CAGE", hide = true, action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    no_cage: bool,
    /// All times that connections may take are so many times shorter, for tests.
    #[arg(long, env = "WICK_HURRY", hide = true, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    hurry: Option<u32>,
    /// Connections at once.
    #[arg(long, env = "WICK_CONNECTIONS", hide = true, value_name = "N")]
    connections: Option<usize>,
}

/// A time after which something rests; `None` = never.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Idle(Option<Duration>);

impl std::str::FromStr for Idle {
    type Err = humantime::DurationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.trim() == "0" {
            return Ok(Idle(None));
        }
        let time = humantime::parse_duration(text)?;
        Ok(Idle((!time.is_zero()).then_some(time)))
    }
}

impl TryFrom<String> for Idle {
    type Error = humantime::DurationError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// Everything that was set, in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Chats, models and `wick.toml`.
    pub data_dir: PathBuf,
    /// The first port to try; 0 = any.
    pub port: u16,
    /// An address of this computer for itself.
    pub host: IpAddr,
    /// Where models are looked for; the first is in the data folder.
    pub models: Vec<PathBuf>,
    /// When the context is freed; `None` = never.
    pub context_idle: Option<Duration>,
    /// When the engine process ends; `None` = never.
    pub model_idle: Option<Duration>,
    /// Threads that compute, at most.
    pub threads: u32,
    /// How contexts are made.
    pub cells: Cells,
    /// What becomes of a chat that is longer than there is room for.
    pub when_full: WhenFull,
    /// Who names chats.
    pub titles: Titles,
    /// Bytes on the disk for what models have read.
    pub parking: u64,
    /// Bytes that all loaded models may have together; `None` = what is free.
    pub memory: Option<u64>,
    /// Whether the browser is opened.
    pub open: bool,
    /// Whether engines are caged.
    pub is_caged: bool,
    /// What connections may take.
    pub limits: Limits,
}

impl FolderArgs {
    /// The data folder. It may not exist yet.
    pub fn data_dir(&self) -> Result<PathBuf> {
        match &self.data_dir {
            Some(folder) => std::path::absolute(folder).context("--data-dir is no folder"),
            None => Ok(ProjectDirs::from("", "", "wick")
                .context("There is no home folder to keep anything in. Say where with --data-dir")?
                .data_dir()
                .to_owned()),
        }
    }
}

/// What is parked takes no more than this, unless somebody says so: 2 GiB.
const MOST_PARKED: u64 = 2 << 30;

/// Where what models have read is parked in the data folder.
pub fn parking_folder(data_dir: &Path) -> PathBuf {
    data_dir.join("parked")
}

/// Free bytes on the disk of a folder that may not exist yet.
pub fn free_disk(folder: &Path) -> u64 {
    let disk = folder.ancestors().find_map(|folder| rustix::fs::statvfs(folder).ok());
    disk.map_or(0, |disk| disk.f_bavail * disk.f_frsize)
}

/// Where models are in the data folder.
pub fn models_folder(data_dir: &Path) -> PathBuf {
    data_dir.join("models")
}

impl Settings {
    /// Puts together what was said in all places.
    pub fn new(args: ServeArgs) -> Result<Settings> {
        let data_dir = args.folder.data_dir()?;
        let file = read_file(&data_dir.join("wick.toml"))?;
        let said = args.choices;
        let host = said.host.or(file.host).unwrap_or(IpAddr::from([127, 0, 0, 1]));
        if !host.is_loopback() {
            bail!(
                "{host} is not an address of this computer for itself. Wick answers to this \
                 computer only; use 127.0.0.1"
            );
        }
        let mut models = vec![models_folder(&data_dir)];
        let more = if said.models.is_empty() { file.models } else { said.models };
        models.extend(more.into_iter().filter_map(|folder| std::path::absolute(folder).ok()));
        let usual = Cells::default();
        let cells = Cells {
            fewest: said.context_first.or(file.context_first).map_or(usual.fewest, |n| n as usize),
            pinned: said.context.or(file.context).map(|cells| cells as usize),
            kinds: said.kv.or(file.kv).unwrap_or_default(),
            attention: said.attention.or(file.attention).unwrap_or_default(),
        };
        if cells.kinds == Kinds::Q8 && cells.attention == Attention::Plain {
            bail!("With --kv q8_0 attention has to be auto or flash; leave --attention out");
        }
        let megabytes = said.parking.or(file.parking);
        let parking = megabytes.map_or_else(
            || MOST_PARKED.min(free_disk(&data_dir) / 10),
            |megabytes| megabytes.saturating_mul(1_000_000),
        );
        let minutes = |n| Idle(Some(Duration::from_mins(n)));
        Ok(Settings {
            data_dir,
            port: said.port.or(file.port).unwrap_or(8080),
            host,
            models,
            context_idle: said.context_idle.or(file.context_idle).unwrap_or(minutes(5)).0,
            model_idle: said.model_idle.or(file.model_idle).unwrap_or(minutes(30)).0,
            threads: said.threads.or(file.threads).unwrap_or_else(physical_cores),
            cells,
            titles: said.titles.or(file.titles).unwrap_or_default(),
            when_full: said.when_full.or(file.when_full).unwrap_or_default(),
            parking,
            memory: said
                .memory
                .or(file.memory)
                .map(|megabytes| megabytes.saturating_mul(1_000_000)),
            open: !(said.no_open || file.no_open),
            limits: Limits::new(
                said.hurry.or(file.hurry).unwrap_or(1),
                said.connections.or(file.connections).unwrap_or(Limits::CONNECTIONS),
            ),
            is_caged: !(said.no_cage || file.no_cage),
        })
    }
}

fn read_file(path: &Path) -> Result<Choices> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(err) if err.kind() == std::io::ErrorKind::NotFound => return Ok(Choices::default()),
        Err(err) => return Err(err).with_context(|| format!("{} can't be read", path.display())),
    };
    let choices: Choices =
        toml::from_str(&text).with_context(|| format!("{} is not right", path.display()))?;
    if choices.threads == Some(0) {
        bail!("{} is not right: threads is 0; it needs at least 1", path.display());
    }
    Ok(choices)
}

/// Cores, not hyperthreads: two threads on one core wait for each other's arithmetic. Never more
/// than this process may use.
pub fn physical_cores() -> u32 {
    let allowed = std::thread::available_parallelism().map_or(1, usize::from);
    num_cpus::get_physical().clamp(1, allowed) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(folder: &Path, args: &[&str]) -> Result<Settings> {
        let folder = folder.to_str().expect("it is text");
        let line = ["wick", "--data-dir", folder].into_iter().chain(args.iter().copied());
        match CommandLine::try_parse_from(line)?.command() {
            Command::Serve(args) => Settings::new(*args),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_command_line_goes_before_the_file_and_the_file_before_the_default() {
        let folder = tempfile::tempdir().expect("there is a folder for these");
        let by_default = settings(folder.path(), &[]).expect("nothing is wrong");
        assert_eq!((by_default.port, by_default.open), (8080, true));
        assert_eq!(by_default.context_idle, Some(Duration::from_mins(5)));
        let text = "port = 9000\nmodel-idle = \"0\"\ncontext-idle = \"90s\"\nno-open = true\n\
                    models = [\"/m\"]\nthreads = 3\n";
        fs::write(folder.path().join("wick.toml"), text).expect("it is small");
        let from_file = settings(folder.path(), &[]).expect("nothing is wrong");
        assert_eq!((from_file.port, from_file.threads, from_file.open), (9000, 3, false));
        assert_eq!(from_file.model_idle, None);
        assert_eq!(from_file.models, [folder.path().join("models"), "/m".into()]);
        let said = settings(folder.path(), &["--port", "0", "--context-idle", "1h"]);
        let said = said.expect("nothing is wrong");
        assert_eq!((said.port, said.context_idle), (0, Some(Duration::from_hours(1))));
    }

    #[test]
    fn what_is_wrong_in_the_file_is_said() {
        let folder = tempfile::tempdir().expect("there is a folder for these");
        for text in ["prot = 1", "port = \"x\"", "context-idle = \"soon\"", "threads = 0"] {
            fs::write(folder.path().join("wick.toml"), text).expect("it is small");
            let err = settings(folder.path(), &[]).expect_err("it is wrong");
            assert!(err.to_string().contains("wick.toml is not right"), "{text}: {err:#}");
        }
    }

    #[test]
    fn what_the_context_holds_and_what_becomes_of_it_when_it_is_full_can_be_set() {
        let folder = tempfile::tempdir().expect("there is a folder for these");
        let by_default = settings(folder.path(), &[]).expect("nothing is wrong");
        assert_eq!(by_default.cells.kinds, Kinds::Auto);
        assert_eq!(by_default.when_full, WhenFull::LeaveOut);
        let text = "kv = \"q8_0\"\nwhen-full = \"stop\"\n";
        fs::write(folder.path().join("wick.toml"), text).expect("it is small");
        let from_file = settings(folder.path(), &[]).expect("nothing is wrong");
        assert_eq!((from_file.cells.kinds, from_file.when_full), (Kinds::Q8, WhenFull::Stop));
        let plain = settings(folder.path(), &["--attention", "plain"]);
        let err = plain.expect_err("8 bits need flash attention");
        assert!(err.to_string().contains("--kv q8_0"), "{err}");
        let said = ["--kv", "auto", "--attention", "plain", "--when-full", "leave-out"];
        let said = settings(folder.path(), &said).expect("nothing is wrong");
        assert_eq!((said.cells.kinds, said.when_full), (Kinds::Auto, WhenFull::LeaveOut));
    }

    #[test]
    fn only_this_computer_is_listened_to() {
        let folder = tempfile::tempdir().expect("there is a folder for these");
        let err = settings(folder.path(), &["--host", "0.0.0.0"]).expect_err("it is everybody");
        assert!(err.to_string().contains("this computer only"), "{err}");
        assert!(settings(folder.path(), &["--host", "::1"]).is_ok());
    }

    #[test]
    fn the_command_line_is_well_formed() {
        use clap::CommandFactory;
        <CommandLine as CommandFactory>::command().debug_assert();
    }
}
