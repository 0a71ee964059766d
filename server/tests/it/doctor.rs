//! What `wick doctor` says.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::cage::has_landlock;
use crate::support::{SMOL, Wick, test_models};

/// What it says of a data folder, and whether nothing is wrong.
fn doctor(data: &Path, args: &[&str]) -> (String, bool) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wick"));
    command.arg("doctor").arg("--data-dir").arg(data).args(args).stdin(Stdio::null());
    let output = command.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let says = String::from_utf8(output.stdout).unwrap();
    let is_well = output.status.code() == Some(0);
    assert_eq!(is_well, says.contains("Nothing is wrong."), "{says}");
    assert_eq!(is_well, !says.lines().any(|line| line.starts_with('!')), "{says}");
    (says, is_well)
}

/// What it says of the best that Wick has for this processor; nothing where there is no choice.
fn best_instructions() -> &'static str {
    #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
    {
        use std::arch::is_x86_feature_detected as has;
        let many = has!("avx512f") && has!("avx512cd") && has!("avx512vl") && has!("avx512dq");
        if many && has!("avx512bw") && has!("avx512vbmi") && has!("avx512vnni") {
            return "computes with AVX-512";
        }
        if has!("avxvnni") {
            return "computes with AVX-VNNI";
        }
    }
    if cfg!(target_arch = "x86_64") { "computes with AVX2" } else { "" }
}

#[test]
fn it_says_what_would_be_open_to_whom_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("new");
    let (says, is_well) = doctor(&data, &["--port", "9000"]);
    assert_eq!(is_well, has_landlock(), "{says}");
    for sentence in [
        "Wick does not run. It would listen at 127.0.0.1, port 9000",
        "Only this computer can reach it",
        "Browsers have to be signed in",
        "Programs need a key",
        "Nothing is kept yet",
        "caged",
        best_instructions(),
        "There is no model yet",
        "of memory are free",
        "of disk are free",
    ] {
        assert!(says.contains(sentence), "{sentence} is missing: {says}");
    }
    assert!(!data.exists());
}

#[test]
fn it_says_where_wick_runs_and_that_nobody_else_can_read_what_is_kept() {
    let wick = Wick::without_models();
    let data = wick.data.path();
    let (says, is_well) = doctor(data, &[]);
    assert!(says.contains(&format!("Wick runs, at http://localhost:{}.", wick.port)), "{says}");
    assert!(says.contains("nobody else can read it"), "{says}");
    assert_eq!(is_well, has_landlock(), "{says}");
    // The one that runs was not disturbed.
    assert_eq!(wick.get("/health", "").status, 200);
    assert!(wick.end().success());
}

#[test]
fn it_says_what_is_wrong() {
    let wick = Wick::without_models();
    let data = wick.data.path();
    fs::set_permissions(data.join("wick.db"), Permissions::from_mode(0o644)).unwrap();
    fs::write(data.join("models/letter.gguf"), "Dear reader").unwrap();
    let (says, is_well) = doctor(data, &["--no-cage"]);
    assert!(!is_well);
    let path = data.join("wick.db").display().to_string();
    assert!(
        says.contains(&format!("! Others may look into {path} (its rights are 0644)")),
        "{says}"
    );
    assert!(says.contains("! letter.gguf can't be used. This is not a GGUF file."), "{says}");
    assert!(says.contains("! The engine is not caged, as --no-cage says."), "{says}");
    assert!(says.contains("3 things are wrong"), "{says}");
}

#[test]
fn it_says_which_models_there_are() {
    let Some(models) = test_models() else { return };
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("models")).unwrap();
    fs::set_permissions(folder.path().join("models"), Permissions::from_mode(0o700)).unwrap();
    let link = folder.path().join("models").join(SMOL);
    std::os::unix::fs::symlink(models.join(SMOL), link).unwrap();
    let (says, _) = doctor(folder.path(), &[]);
    assert!(says.contains("SmolLM2-135M-Instruct (Q4_1) needs about 1"), "{says}");
}
