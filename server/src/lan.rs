//! Phones and other computers of the same network: where Wick is for them, while a person wants that.
//!
//! Nothing listens there before somebody asks for it. What is asked for is a wish ([`Lan`]); `http::lan`
//! fulfils it, and says what came of it.

mod certificate;
mod name;
mod networks;
mod picture;

use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::sync::watch;
use wick_protocol::{LanDoor, Network};

pub use self::certificate::{Authority, Identity};
pub use self::name::Name;
pub use self::picture::{for_terminal, picture};

use self::networks::networks;

/// How long opening may take.
const OPENS_WITHIN: Duration = Duration::from_secs(10);

/// A handle on where phones reach Wick. A clone is another one on the same.
#[derive(Clone)]
pub struct Lan {
    /// Addresses that count as those of networks, for tests.
    more: Vec<Ipv4Addr>,
    wish: watch::Sender<Option<Ipv4Addr>>,
    now: watch::Sender<Now>,
}

/// How it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Now {
    /// Nobody listens.
    #[default]
    Closed,
    /// At this address of ours somebody does.
    Open(Ipv4Addr, LanDoor),
    /// It could not be opened there, for a reason that is a sentence for people.
    Failed(Ipv4Addr, String),
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

    /// Opens it at this address of ours.
    pub async fn open(&self, address: Ipv4Addr) -> Result<LanDoor, String> {
        let mut now = self.now.subscribe();
        let is_wished = *self.wish.borrow() == Some(address);
        let is_there = is_wished && matches!(&*now.borrow(), Now::Open(at, _) if *at == address);
        // Who is there already stays. What failed before, or is being closed, is opened anew.
        if !is_there {
            self.now.send_replace(Now::Closed);
            self.wish.send_replace(Some(address));
        }
        let opened = now.wait_for(|now| match now {
            Now::Open(at, _) | Now::Failed(at, _) => *at == address,
            Now::Closed => false,
        });
        match tokio::time::timeout(OPENS_WITHIN, opened).await {
            Ok(Ok(now)) => match &*now {
                Now::Open(_, door) => Ok(door.clone()),
                Now::Failed(_, reason) => Err(reason.clone()),
                Now::Closed => Err("It was closed".into()),
            },
            _ => Err(format!("{address} could not be listened at within 10 s")),
        }
    }

    /// Closes it. Who came in there is cut off.
    pub fn close(&self) {
        self.wish.send_replace(None);
    }

    /// Where phones reach Wick; `None` = nowhere.
    pub fn door(&self) -> Option<LanDoor> {
        match &*self.now.borrow() {
            Now::Open(_, door) => Some(door.clone()),
            Now::Closed | Now::Failed(..) => None,
        }
    }

    /// What is wished.
    pub fn wishes(&self) -> watch::Receiver<Option<Ipv4Addr>> {
        self.wish.subscribe()
    }

    /// Says what came of a wish.
    pub fn tell(&self, now: Now) {
        self.now.send_replace(now);
    }
}
