//! The networks that this computer is in, at home or at work.

use std::net::{IpAddr, Ipv4Addr};

use wick_protocol::Network;

/// Those that a phone may be in, too: with private addresses, the likeliest one first.
pub fn networks() -> Vec<Network> {
    let found = if_addrs::get_if_addrs().unwrap_or_default();
    let mut networks: Vec<Network> = found
        .into_iter()
        .filter(if_addrs::Interface::is_oper_up)
        .filter_map(|it| match it.ip() {
            IpAddr::V4(address) if is_private(address) => {
                Some(Network { name: it.name, address: address.to_string() })
            }
            _ => None,
        })
        .collect();
    networks.sort_by_key(|it| (likelihood(&it.name), it.name.clone()));
    networks
}

/// Bits of this address of ours that all in its network have, too.
pub fn prefix(address: Ipv4Addr) -> u8 {
    let found = if_addrs::get_if_addrs().unwrap_or_default();
    let prefix = found.into_iter().find_map(|it| match it.addr {
        if_addrs::IfAddr::V4(it) if it.ip == address => Some(it.prefixlen),
        _ => None,
    });
    // As it mostly is at home.
    prefix.unwrap_or(24)
}

/// The network that this address of ours is in: its first address.
pub fn network(of: Ipv4Addr, bits: u8) -> Ipv4Addr {
    let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
    Ipv4Addr::from(u32::from(of) & mask)
}

/// The private networks as address and mask: RFC 1918; what providers and virtual networks use (RFC 6598);
/// what computers give themselves (RFC 3927).
pub const PRIVATE: [([u8; 4], [u8; 4]); 5] = [
    ([10, 0, 0, 0], [255, 0, 0, 0]),
    ([172, 16, 0, 0], [255, 240, 0, 0]),
    ([192, 168, 0, 0], [255, 255, 0, 0]),
    ([100, 64, 0, 0], [255, 192, 0, 0]),
    ([169, 254, 0, 0], [255, 255, 0, 0]),
];

/// Whether it is an address of a network that is no part of the internet.
fn is_private(address: Ipv4Addr) -> bool {
    let bits = |it: [u8; 4]| u32::from_be_bytes(it);
    PRIVATE.iter().any(|&(network, mask)| bits(address.octets()) & bits(mask) == bits(network))
}

/// Wireless networks come first, those of containers and machines inside of this one last.
fn likelihood(name: &str) -> u8 {
    let begins = |all: &[&str]| all.iter().any(|it| name.starts_with(it));
    match name {
        _ if begins(&["wl", "wifi"]) => 0,
        _ if begins(&["en", "eth"]) => 1,
        _ if begins(&["docker", "br-", "veth", "virbr", "lxc", "podman", "cni"]) => 3,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_internet_are_none_of_ours() {
        for private in ["10.0.0.1", "172.16.9.9", "192.168.1.5", "169.254.3.3", "100.64.0.1"] {
            assert!(is_private(private.parse().expect("it is one")), "{private}");
        }
        for public in ["8.8.8.8", "172.32.0.1", "100.128.0.1", "100.63.0.1", "127.0.0.1", "0.0.0.0"]
        {
            assert!(!is_private(public.parse().expect("it is one")), "{public}");
        }
    }

    #[test]
    fn a_wireless_network_is_likelier_than_a_container() {
        assert!(likelihood("wlan0") < likelihood("enp3s0"));
        assert!(likelihood("eth0") < likelihood("tailscale0"));
        assert!(likelihood("tailscale0") < likelihood("docker0"));
    }
}
