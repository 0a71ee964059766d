//! Who is let in: how many connections there are, and from where.
//!
//! A browser on this computer comes from one of two addresses, with all its tabs, and so do programs
//! that use the models here. Anybody else shares a part of the room, and of that has a small part
//! for each address, so that the owner's page is answered whatever others do.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Connections of one other address at once.
pub const OF_AN_ADDRESS: usize = 64;

/// A quarter of all is never taken by others.
const KEPT: usize = 4;

/// All connections. A clone is another handle on the same.
#[derive(Clone)]
pub struct Room {
    most: usize,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    /// Of others, by address.
    others: HashMap<IpAddr, usize>,
}

/// A connection that was let in. Dropping it makes room for another one.
pub struct Place {
    taken: Arc<Mutex<Taken>>,
    /// `None` = this computer.
    other: Option<IpAddr>,
}

impl Room {
    /// For so many.
    pub fn new(most: usize) -> Room {
        Room { most, taken: Arc::default() }
    }

    /// Whether anybody is here from another address than this computer's browser has.
    pub fn has_others(&self) -> bool {
        !lock(&self.taken).others.is_empty()
    }

    /// Lets a connection in from this address, where there is room.
    pub fn enter(&self, from: IpAddr) -> Option<Place> {
        let other = other(from);
        let mut taken = lock(&self.taken);
        if self.most <= taken.all {
            return None;
        }
        if let Some(address) = other {
            let n_others: usize = taken.others.values().sum();
            let of_address = taken.others.get(&address).copied().unwrap_or(0);
            if self.most - self.most / KEPT <= n_others || OF_AN_ADDRESS <= of_address {
                return None;
            }
            taken.others.insert(address, of_address + 1);
        }
        taken.all += 1;
        Some(Place { taken: Arc::clone(&self.taken), other })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = lock(&self.taken);
        taken.all -= 1;
        if let Some(address) = self.other
            && let Some(n) = taken.others.get_mut(&address)
        {
            *n -= 1;
            if *n == 0 {
                taken.others.remove(&address);
            }
        }
    }
}

/// Whom an address is counted for; `None` when it is the one that this computer's browser has. An
/// address of version 6 stands for its network, of which one machine may use any number.
fn other(from: IpAddr) -> Option<IpAddr> {
    match from.to_canonical() {
        IpAddr::V4(Ipv4Addr::LOCALHOST) | IpAddr::V6(Ipv6Addr::LOCALHOST) => None,
        IpAddr::V4(address) => Some(address.into()),
        IpAddr::V6(address) => {
            let network = u128::from(address) >> 64 << 64;
            Some(Ipv6Addr::from(network).into())
        }
    }
}

fn lock(taken: &Mutex<Taken>) -> MutexGuard<'_, Taken> {
    taken.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("it is one")
    }

    fn fill(room: &Room, from: &str) -> Vec<Place> {
        std::iter::from_fn(|| room.enter(address(from))).collect()
    }

    #[test]
    fn this_computer_may_take_all_and_another_one_its_part() {
        let room = Room::new(512);
        let others = fill(&room, "192.168.1.5");
        assert_eq!(others.len(), OF_AN_ADDRESS);
        let own = fill(&room, "127.0.0.1");
        assert_eq!(own.len(), 512 - OF_AN_ADDRESS);
        drop(others);
        assert_eq!(fill(&room, "::1").len(), OF_AN_ADDRESS);
    }

    #[test]
    fn a_part_is_kept_from_all_others_together() {
        let room = Room::new(512);
        let others: Vec<_> = (1..=20).flat_map(|n| fill(&room, &format!("10.0.0.{n}"))).collect();
        assert_eq!(others.len(), 384);
        assert_eq!(fill(&room, "::ffff:127.0.0.1").len(), 128);
    }

    #[test]
    fn a_network_of_version_6_is_one_address() {
        let room = Room::new(512);
        let one = fill(&room, "2001:db8::1");
        assert_eq!(one.len(), OF_AN_ADDRESS);
        assert!(room.enter(address("2001:db8::2")).is_none());
        assert!(room.enter(address("2001:db8:0:1::2")).is_some());
    }

    #[test]
    fn who_leaves_makes_room() {
        let room = Room::new(512);
        let mut all = fill(&room, "10.0.0.1");
        assert!(room.enter(address("10.0.0.1")).is_none());
        all.pop();
        assert!(room.enter(address("10.0.0.1")).is_some());
        drop(all);
        assert!(lock(&room.taken).others.is_empty());
    }
}
