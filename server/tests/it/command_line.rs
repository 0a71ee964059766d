//! Starting and ending, and what is said then.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Output, Stdio};

use crate::support::{Wick, command, until_written};

/// Runs to the end; what was printed.
fn run(data: &std::path::Path, args: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = command(data);
    command.args(args).envs(environment.iter().copied()).stderr(Stdio::piped());
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn help_explains_everything() {
    let data = tempfile::tempdir().unwrap();
    let help = text(&run(data.path(), &["--help"], &[]).stdout);
    for option in [
        "port",
        "host",
        "models",
        "data-dir",
        "context-idle",
        "model-idle",
        "threads",
        "no-open",
        "no-auth",
    ] {
        assert!(help.contains(&format!("--{option}")), "{option} is missing: {help}");
        let variable = format!("WICK_{}", option.to_uppercase().replace('-', "_"));
        assert!(help.contains(&variable), "{variable} is missing");
    }
    assert!(
        help.contains("starter")
            && help.contains("doctor")
            && !help.contains("engine  ")
            && !help.contains("no-cage"),
        "{help}"
    );
}

#[test]
fn it_ends_well_when_asked() {
    let wick = Wick::without_models();
    let folder = wick.data.path().to_owned();
    let mode = |name: &str| fs::metadata(folder.join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("wick.db"), 0o600);
    assert_eq!(mode("models"), 0o700);
    assert!(wick.end().success());
}

#[test]
fn a_second_one_shows_the_first() {
    let wick = Wick::without_models();
    let address = format!("http://localhost:{}", wick.port);
    let browser = wick.data.path().join("browser");
    let seen = wick.data.path().join("seen");
    fs::write(&browser, format!("#!/bin/sh\necho \"$1\" > '{}'\n", seen.display())).unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o700)).unwrap();
    let quiet = run(wick.data.path(), &[], &[("BROWSER", browser.to_str().unwrap())]);
    assert!(quiet.status.success());
    assert_eq!(text(&quiet.stdout), format!("Wick is already at {address}\n"));
    assert!(!seen.exists(), "--no-open was said");

    let mut loud = std::process::Command::new(env!("CARGO_BIN_EXE_wick"));
    loud.arg("--data-dir").arg(wick.data.path()).env("BROWSER", &browser);
    let loud = loud.output().unwrap();
    assert!(loud.status.success());
    // A page that leads there.
    let seen = until_written(&seen);
    let page = fs::read_to_string(seen.trim().strip_prefix("file://").unwrap()).unwrap();
    assert!(page.contains(&format!("url={address}/#key=")), "{page}");
    assert!(wick.end().success());
}

#[test]
fn a_browser_from_a_snap_gets_the_page_where_it_may_look() {
    let wick = Wick::without_models();
    let home = tempfile::tempdir().unwrap();
    let own = home.path().join("snap/firefox/common");
    fs::create_dir_all(&own).unwrap();
    let seen = home.path().join("seen");
    let script = |name: &str, text: String| {
        let file = home.path().join(name);
        fs::write(&file, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o700)).unwrap();
        file
    };
    script("xdg-settings", "echo firefox_firefox.desktop".into());
    let browser = script("browser", format!("echo \"$1\" > '{}'", seen.display()));
    let mut second = std::process::Command::new(env!("CARGO_BIN_EXE_wick"));
    second.arg("--data-dir").arg(wick.data.path()).env("HOME", home.path());
    let path = format!("{}:{}", home.path().display(), std::env::var("PATH").unwrap());
    second.env("PATH", path).env("BROWSER", &browser);
    assert!(second.output().unwrap().status.success());
    let shown = until_written(&seen);
    let file = Path::new(shown.trim().strip_prefix("file://").unwrap());
    assert_eq!(file.parent(), Some(own.as_path()));
    assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    let page = fs::read_to_string(file).unwrap();
    assert!(page.contains(&format!("url=http://localhost:{}/#key=", wick.port)), "{page}");
}

#[test]
fn a_taken_port_is_said_and_the_next_one_used() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let data = tempfile::tempdir().unwrap();
    let wick = Wick::start(data, &["--port", &port.to_string()]);
    assert!((port + 1..=port + 20).contains(&wick.port), "{} after {port}", wick.port);
}

#[test]
fn what_is_wrong_is_said_and_nothing_starts() {
    let data = tempfile::tempdir().unwrap();
    let error = |args: &[&str], environment: &[(&str, &str)]| {
        let output = run(data.path(), args, environment);
        assert!(!output.status.success());
        text(&output.stderr)
    };
    assert!(error(&["--host", "0.0.0.0"], &[]).contains("this computer only"));
    assert!(error(&[], &[("WICK_THREADS", "0")]).contains("0 is not in 1..=512"));
    assert!(error(&["--context-idle", "soon"], &[]).contains("--context-idle"));
    fs::write(data.path().join("wick.toml"), "prot = 8080\n").unwrap();
    let message = error(&[], &[]);
    assert!(message.contains("wick.toml is not right") && message.contains("prot"), "{message}");
}

#[test]
fn a_database_of_a_newer_wick_is_left_alone() {
    let wick = Wick::without_models();
    let folder = wick.data.path().to_owned();
    let path = folder.join("wick.db");
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    // Ends the first one, keeps its folder.
    let copy = tempfile::tempdir().unwrap();
    fs::copy(&path, copy.path().join("wick.db")).unwrap();
    for name in ["wick.db-wal", "wick.db-shm"] {
        let _ = fs::copy(folder.join(name), copy.path().join(name));
    }
    let output = run(copy.path(), &[], &[]);
    assert!(!output.status.success());
    assert!(text(&output.stderr).contains("newer version of Wick"), "{}", text(&output.stderr));
}
