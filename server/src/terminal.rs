//! What somebody at a terminal is told and asked.

use std::io::{BufRead, IsTerminal, stdin, stdout};

use anyhow::{Context, Result, anyhow};
use tokio::sync::mpsc;
use wick_protocol::{Asking, Network, ServerMessage};

use crate::access::Links;
use crate::browser;
use crate::hub::Hub;
use crate::lan;
use crate::settings::Settings;

/// Lines that somebody typed and nobody read yet.
const MOST_LINES: usize = 4;

/// What other programs may wait for: to the standard output.
#[expect(clippy::print_stdout, reason = "it is the one place that does")]
pub fn say(line: &str) {
    println!("{line}");
}

/// Opens a browser that is signed in, where there is one. Else somebody at a terminal is told how.
pub async fn welcome(settings: &Settings, address: &str) {
    let links = Links::of(&settings.data_dir);
    let is_open = settings.open
        && match links.make(address) {
            Ok(link) => browser::show(&link.file).await,
            Err(_) => false,
        };
    // A log is no place for a link.
    if !is_open && stdout().is_terminal() {
        match links.make(address) {
            Ok(link) => say(&format!("{} signs a browser in, once within 5 minutes", link.address)),
            Err(err) => tracing::warn!("no link could be made: {err:#}"),
        }
    }
}

/// Is there for phones, shows somebody at a terminal the code that lets one in, and asks whether it is.
pub async fn invite(hub: &Hub, is_encrypted: bool) -> Result<()> {
    let network = hub.lan().networks().into_iter().next();
    let network = network.context("This computer is in no network, so --lan has nothing to do")?;
    let Network { name, address } = network;
    let invited = hub.invite(&address, is_encrypted).await.map_err(|err| anyhow!("{err}"))?;
    let ServerMessage::Invited { address, .. } = invited else { return Ok(()) };
    let (place, _) = address.split_once("/#").unwrap_or_default();
    say(&format!("Phones in the network {name} reach Wick at {place}"));
    if !is_encrypted {
        say("Nothing is encrypted there: whoever is in that network can read along");
    }
    // A log is no place for a code.
    if stdout().is_terminal() {
        say(&lan::for_terminal(&address).unwrap_or_default());
        let who = if stdin().is_terminal() { "here or on Wick's page" } else { "on Wick's page" };
        say(&format!("{address}\nlets a phone in, once within 5 minutes, when you allow it {who}"));
        if stdin().is_terminal() {
            tokio::spawn(allow(hub.clone(), typed(), |line| say(&line)));
        }
    }
    Ok(())
}

/// What somebody types from now on. A thread of its own reads it, because nothing can end that wait, and the
/// end of Wick must not wait for it.
fn typed() -> mpsc::Receiver<String> {
    let (line, lines) = mpsc::channel(MOST_LINES);
    std::thread::spawn(move || {
        for typed in stdin().lock().lines().map_while(Result::ok) {
            if line.blocking_send(typed).is_err() {
                break;
            }
        }
    });
    lines
}

/// Asks about each phone that wants in, until there is nobody to ask.
async fn allow(hub: Hub, mut lines: mpsc::Receiver<String>, say: impl Fn(String)) {
    let mut changes = hub.access().pairing().changes();
    let mut asked = None;
    loop {
        let first = hub.access().pairing().asking().into_iter().next();
        if first.as_ref().map(|it| it.id) != asked {
            asked = first.as_ref().map(|it| it.id);
            say(match &first {
                Some(it) => question(&hub, it),
                None => "No phone waits any more".into(),
            });
        }
        tokio::select! {
            changed = changes.changed() => if changed.is_err() { return },
            line = lines.recv() => {
                let Some(line) = line else { return };
                let is_allowed = ["y", "yes"].contains(&line.trim().to_lowercase().as_str());
                if let Some(asking) = asked {
                    hub.answer_phone(asking, is_allowed);
                }
            }
        }
    }
}

fn question(hub: &Hub, Asking { name, address, .. }: &Asking) -> String {
    let words = hub.lan().door().map(|it| it.words).filter(|it| !it.is_empty());
    let both = words.map(|it| format!(" It has to show the words “{it}”.")).unwrap_or_default();
    format!(
        "{name} at {address} wants in, and would see all chats.{both} Let it in? Type y or n, and Enter"
    )
}
