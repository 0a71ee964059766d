//! What looks at all that comes from the network, as far as it can be seen without being its owner: that
//! it is on, and not what it lets through.

use std::fs;
use std::net::Ipv4Addr;
use std::path::Path;

use wick_protocol::Firewall;

use super::networks::{network, prefix};

/// The one that is on below this root, with the command that lets the network of this address through to
/// a port; without a name where none is known to be.
pub fn firewall(root: &Path, address: Ipv4Addr, port: u16) -> Firewall {
    let named = |name: &str, allow| Firewall { name: name.into(), allow };
    if is_ufw_on(root) {
        let bits = prefix(address);
        let network = format!("{}/{bits}", network(address, bits));
        return named("ufw", format!("sudo ufw allow from {network} to any port {port} proto tcp"));
    }
    if is_running(root, "firewalld") {
        return named("firewalld", format!("sudo firewall-cmd --add-port={port}/tcp"));
    }
    Firewall::default()
}

/// As ufw(8) says: `ENABLED` in its settings, which everybody may read.
fn is_ufw_on(root: &Path) -> bool {
    let settings = fs::read_to_string(root.join("etc/ufw/ufw.conf")).unwrap_or_default();
    settings.lines().any(|line| line.trim().eq_ignore_ascii_case("enabled=yes"))
}

fn is_running(root: &Path, name: &str) -> bool {
    let processes = fs::read_dir(root.join("proc")).into_iter().flatten().flatten();
    processes
        .filter(|it| it.file_name().as_encoded_bytes().iter().all(u8::is_ascii_digit))
        .any(|it| fs::read_to_string(it.path().join("comm")).is_ok_and(|comm| comm.trim() == name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 5);

    fn with(file: &str, text: &str) -> Firewall {
        let root = tempfile::tempdir().expect("there is a folder for these");
        let file = root.path().join(file);
        fs::create_dir_all(file.parent().expect("it has one")).expect("there is room");
        fs::write(file, text).expect("it is small");
        firewall(root.path(), ADDRESS, 8080)
    }

    #[test]
    fn what_is_on_is_named_with_what_lets_phones_through() {
        let ufw = with("etc/ufw/ufw.conf", "# Set to yes\nENABLED=yes\nLOGLEVEL=low\n");
        assert_eq!(ufw.name, "ufw");
        assert_eq!(ufw.allow, "sudo ufw allow from 192.168.1.0/24 to any port 8080 proto tcp");
        let firewalld = with("proc/812/comm", "firewalld\n");
        assert_eq!(firewalld.allow, "sudo firewall-cmd --add-port=8080/tcp");
    }

    #[test]
    fn what_is_off_is_not() {
        for (file, text) in [
            ("etc/ufw/ufw.conf", "ENABLED=no\n"),
            ("etc/ufw/ufw.conf", "# ENABLED=yes\n"),
            ("proc/812/comm", "firewalld-cmd\n"),
            ("proc/self/comm", "firewalld\n"),
            ("etc/hosts", "127.0.0.1 localhost\n"),
        ] {
            assert_eq!(with(file, text), Firewall::default(), "{file} {text}");
        }
    }
}
