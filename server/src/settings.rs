//! What can be set, and where from: the command line, else the environment, else `wick.toml` in
//! the data folder, else the default.

mod command_line;

use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use self::command_line::{Choices, Idle, ServeArgs};
use crate::engine::{Attention, Cells, Kinds, WhenFull};
use crate::http::{Added, Limits};
use crate::hub::Titles;

pub use self::command_line::{Command, CommandLine};

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
    /// Bytes on the disk for chats.
    pub chats: u64,
    /// Bytes on the disk for what models have read.
    pub parking: u64,
    /// Bytes that all loaded models may have together; `None` = what is free.
    pub memory: Option<u64>,
    /// Whether the browser is opened.
    pub open: bool,
    /// Whether everybody who can reach Wick may use it.
    pub is_open: bool,
    /// Whether phones reach Wick from the start; `Some(true)` = encrypted.
    pub lan: Option<bool>,
    /// Names and pages that are answered, too.
    pub added: Added,
    /// Addresses that count as those of networks, for tests.
    pub networks: Vec<Ipv4Addr>,
    /// A certificate for phones and its key, where a person brings one.
    pub certificate: Option<(PathBuf, PathBuf)>,
    /// Whether engines are caged.
    pub is_caged: bool,
    /// What connections may take.
    pub limits: Limits,
}

/// What is parked takes no more than this, unless somebody says so: 2 GiB.
const MOST_PARKED: u64 = 2 << 30;

/// Chats take no more than this, unless somebody says so, in megabytes.
const CHATS: u64 = 10_000;

/// Where what models have read is parked in the data folder.
pub fn parking_folder(data_dir: &Path) -> PathBuf {
    data_dir.join("parked")
}

/// Where links that sign browsers in are in the data folder.
pub fn links_folder(data_dir: &Path) -> PathBuf {
    data_dir.join("sign-in")
}

/// Where certificates and their keys are in the data folder.
pub fn tls_folder(data_dir: &Path) -> PathBuf {
    data_dir.join("tls")
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
        let certificate = match (said.tls_cert.or(file.tls_cert), said.tls_key.or(file.tls_key)) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            _ => bail!(
                "--tls-cert and --tls-key go together: the one is worth nothing without the other"
            ),
        };
        let is_plain = said.lan_plain || file.lan_plain;
        let hosts = if said.allow_host.is_empty() { file.allow_host } else { said.allow_host };
        let origins =
            if said.allow_origin.is_empty() { file.allow_origin } else { said.allow_origin };
        let added = Added { hosts: hosts.into(), origins: origins.into() };
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
            chats: said.chats.or(file.chats).unwrap_or(CHATS).saturating_mul(1_000_000),
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
            is_open: said.no_auth || file.no_auth,
            lan: (said.lan || file.lan || is_plain).then_some(!is_plain),
            added,
            networks: if said.networks.is_empty() { file.networks } else { said.networks },
            certificate,
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
    use clap::Parser;

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
