//! Somebody at a terminal lets a phone in.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddrV4};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Child;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::support::command;
use crate::support::network::{Way, network, pair};

/// A terminal in which Wick runs.
struct Terminal {
    screen: File,
    shown: String,
    wick: Child,
}

impl Terminal {
    fn start(data: &Path, network: Ipv4Addr) -> Terminal {
        let screen = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&screen).unwrap();
        unlockpt(&screen).unwrap();
        let name = ptsname(&screen, Vec::new()).unwrap();
        let name = std::ffi::OsStr::from_bytes(name.to_bytes());
        let inside = OpenOptions::new().read(true).write(true).open(name).unwrap();
        let mut wick = command(data);
        wick.args(["--lan", "--network", &network.to_string()]);
        wick.stdin(inside.try_clone().unwrap()).stdout(inside);
        Terminal { screen: screen.into(), shown: String::new(), wick: wick.spawn().unwrap() }
    }

    /// Waits until this is shown; what follows it on its line.
    fn until(&mut self, wanted: &str) -> String {
        loop {
            if let Some((_, rest)) = self.shown.split_once(wanted)
                && let Some((line, _)) = rest.split_once('\n')
            {
                return line.trim().to_owned();
            }
            let mut some = [0; 4096];
            let n_bytes = self.screen.read(&mut some).unwrap();
            self.shown.push_str(&String::from_utf8_lossy(&some[..n_bytes]));
        }
    }

    fn types(&mut self, line: &str) {
        writeln!(self.screen, "{line}").unwrap();
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.wick.kill();
        let _ = self.wick.wait();
    }
}

#[test]
fn who_started_wick_in_a_terminal_lets_a_phone_in_there_or_sends_it_away() {
    for (typed, status) in [("y", 200), ("n", 403), ("", 403)] {
        let data = tempfile::tempdir().unwrap();
        let network = network();
        let mut terminal = Terminal::start(data.path(), network);
        let rest = terminal.until(&format!("https://{network}:"));
        let at = SocketAddrV4::new(network, rest.parse().unwrap());
        let code = terminal.until("/#pair=");
        let phone = std::thread::spawn(move || pair(at, Way::Encrypted, &code).status);
        let question = terminal.until("Safari, iPhone at 127.0.0.1 wants in");
        assert!(question.contains("words “") && question.contains("Let it in?"), "{question}");
        terminal.types(typed);
        assert_eq!(phone.join().unwrap(), status, "{typed}");
    }
}
