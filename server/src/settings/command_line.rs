//! What can be said on the command line, and in `wick.toml` under the same names.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::builder::FalseyValueParser;
use clap::{ArgAction, Args, Parser, Subcommand};
use directories::ProjectDirs;
use serde::Deserialize;

use crate::bench::BenchArgs;
#[cfg(target_os = "linux")]
use crate::engine::cage::trial::TrialArgs;
use crate::engine::{Attention, Kinds, WhenFull};
use crate::http::{HostName, Origin};
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
    /// Print a link that signs a browser in to the Wick that runs, once and within 5 minutes.
    Link(FolderArgs),
    /// Say what of Wick is open to whom on this computer, and whether anything is wrong. Takes the
    /// options of serve; ends with 1 when something is wrong.
    Doctor(Box<ServeArgs>),
    /// Measure a model on this computer: speed, time to the first token, memory.
    Bench(Box<BenchArgs>),
    /// Run one model. `wick serve` starts this by itself.
    #[command(hide = true)]
    Engine,
    /// Read one PDF or picture. `wick serve` starts this by itself.
    #[command(hide = true)]
    Read,
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
    pub(super) folder: FolderArgs,
    #[command(flatten)]
    pub(super) choices: Choices,
}

/// What can be set in all three places, under the same names.
#[derive(Clone, Debug, Default, Args, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub(super) struct Choices {
    /// Port of the page; when it is taken, the next free one. 0 = any free one [default: 8080].
    #[arg(long, env = "WICK_PORT")]
    pub(super) port: Option<u16>,
    /// Address to listen on. Only this computer's own (127.0.0.1 or `::1`) for now [default:
    /// 127.0.0.1].
    #[arg(long, env = "WICK_HOST", value_name = "ADDRESS")]
    pub(super) host: Option<IpAddr>,
    /// Folder with GGUF files, besides `models` in the data folder. Can be given several times;
    /// in the environment separated by colons.
    #[arg(long, env = "WICK_MODELS", value_name = "DIR", value_delimiter = ':')]
    pub(super) models: Vec<PathBuf>,
    /// Free the context when nobody used it for so long, such as 90s or 5m; 0 = never [default:
    /// 5m].
    #[arg(long, env = "WICK_CONTEXT_IDLE", value_name = "TIME")]
    pub(super) context_idle: Option<Idle>,
    /// End the engine, and give all its memory back, when nobody used it for so long; 0 = never
    /// [default: 30m].
    #[arg(long, env = "WICK_MODEL_IDLE", value_name = "TIME")]
    pub(super) model_idle: Option<Idle>,
    /// Threads that compute, at most: where other programs are busy, fewer are faster [default: the
    /// physical cores].
    #[arg(long, env = "WICK_THREADS", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=512))]
    pub(super) threads: Option<u32>,
    /// Tokens that the context has room for, always. Else it begins small and grows as the chat
    /// does, up to what the model was trained for.
    #[arg(long, env = "WICK_CONTEXT", value_name = "TOKENS", value_parser = clap::value_parser!(u32).range(256..=1 << 24))]
    pub(super) context: Option<u32>,
    /// Tokens that a context has room for at first, when it may grow [default: 2048].
    #[arg(long, env = "WICK_CONTEXT_FIRST", value_name = "TOKENS", value_parser = clap::value_parser!(u32).range(256..=1 << 24))]
    pub(super) context_first: Option<u32>,
    /// What the context holds its numbers in: 16 bits, or 8 for about half the memory and nearly
    /// the same answers. Auto takes 16, and 8 where only these fit into what is free [default:
    /// auto].
    #[arg(long, env = "WICK_KV", value_name = "TYPE")]
    pub(super) kv: Option<Kinds>,
    /// What becomes of a chat that is longer than the context can be: the oldest messages are left
    /// out of what the model reads, or the answer stops and says why [default: leave-out].
    #[arg(long, env = "WICK_WHEN_FULL", value_name = "WHAT")]
    pub(super) when_full: Option<WhenFull>,
    /// Who names a chat: the model, after its first answer, or nobody, so that its title is how it
    /// begins [default: model].
    #[arg(long, env = "WICK_TITLES", value_name = "WHO")]
    pub(super) titles: Option<Titles>,
    /// How attention is computed: flash attention takes less memory, and is what auto takes where
    /// the model allows it [default: auto].
    #[arg(long, env = "WICK_ATTENTION", value_name = "KIND")]
    pub(super) attention: Option<Attention>,
    /// Room on the disk for chats, in megabytes. When it is used up, answers go on and are not saved, which the
    /// page says [default: 10000].
    #[arg(long, env = "WICK_CHATS", value_name = "MB", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) chats: Option<u64>,
    /// Room on the disk for what models have read, in megabytes, so that they need not read it
    /// again; 0 = none [default: 2147, or a tenth of the free disk].
    #[arg(long, env = "WICK_PARKING", value_name = "MB")]
    pub(super) parking: Option<u64>,
    /// Memory that all loaded models may have together, in megabytes: the one that was used longest
    /// ago is unloaded for another [default: what is free].
    #[arg(long, env = "WICK_MEMORY", value_name = "MB")]
    pub(super) memory: Option<u64>,
    /// Print the address, but open no browser.
    #[arg(long, env = "WICK_NO_OPEN", action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    pub(super) no_open: bool,
    /// Let everybody in who can reach Wick on this computer, without signing in: other users of it, and
    /// other programs, may read all chats. Only with an address of this computer for itself.
    #[arg(long, env = "WICK_NO_AUTH", action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    pub(super) no_auth: bool,
    /// Be there for phones in the same network from the start, encrypted, and show the code that lets
    /// one in. The page can do this at any time.
    #[arg(long, env = "WICK_LAN", action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    pub(super) lan: bool,
    /// Addresses that count as those of networks.
    #[arg(
        long = "network",
        env = "WICK_NETWORK",
        hide = true,
        value_name = "ADDRESS",
        value_delimiter = ','
    )]
    pub(super) networks: Vec<Ipv4Addr>,
    /// A certificate for phones, in PEM, in place of the one that Wick makes.
    #[arg(long, env = "WICK_TLS_CERT", value_name = "FILE")]
    pub(super) tls_cert: Option<PathBuf>,
    /// The key of that certificate, in PEM.
    #[arg(long, env = "WICK_TLS_KEY", value_name = "FILE")]
    pub(super) tls_key: Option<PathBuf>,
    /// Be there for phones from the start without encryption: whoever is in that network can read along. For
    /// phones that refuse every certificate that they do not know.
    #[arg(long, env = "WICK_LAN_PLAIN", action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    pub(super) lan_plain: bool,
    /// Another name under which the page is answered, such as wick.home, where something of yours leads from
    /// it to Wick. Can be given several times; in the environment separated by commas.
    #[arg(long, env = "WICK_ALLOW_HOST", value_name = "NAME", value_delimiter = ',')]
    pub(super) allow_host: Vec<HostName>,
    /// Pages of others that may use the models, with a key, such as <https://notes.example>. Can be given
    /// several times; in the environment separated by commas.
    #[arg(long, env = "WICK_ALLOW_ORIGIN", value_name = "ORIGIN", value_delimiter = ',')]
    pub(super) allow_origin: Vec<Origin>,
    /// Start engines without a cage, to see what it costs.
    #[arg(long, env = "WICK_NO_CAGE", hide = true, action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    pub(super) no_cage: bool,
    /// All times that connections may take are so many times shorter, for tests.
    #[arg(long, env = "WICK_HURRY", hide = true, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(super) hurry: Option<u32>,
    /// Connections at once.
    #[arg(long, env = "WICK_CONNECTIONS", hide = true, value_name = "N")]
    pub(super) connections: Option<usize>,
}

/// A time after which something rests; `None` = never.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Idle(pub(super) Option<Duration>);

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
