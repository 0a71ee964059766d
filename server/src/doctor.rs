//! `wick doctor`: what of Wick is open to whom on this computer, whether the engine's cage holds, and
//! what there is of models, memory and disk. In sentences for people; nothing is changed.

use std::fmt::{self, Display, Formatter};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use crate::engine::memory::{self, readable};
use crate::instance::Instance;
use crate::lan::Lan;
use crate::models::Catalogue;
use crate::settings::{Settings, free_disk, models_folder};
use crate::{privacy, processor};

/// Bytes on the disk below which chats may soon not be saved.
const LITTLE_DISK: u64 = 500_000_000;

/// How long an address of this computer may take to answer.
const ANSWERS_WITHIN: Duration = Duration::from_millis(500);

/// All that was found.
#[derive(Default)]
pub struct Findings(Vec<Finding>);

struct Finding {
    is_wrong: bool,
    text: String,
}

impl Findings {
    /// Whether nothing is wrong.
    pub fn is_well(&self) -> bool {
        self.n_wrong() == 0
    }

    fn n_wrong(&self) -> usize {
        self.0.iter().filter(|it| it.is_wrong).count()
    }

    fn well(&mut self, text: String) {
        self.0.push(Finding { is_wrong: false, text });
    }

    fn wrong(&mut self, text: String) {
        self.0.push(Finding { is_wrong: true, text });
    }
}

impl Display for Findings {
    fn fmt(&self, to: &mut Formatter<'_>) -> fmt::Result {
        for Finding { is_wrong, text } in &self.0 {
            writeln!(to, "{} {text}", if *is_wrong { '!' } else { ' ' })?;
        }
        match self.n_wrong() {
            0 => write!(to, "Nothing is wrong."),
            1 => write!(to, "One thing is wrong. It is marked with !"),
            n => write!(to, "{n} things are wrong. They are marked with !"),
        }
    }
}

/// Looks at everything.
pub fn examine(settings: &Settings) -> Findings {
    let mut findings = Findings::default();
    listening(settings, &mut findings);
    files(&settings.data_dir, &mut findings);
    cage(settings, &mut findings);
    if let Some(instructions) = processor::instructions() {
        findings.well(format!("The engine computes with {instructions}, the best of what it knows that this processor has."));
    }
    let free = memory::available().into_iter().chain(settings.memory).min();
    models(settings, free, &mut findings);
    room(settings, free, &mut findings);
    findings
}

fn listening(settings: &Settings, findings: &mut Findings) {
    let (host, port) = (settings.host, settings.port);
    match Instance::look(&settings.data_dir) {
        Some(Instance::Other(Some(address))) => findings.well(format!("Wick runs, at {address}.")),
        Some(_) => findings.wrong(format!(
            "Another Wick uses {} and does not say where it is. End it, or wait until it has started.",
            settings.data_dir.display()
        )),
        None if port == 0 => {
            findings.well(format!("Wick does not run. It would listen at {host}, at any free port."));
        }
        None => findings.well(format!(
            "Wick does not run. It would listen at {host}, port {port} or the next one that is free."
        )),
    }
    let places = places(settings);
    if places.is_empty() {
        findings.well(format!(
            "Only this computer can reach it: {host} is its address for itself. Pages of other places are \
             refused."
        ));
    }
    for (place, is_encrypted) in places {
        let scheme = if is_encrypted { "https" } else { "http" };
        let reach =
            format!("Phones and others in the same network can reach it at {scheme}://{place}");
        if is_encrypted {
            findings
                .well(format!("{reach}, encrypted. They get an empty page until they are let in."));
        } else {
            findings.wrong(format!(
                "{reach}, without encryption: whoever is in that network can read along. Close it to phones in \
                 the page, and open it again with encryption."
            ));
        }
    }
    for it in settings.added.hosts.iter() {
        findings.well(format!("It answers under the name {it}, too, as --allow-host says."));
    }
    for it in settings.added.origins.iter() {
        findings.well(format!(
            "Pages from {it} may use the models with a key, as --allow-origin says."
        ));
    }
    if settings.is_open {
        return findings.wrong(
            "Other users of this computer may read all chats: nobody has to sign in, as --no-auth says."
                .into(),
        );
    }
    findings.well(
        "Browsers have to be signed in, which wick does with the one that it opens, and wick link with \
         another one. Programs need a key, unless the page's settings say otherwise."
            .into(),
    );
}

/// Where Wick listens on the networks that this computer is in, as far as it runs, and whether what is said
/// there is encrypted.
fn places(settings: &Settings) -> Vec<(SocketAddr, bool)> {
    let Some(Instance::Other(Some(address))) = Instance::look(&settings.data_dir) else {
        return Vec::new();
    };
    let port = address.rsplit(':').next().and_then(|port| port.parse().ok());
    let networks = Lan::new(settings.networks.clone()).networks().into_iter();
    let places = networks.filter_map(|it| Some(SocketAddr::new(it.address.parse().ok()?, port?)));
    places.filter_map(|it| Some((it, is_encrypted(it)?))).collect()
}

/// Where all is encrypted, who speaks otherwise is sent there. `None` = nobody listens.
fn is_encrypted(place: SocketAddr) -> Option<bool> {
    let mut stream = TcpStream::connect_timeout(&place, ANSWERS_WITHIN).ok()?;
    let mut begin = [0; b"HTTP/1.1 200".len()];
    let answer = stream
        .set_read_timeout(Some(ANSWERS_WITHIN))
        .and_then(|()| {
            write!(stream, "GET / HTTP/1.1\r\nHost: {place}\r\nConnection: close\r\n\r\n")
        })
        .and_then(|()| stream.read_exact(&mut begin));
    Some(answer.is_err() || !begin.ends_with(b"200"))
}

fn files(data_dir: &Path, findings: &mut Findings) {
    let folder = data_dir.display();
    if !data_dir.exists() {
        return findings.well(format!("Nothing is kept yet. It would be in {folder}."));
    }
    let shared = privacy::shared(data_dir);
    if shared.is_empty() {
        findings.well(format!("What is kept is in {folder}, and nobody else can read it."));
    }
    for it in shared {
        findings.wrong(format!(
            "Others may look into {} (its rights are {:04o}). Wick takes that away when it starts.",
            it.path.display(),
            it.mode
        ));
    }
}

#[cfg(target_os = "linux")]
fn cage(settings: &Settings, findings: &mut Findings) {
    use crate::engine::cage::trial;
    if !settings.is_caged {
        return findings.wrong("The engine is not caged, as --no-cage says.".into());
    }
    let report = match trial::hold() {
        Ok(report) => report,
        Err(err) => return findings.wrong(format!("The engine's cage can't be tried: {err:#}.")),
    };
    let text = capital(&report.cage.to_string());
    let n_refused = report.forbidden.iter().filter(|it| it.is_refused).count();
    let tried =
        format!("{text}. Of {} forbidden things {n_refused} were refused.", report.forbidden.len());
    if report.cage.is_closed() {
        findings.well(tried);
    } else {
        findings.wrong(tried);
    }
    for what in report.leaks() {
        findings.wrong(format!("The cage should refuse this and does not: {what}."));
    }
    for what in report.lacks() {
        findings.wrong(format!("The cage refuses what the engine needs: {what}."));
    }
}

#[cfg(not(target_os = "linux"))]
fn cage(_: &Settings, findings: &mut Findings) {
    findings.wrong(format!("{}.", capital(&crate::engine::cage::Cage::default().to_string())));
}

fn models(settings: &Settings, free: Option<u64>, findings: &mut Findings) {
    let mut catalogue = Catalogue::new(settings.models.clone(), settings.cells);
    catalogue.look(free);
    let models = catalogue.models();
    if models.is_empty() {
        let folder = models_folder(&settings.data_dir);
        return findings.well(format!(
            "There is no model yet. Put a GGUF file into {}, or type: wick starter",
            folder.display()
        ));
    }
    for model in models {
        match (&model.trouble, model.fit) {
            (Some(trouble), _) => {
                findings.wrong(format!("{} can't be used. {trouble}.", model.file));
            }
            (None, Some(fit)) => findings.well(format!(
                "{} ({}) needs about {} of memory.",
                model.name,
                model.quantisation,
                readable(fit.need)
            )),
            (None, None) => findings.well(format!("{} ({})", model.name, model.quantisation)),
        }
    }
}

fn room(settings: &Settings, free: Option<u64>, findings: &mut Findings) {
    match free {
        Some(free) => findings.well(format!("{} of memory are free.", readable(free))),
        None => findings.well("The system does not say how much memory is free.".into()),
    }
    let disk = free_disk(&settings.data_dir);
    let says = format!("{} of disk are free where chats are kept", readable(disk));
    if disk < LITTLE_DISK {
        findings.wrong(format!("{says}. Soon they can't be saved."));
    } else {
        findings.well(format!("{says}."));
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|it| it.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
