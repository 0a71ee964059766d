//! Fulfils what is wished of the way in for phones: listens at the port of the page, encrypted, with a
//! certificate that is made for it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::net::TcpListener;
use tokio::time::{Instant, interval};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use wick_protocol::LanDoor;

use super::room::Room;
use super::serve::{Way, serve};
use super::{Guard, Limits, routes};
use crate::hub::Hub;
use crate::lan::{Authority, Identity, Name, Now};
use crate::pdf;

/// It is closed when no phone was here for so long.
const NOBODY_FOR: Duration = Duration::from_hours(24);

/// How often it is looked whether one is.
const LOOKED_EVERY: Duration = Duration::from_mins(5);

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
    /// What connections may take.
    pub limits: Limits,
    /// The room for all connections.
    pub room: Room,
}

/// Does what is wished until `stop`.
pub async fn keep(hub: Hub, pdfs: pdf::Reader, place: Place, stop: CancellationToken) {
    let lan = hub.lan().clone();
    let mut wishes = lan.wishes();
    let mut was_open = false;
    loop {
        let wish = *wishes.borrow_and_update();
        let close = stop.child_token();
        let serving = match wish {
            None => None,
            Some(address) => match open(address, &place).await {
                Ok((listener, way, door)) => {
                    let guard = Guard::lan(place.port, &[address.to_string(), place.name.clone()]);
                    let routes = routes(hub.clone(), pdfs.clone(), guard, place.limits);
                    let serving = serve(
                        listener,
                        way,
                        routes,
                        place.room.clone(),
                        place.limits,
                        close.clone(),
                    );
                    tracing::info!("phones reach Wick at {}", door.address);
                    lan.tell(Now::Open(address, door));
                    Some(tokio::spawn(serving))
                }
                Err(err) => {
                    tracing::warn!("phones can't reach Wick at {address}: {err:#}");
                    lan.tell(Now::Failed(address, format!("{err:#}")));
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
        let announced = wish.filter(|it| is_open && !it.is_loopback());
        let name = announced.map(|at| Name::announce(&place.name, at, place.port));
        if let Some(Err(err)) = &name {
            tracing::warn!("{} is not announced: {err:#}", place.name);
        }
        tokio::select! {
            changed = wishes.changed() => if changed.is_err() { break },
            reason = useless(&hub, &place.room, wish), if is_open => {
                tracing::info!("phones don't reach Wick any more: {reason}");
                lan.close();
            }
            () = stop.cancelled() => break,
        }
        drop(name);
        close.cancel();
        if let Some(serving) = serving {
            let _ = serving.await;
        }
    }
}

async fn open(address: Ipv4Addr, place: &Place) -> Result<(TcpListener, Way, LanDoor)> {
    let (name, port) = (&place.name, place.port);
    let identity = match &place.own {
        Some((certificate, key)) => Identity::read(certificate, key)?,
        None => Authority::open(&place.folder, name)?.identity(name, &[IpAddr::V4(address)])?,
    };
    let listener = TcpListener::bind(SocketAddr::from((address, port)))
        .await
        .with_context(|| format!("{address}:{port} can't be listened at"))?;
    let door = LanDoor {
        address: format!("https://{address}:{port}"),
        name: format!("https://{name}:{port}"),
        fingerprint: identity.fingerprint.map(|it| format!("{it:02X}")).join(":"),
    };
    let way = Way::Tls(TlsAcceptor::from(identity.config), door.address.clone());
    Ok((listener, way, door))
}

/// Waits until nobody else was here for a day, or the computer left that network; says which.
async fn useless(hub: &Hub, room: &Room, address: Option<Ipv4Addr>) -> &'static str {
    let address = address.map(|it| it.to_string());
    let mut looks = interval(LOOKED_EVERY);
    let mut last = Instant::now();
    while last.elapsed() < NOBODY_FOR {
        looks.tick().await;
        if room.has_others() {
            last = Instant::now();
        }
        if !hub.lan().networks().iter().any(|it| Some(&it.address) == address.as_ref()) {
            return "this computer left that network";
        }
    }
    "none was here for a day"
}
