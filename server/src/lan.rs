//! Phones and other computers of the same network: where Wick is for them, while a person wants that.
//!
//! Nothing listens there before somebody asks for it. What is asked for is a wish ([`Lan`]); `http::lan`
//! fulfils it, and says what came of it.

mod certificate;
mod firewall;
mod name;
mod networks;
mod picture;
mod trial;
mod wish;

use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::sync::watch;
use wick_protocol::{LanDoor, Network};

pub use self::certificate::{Authority, Identity};
pub use self::firewall::firewall;
pub use self::name::Name;
pub use self::picture::{for_terminal, picture};
pub use self::trial::answers;
pub use self::wish::Wish;

use self::networks::{network, networks, prefix};

/// How long opening may take.
const OPENS_WITHIN: Duration = Duration::from_secs(10);

/// A handle on where phones reach Wick. A clone is another one on the same.
#[derive(Clone)]
pub struct Lan {
    /// Addresses that count as those of networks, for tests.
    more: Vec<Ipv4Addr>,
    wish: watch::Sender<Option<Wish>>,
    now: watch::Sender<Now>,
}

/// How it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Now {
    /// Nobody listens.
    #[default]
    Closed,
    /// Somebody does, as it was wished.
    Open(Wish, Opened),
    /// It could not be opened so, for a reason that is a sentence for people.
    Failed(Wish, String),
}

/// A way in that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// What people are told of it.
    pub door: LanDoor,
    /// The certificate of our own authority, in PEM, where it made the one that is shown.
    pub authority: Option<String>,
}

impl Lan {
    /// Closed. `more` are addresses that count as those of networks.
    pub fn new(more: Vec<Ipv4Addr>) -> Lan {
        Lan { more, wish: watch::Sender::new(None), now: watch::Sender::new(Now::Closed) }
    }

    /// The networks that this computer is in, the likeliest one first.
    pub fn networks(&self) -> Vec<Network> {
        let named = |it: &Ipv4Addr| Network { name: "lo".into(), address: it.to_string() };
        self.more.iter().map(named).chain(networks()).collect()
    }

    /// Where it is open already, else encrypted in the likeliest network; `None` = there is none.
    pub fn likeliest(&self) -> Option<Wish> {
        let address = || self.networks().first()?.address.parse().ok();
        let wish = *self.wish.borrow();
        wish.or_else(|| Some(Wish { address: address()?, is_encrypted: true }))
    }

    /// The same where this computer is now: it may have been given another address in that network. `None` =
    /// it left it.
    pub fn here(&self, wish: Wish) -> Option<Wish> {
        let ours: Vec<Ipv4Addr> =
            self.networks().iter().filter_map(|it| it.address.parse().ok()).collect();
        if ours.contains(&wish.address) {
            return Some(wish);
        }
        let is_same = |ours: &Ipv4Addr| {
            let bits = prefix(*ours);
            network(*ours, bits) == network(wish.address, bits)
        };
        ours.into_iter().find(is_same).map(|address| Wish { address, ..wish })
    }

    /// Opens it without waiting for that.
    pub fn wish(&self, wish: Wish) {
        self.wish.send_replace(Some(wish));
    }

    /// Opens it.
    pub async fn open(&self, wish: Wish) -> Result<LanDoor, String> {
        let mut now = self.now.subscribe();
        let is_wished = *self.wish.borrow() == Some(wish);
        let is_there = is_wished && matches!(&*now.borrow(), Now::Open(it, _) if *it == wish);
        // Who is there already stays. What failed before, or is being closed, is opened anew.
        if !is_there {
            self.now.send_replace(Now::Closed);
            self.wish.send_replace(Some(wish));
        }
        let opened = now.wait_for(|now| match now {
            Now::Open(it, _) | Now::Failed(it, _) => *it == wish,
            Now::Closed => false,
        });
        match tokio::time::timeout(OPENS_WITHIN, opened).await {
            Ok(Ok(now)) => match &*now {
                Now::Open(_, opened) => Ok(opened.door.clone()),
                Now::Failed(_, reason) => Err(reason.clone()),
                Now::Closed => Err("It was closed".into()),
            },
            _ => Err(format!("{} could not be listened at within 10 s", wish.address)),
        }
    }

    /// Closes it. Who came in there is cut off.
    pub fn close(&self) {
        self.wish.send_replace(None);
    }

    /// Where phones reach Wick; `None` = nowhere.
    pub fn door(&self) -> Option<LanDoor> {
        self.opened().map(|it| it.door)
    }

    /// What makes phones trust the certificate that they are shown; `None` where it is not ours.
    pub fn authority(&self) -> Option<String> {
        self.opened()?.authority
    }

    fn opened(&self) -> Option<Opened> {
        match &*self.now.borrow() {
            Now::Open(_, opened) => Some(opened.clone()),
            Now::Closed | Now::Failed(..) => None,
        }
    }

    /// What is wished.
    pub fn wishes(&self) -> watch::Receiver<Option<Wish>> {
        self.wish.subscribe()
    }

    /// Says what came of a wish.
    pub fn tell(&self, now: Now) {
        self.now.send_replace(now);
    }
}
