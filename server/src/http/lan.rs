//! Fulfils what is wished of the way in for phones: listens at the port of the page, or the next one that is
//! free, encrypted with a certificate that is made for it, unless a person chose otherwise.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use anyhow::Result;
use tokio::task::JoinHandle;
use tokio::time::{Instant, interval};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use wick_protocol::LanDoor;

use super::limits::Useless;
use super::port::listen;
use super::room::Room;
use super::serve::{Way, serve};
use super::{Added, Guard, Limits, routes};
use crate::files;
use crate::hub::Hub;
use crate::lan::{self, Authority, Identity, Lan, Name, Now, Opened, Wish};

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
        let open = match wish {
            None => None,
            Some(wish) => open(&hub, &files, &place, wish, stop.child_token()).await,
        };
        if wish.is_some() || was_open {
            if wish.is_none() {
                lan.tell(Now::Closed);
            }
            hub.tell_access();
        }
        was_open = wish.is_some();
        tokio::select! {
            changed = wishes.changed() => if changed.is_err() { break },
            end = useless(&lan, &place.room, place.limits.lan, wish), if open.is_some() => match end {
                End::Moved(wish) => {
                    let _ = hub.keep_lan(Some(wish)).await;
                    lan.wish(wish);
                }
                End::Left => close_because(&lan, "this computer left that network 15 minutes ago"),
                End::Nobody => close_because(&lan, "none was here for a day"),
            },
            () = stop.cancelled() => break,
        }
        if let Some(open) = open {
            open.close().await;
        }
    }
}

/// A way in that is open.
struct Open {
    serving: JoinHandle<()>,
    close: CancellationToken,
    /// Tells the network our name, as long as it is there.
    name: Option<Name>,
}

impl Open {
    async fn close(self) {
        drop(self.name);
        self.close.cancel();
        let _ = self.serving.await;
    }
}

/// Opens it as it is wished, and tells that, or why it can't be done.
async fn open(
    hub: &Hub,
    files: &files::Reader,
    place: &Place,
    wish: Wish,
    close: CancellationToken,
) -> Option<Open> {
    match begin(hub, files, place, wish, close).await {
        Ok((open, opened)) => {
            tracing::info!("phones reach Wick at {}", opened.door.address);
            hub.lan().tell(Now::Open(wish, opened));
            Some(open)
        }
        Err(err) => {
            tracing::warn!("phones can't reach Wick at {}: {err:#}", wish.address);
            hub.lan().tell(Now::Failed(wish, format!("{err:#}")));
            None
        }
    }
}

/// Listens, and asks itself whether it answers there.
async fn begin(
    hub: &Hub,
    files: &files::Reader,
    place: &Place,
    wish: Wish,
    close: CancellationToken,
) -> Result<(Open, Opened)> {
    let Wish { address, is_encrypted } = wish;
    let (identity, authority) = identity(wish, place)?;
    // Somebody else may have the page's port on this address.
    let listener = listen(address.into(), place.port).await?;
    let at = listener.local_addr()?;
    let door = door(wish, place, at.port(), identity.as_ref());
    let names = [address.to_string(), place.name.clone()];
    let guard = Guard::lan(is_encrypted, at.port(), &names, &place.added);
    let way = match identity {
        Some(it) => Way::Tls(TlsAcceptor::from(it.config), door.address.clone()),
        None => Way::Plain,
    };
    let routes = routes(hub.clone(), files.clone(), guard, place.limits);
    let serving = serve(listener, way, routes, place.room.clone(), place.limits, close.clone());
    let open = Open { serving: tokio::spawn(serving), close, name: None };
    if let Err(err) = lan::answers(at).await {
        open.close().await;
        return Err(err);
    }
    let open = Open { name: announced(place, address, at.port()), ..open };
    Ok((open, Opened { door, authority }))
}

/// The certificate that is shown, and that of our authority where that made it.
fn identity(wish: Wish, place: &Place) -> Result<(Option<Identity>, Option<String>)> {
    match &place.own {
        _ if !wish.is_encrypted => Ok((None, None)),
        Some((certificate, key)) => Ok((Some(Identity::read(certificate, key)?), None)),
        None => {
            let authority = Authority::open(&place.folder, &place.name)?;
            let identity = authority.identity(&place.name, &[wish.address.into()])?;
            Ok((Some(identity), Some(authority.pem)))
        }
    }
}

/// What people are told of it.
fn door(wish: Wish, place: &Place, port: u16, identity: Option<&Identity>) -> LanDoor {
    let (address, name) = (wish.address, &place.name);
    let scheme = if wish.is_encrypted { "https" } else { "http" };
    let digits = |it: &Identity| it.fingerprint.map(|it| format!("{it:02X}")).join(":");
    LanDoor {
        address: format!("{scheme}://{address}:{port}"),
        name: format!("{scheme}://{name}:{port}"),
        fingerprint: identity.map(digits).unwrap_or_default(),
        words: identity.map(Identity::words).unwrap_or_default(),
        firewall: lan::firewall(Path::new("/"), address, port),
    }
}

/// Tells the network our name. Without, phones still have the address.
fn announced(place: &Place, address: Ipv4Addr, port: u16) -> Option<Name> {
    if address.is_loopback() {
        return None;
    }
    Name::announce(&place.name, address, port)
        .inspect_err(|err| tracing::warn!("{} is not announced: {err:#}", place.name))
        .ok()
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
async fn useless(lan: &Lan, room: &Room, when: Useless, wish: Option<Wish>) -> End {
    let mut looks = interval(when.looked_every);
    let (mut seen, mut here) = (Instant::now(), Instant::now());
    while seen.elapsed() < when.nobody {
        looks.tick().await;
        if room.has_others() {
            seen = Instant::now();
        }
        match wish.and_then(|it| lan.here(it)) {
            None if when.away <= here.elapsed() => return End::Left,
            None => (),
            now if now == wish => here = Instant::now(),
            Some(moved) => return End::Moved(moved),
        }
    }
    End::Nobody
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

    fn wish(address: Ipv4Addr) -> Wish {
        Wish { address, is_encrypted: true }
    }

    /// A day is 0.9 s.
    fn when() -> Useless {
        Limits::new(100_000, 0).lan
    }

    #[tokio::test]
    async fn it_is_of_no_use_when_no_phone_was_here_for_a_day() {
        let (lan, day) = (Lan::new(vec![HOME]), when().nobody);
        let (room, empty) = (Room::new(8), Room::new(8));
        let phone = room.enter([192, 168, 1, 7].into()).expect("there is room");
        let end = useless(&lan, &room, when(), Some(wish(HOME)));
        tokio::pin!(end);
        tokio::select! {
            _ = &mut end => panic!("a phone is here"),
            end = useless(&lan, &empty, when(), Some(wish(HOME))) => assert!(matches!(end, End::Nobody)),
        }
        drop(phone);
        let left = Instant::now();
        assert!(matches!(end.await, End::Nobody));
        assert!(day * 9 / 10 < left.elapsed(), "{:?}", left.elapsed());
    }

    #[tokio::test]
    async fn it_follows_this_computer_and_ends_when_that_is_away_for_long() {
        let (lan, room) = (Lan::new(vec![HOME]), Room::new(8));
        let moved = useless(&lan, &room, when(), Some(wish(Ipv4Addr::new(127, 0, 0, 9)))).await;
        assert!(matches!(moved, End::Moved(it) if it == wish(HOME)));
        let began = Instant::now();
        let left = useless(&lan, &room, when(), Some(wish(Ipv4Addr::new(127, 9, 0, 2)))).await;
        assert!(matches!(left, End::Left) && when().away <= began.elapsed());
    }
}
