//! The browser of this computer, which is started with a file that leads to Wick.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use tokio::process::Command;
use tokio::time::timeout;

/// How long it may take to find out which one it is.
const KNOWN_WITHIN: Duration = Duration::from_secs(2);

/// A copy of a file is of no use after this.
const GOOD_FOR: Duration = Duration::from_mins(5);

/// How the names of copies begin.
const COPY: &str = "wick-sign-in-";

/// Opens it on this file; whether that worked.
pub async fn show(file: &Path) -> bool {
    if !has_screen() {
        return false;
    }
    let copy = copy_for_snap(file).await;
    let address = format!("file://{}", escaped(copy.as_deref().unwrap_or(file)));
    match webbrowser::open(&address) {
        Ok(()) => true,
        Err(err) => {
            tracing::info!("no browser could be opened: {err}");
            false
        }
    }
}

/// A browser from a snap can't look into hidden folders, so it gets a copy in the one that it has for itself.
/// `None` = it is no such browser.
async fn copy_for_snap(file: &Path) -> Option<PathBuf> {
    let mut command = Command::new("xdg-settings");
    command.args(["get", "default-web-browser"]).stdin(Stdio::null()).kill_on_drop(true);
    let output = timeout(KNOWN_WITHIN, command.output()).await.ok()?.ok()?;
    let snap = snap_of(std::str::from_utf8(&output.stdout).ok()?)?;
    let home = directories::BaseDirs::new()?.home_dir().to_owned();
    let folder = home.join("snap").join(snap).join("common");
    for entry in fs::read_dir(&folder).ok()?.flatten() {
        let is_copy = entry.file_name().to_string_lossy().starts_with(COPY);
        let made = entry.metadata().and_then(|it| it.modified());
        let is_old = made.is_ok_and(|made| {
            SystemTime::now().duration_since(made).is_ok_and(|age| GOOD_FOR < age)
        });
        if is_copy && is_old {
            // Nothing depends on it.
            let _ = fs::remove_file(entry.path());
        }
    }
    let copy = folder.join(format!("{COPY}{}", file.file_name()?.to_string_lossy()));
    // With the rights of the file: its owner's only.
    fs::copy(file, &copy).ok()?;
    Some(copy)
}

/// The snap of a program, which the system calls `firefox_firefox.desktop`.
fn snap_of(desktop_file: &str) -> Option<&str> {
    let (snap, program) = desktop_file.trim().split_once('_')?;
    let is_name =
        snap.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-');
    (is_name && !snap.is_empty() && program.ends_with(".desktop")).then_some(snap)
}

fn has_screen() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || ["DISPLAY", "WAYLAND_DISPLAY", "BROWSER"].into_iter().any(is_set)
}

/// A path as an address has it (RFC 3986, 2.1).
fn escaped(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes().iter();
    let is_plain = |it: u8| it.is_ascii_alphanumeric() || b"/-._~".contains(&it);
    bytes
        .map(|&it| if is_plain(it) { char::from(it).into() } else { format!("%{it:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snaps_are_known_by_the_names_of_their_programs() {
        assert_eq!(snap_of("firefox_firefox.desktop\n"), Some("firefox"));
        assert_eq!(snap_of("chromium_chromium.desktop"), Some("chromium"));
        for other in [
            "firefox.desktop",
            "org.mozilla.firefox.desktop",
            "",
            "_x.desktop",
            "../x_y.desktop",
            "a_b",
        ] {
            assert_eq!(snap_of(other), None, "{other}");
        }
    }
}
