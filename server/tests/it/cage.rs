//! What an engine process can't do.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use landlock::{ABI, Access, AccessFs, CompatLevel, Compatible, Ruleset, RulesetAttr};
use serde_json::Value;

use crate::support::{SMOL, Wick, likeliest};

/// What `wick cage` says that it tried, in a folder of its own.
fn trial(args: &[&str]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_wick"));
    command.arg("cage").arg(folder.path()).args(args).stdin(Stdio::null());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What was tried and whether it was refused, of this kind.
fn tried<'a>(report: &'a Value, kind: &str) -> Vec<(&'a str, &'a str, bool)> {
    let tries = report[kind].as_array().unwrap().iter();
    let facts = |it: &'a Value| {
        let text = |name| it[name].as_str().unwrap();
        (text("what"), text("lock"), it["is_refused"].as_bool().unwrap())
    };
    tries.map(facts).collect()
}

/// Whether this kernel has Landlock. Every one that is in use has seccomp.
pub fn has_landlock() -> bool {
    let asked = Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
    asked.handle_access(AccessFs::from_all(ABI::V1)).is_ok()
}

#[test]
fn nothing_that_is_forbidden_succeeds_in_the_cage() {
    let report = trial(&[]);
    let held = |lock: &str| report["cage"][lock.to_lowercase()].as_bool().unwrap();
    assert!(held("Calls"), "{report}");
    assert_eq!(held("Files"), has_landlock(), "{report}");
    let forbidden = tried(&report, "forbidden");
    let let_through: Vec<_> = forbidden.iter().filter(|it| !it.2 && held(it.1)).collect();
    assert_eq!(let_through, Vec::<&(&str, &str, bool)>::new());
    let of = |lock| forbidden.iter().filter(|it| it.1 == lock).count();
    assert_eq!((of("Files"), of("Calls")), (9, 26), "{report}");
}

#[test]
fn what_the_engine_needs_works_in_the_cage() {
    let report = trial(&[]);
    let needed = tried(&report, "needed");
    assert_eq!(needed.len(), 12);
    assert!(needed.iter().all(|it| !it.2), "{needed:?}");
}

#[test]
fn without_the_cage_the_same_would_succeed() {
    let report = trial(&["--open"]);
    // Of the others a person may be kept for other reasons.
    let usual = [
        "read another file",
        "read /etc/passwd",
        "read what another process is",
        "list another folder",
        "change another file",
        "make another file",
        "make another folder",
        "rename another file",
        "remove another file",
        "link to another file",
        "let others have a file",
        "connect over TCP",
        "listen over TCP",
        "send over UDP",
        "connect to a socket",
        "start a program",
        "start a process",
        "signal another process",
        "see the limits of another process",
        "change users",
        "control a device",
    ];
    let forbidden = tried(&report, "forbidden");
    for what in usual {
        let (.., is_refused) = forbidden.iter().find(|it| it.0 == what).unwrap();
        assert!(!is_refused, "{what} is refused without a cage, too");
    }
}

#[tokio::test]
async fn every_thread_of_an_engine_that_writes_is_in_the_cage() {
    let Some(wick) = Wick::computing(&[SMOL], &["--threads", "2"]) else { return };
    let mut page = wick.page().await;
    page.sample(likeliest(8)).await;
    page.say("Hello").await;
    page.answer().await;
    let threads = threads(wick.engine().unwrap());
    assert!(2 <= threads.len());
    for status in threads {
        let value = |name: &str| {
            status.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned()
        };
        assert_eq!((value("NoNewPrivs:"), value("Seccomp:")), ("1".into(), "2".into()));
    }
    // Of what it has open, nothing is the database, and nothing is connected.
    let open = fs::read_dir(format!("/proc/{}/fd", wick.engine().unwrap())).unwrap();
    for target in open.map(|it| fs::read_link(it.unwrap().path()).unwrap()) {
        let text = target.to_string_lossy();
        assert!(!text.contains("wick.db") && !text.starts_with("socket:"), "{text}");
    }
}

/// What the system says of each thread of a process.
fn threads(process: u32) -> Vec<String> {
    let tasks = fs::read_dir(Path::new("/proc").join(process.to_string()).join("task")).unwrap();
    // One may end meanwhile.
    tasks.filter_map(|it| fs::read_to_string(it.unwrap().path().join("status")).ok()).collect()
}
