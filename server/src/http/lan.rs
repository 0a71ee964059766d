//! Fulfils what is wished of the way in for phones: listens at the port of the page, encrypted with a
//! certificate that is made for it, unless a person chose otherwise.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::net::TcpListener;
use tokio::time::{Instant, interval};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use wick_protocol::LanDoor;

use super::room::Room;
use super::serve::{Way, serve};
use super::{Added, Guard, Limits, routes};
use crate::files;
use crate::hub::Hub;
use crate::lan::{self, Authority, Identity, Lan, Name, Now, Wish};

/// It is closed when no phone was here for so long.
const NOBODY_FOR: Duration = Duration::from_hours(24);

/// And when this computer was not in that network for so long. Networks come and go while it wakes.
const AWAY_FOR: Duration = Duration::from_mins(15);

/// How often it is looked whether one is, and whether this computer has another address.
const LOOKED_EVERY: Duration = Duration::from_mins(1);

/// What is served there, and how.
pub struct Place {
    /// The port of the page.
    pub port: u16,
    /// Our name on the network.
    pub name: String,
    /// Where the certificates are.
    pub folder: PathBuf,
    /// The certificate and the key that a person brought.
    pub own: Option<(PathBuf, PathBuf)>,
    /// The names and pages that a person added to those that are answered.
    pub added: Added,
    /// What connections may take.
    pub limits: Limits,
    /// The room for all connections.
    pub room: Room,
}

/// Does what is wished until `stop`.
pub async fn keep(hub: Hub, files: files::Reader, place: Place, stop: CancellationToken) {
    let lan = hub.lan().clone();
    let mut wishes = lan.wishes();
    let mut was_open = false;
    loop {
        let wish = *wishes.borrow_and_update();
        let close = stop.child_token();
        let serving = match wish {
            None => None,
            Some(wish) => match open(wish, &place).await {
                Ok((listener, way, open)) => {
                    let names = [wish.address.to_string(), place.name.clone()];
                    let guard = Guard::lan(wish.is_encrypted, place.port, &names, &place.added);
                    let routes = routes(hub.clone(), files.clone(), guard, place.limits);
                    let serving = serve(
                        listener,
                        way,
                        routes,
                        place.room.clone(),
                        place.limits,
                        close.clone(),
                    );
                    let serving = tokio::spawn(serving);
                    let at = SocketAddr::from((wish.address, place.port));
                    match lan::answers(at).await {
                        Ok(()) => {
                            tracing::info!("phones reach Wick at {}", open.door.address);
                            lan.tell(Now::Open(wish, open));
                            Some(serving)
                        }
                        Err(err) => {
                            close.cancel();
                            let _ = serving.await;
                            fail(&lan, wish, &err);
                            None
                        }
                    }
                }
                Err(err) => {
                    fail(&lan, wish, &err);
                    None
                }
            },
        };
        if wish.is_some() || was_open {
            if wish.is_none() {
                lan.tell(Now::Closed);
            }
            hub.tell_access();
        }
        was_open = wish.is_some();
        let is_open = serving.is_some();
        let announced = wish.filter(|it| is_open && !it.address.is_loopback());
        let name = announced.map(|it| Name::announce(&place.name, it.address, place.port));
        if let Some(Err(err)) = &name {
            tracing::warn!("{} is not announced: {err:#}", place.name);
        }
        tokio::select! {
            changed = wishes.changed() => if changed.is_err() { break },
            end = useless(&lan, &place.room, wish), if is_open => match end {
                End::Moved(wish) => {
                    let _ = hub.keep_lan(Some(wish)).await;
                    lan.wish(wish);
                }
                End::Left => close_because(&lan, "this computer left that network 15 minutes ago"),
                End::Nobody => close_because(&lan, "none was here for a day"),
            },
            () = stop.cancelled() => break,
        }
        drop(name);
        close.cancel();
        if let Some(serving) = serving {
            let _ = serving.await;
        }
    }
}

fn fail(lan: &Lan, wish: Wish, err: &anyhow::Error) {
    tracing::warn!("phones can't reach Wick at {}: {err:#}", wish.address);
    lan.tell(Now::Failed(wish, format!("{err:#}")));
}

async fn open(wish: Wish, place: &Place) -> Result<(TcpListener, Way, lan::Way)> {
    let Wish { address, is_encrypted } = wish;
    let (name, port) = (&place.name, place.port);
    let (identity, authority) = match &place.own {
        _ if !is_encrypted => (None, None),
        Some((certificate, key)) => (Some(Identity::read(certificate, key)?), None),
        None => {
            let authority = Authority::open(&place.folder, name)?;
            (Some(authority.identity(name, &[address.into()])?), Some(authority.pem))
        }
    };
    let listener = TcpListener::bind(SocketAddr::from((address, port)))
        .await
        .with_context(|| format!("{address}:{port} can't be listened at"))?;
    let scheme = if is_encrypted { "https" } else { "http" };
    let digits = |it: &Identity| it.fingerprint.map(|it| format!("{it:02X}")).join(":");
    let door = LanDoor {
        address: format!("{scheme}://{address}:{port}"),
        name: format!("{scheme}://{name}:{port}"),
        fingerprint: identity.as_ref().map(digits).unwrap_or_default(),
        words: identity.as_ref().map(Identity::words).unwrap_or_default(),
        firewall: lan::firewall(Path::new("/"), address, port),
    };
    let way = match identity {
        Some(it) => Way::Tls(TlsAcceptor::from(it.config), door.address.clone()),
        None => Way::Plain,
    };
    Ok((listener, way, lan::Way { door, authority }))
}

/// Why a way in is of no use any more.
enum End {
    /// This computer has another address in that network.
    Moved(Wish),
    /// It is in that network no more.
    Left,
    /// Nobody else was here for a day.
    Nobody,
}

fn close_because(lan: &Lan, reason: &str) {
    tracing::info!("phones don't reach Wick any more: {reason}");
    lan.close();
}

/// Waits until the way in that was wished is of no use.
async fn useless(lan: &Lan, room: &Room, wish: Option<Wish>) -> End {
    let mut looks = interval(LOOKED_EVERY);
    let (mut seen, mut here) = (Instant::now(), Instant::now());
    while seen.elapsed() < NOBODY_FOR {
        looks.tick().await;
        if room.has_others() {
            seen = Instant::now();
        }
        match wish.and_then(|it| lan.here(it)) {
            None if AWAY_FOR <= here.elapsed() => return End::Left,
            None => (),
            now if now == wish => here = Instant::now(),
            Some(moved) => return End::Moved(moved),
        }
    }
    End::Nobody
}
