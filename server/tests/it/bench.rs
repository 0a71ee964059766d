//! `wick bench`: what it prints, whatever the figures are.

use std::process::{Command, Output};

use serde_json::Value;
use wick_protocol::Scope;

use crate::access::make_key;
use crate::support::{SMOL, Wick, test_models};

fn bench(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wick")).arg("bench").args(args).output().unwrap()
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_model_is_measured_from_every_state() {
    let Some(folder) = test_models() else { return };
    let path = folder.join(SMOL);
    let output = bench(&[
        path.to_str().unwrap(),
        "--runs",
        "1",
        "--threads",
        "1",
        "--prompt",
        "120",
        "--answer",
        "8",
        "--json",
    ]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("run 1 of 1: after a restart"));
    let report = json(&output);
    for name in ["load_ms", "prefill_tokens_per_second", "decode_tokens_per_second"] {
        assert!(0.0 < report[name].as_f64().unwrap(), "{report:#}");
    }
    let steps = report["steps"].as_array().unwrap();
    let states: Vec<&str> = steps.iter().map(|step| step["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["cold", "live", "context_freed", "engine_ended", "restarted"]);
    for step in steps {
        let [kept, read] = ["n_kept", "n_read"].map(|name| step[name].as_u64().unwrap());
        let [before, after] = ["before", "after"].map(|name| step[name]["total"].as_u64().unwrap());
        assert!(90_000_000 < after, "{step:#}");
        match step["state"].as_str().unwrap() {
            "cold" => assert!(kept == 0 && 100 < read && before == 0, "{step:#}"),
            "live" => assert!(100 < kept && read < 100 && 90_000_000 < before, "{step:#}"),
            "context_freed" => assert!(100 < kept && before + 30_000_000 < after, "{step:#}"),
            _ => assert!(100 < kept && read < 100 && before == 0, "{step:#}"),
        }
    }
}

#[tokio::test]
async fn a_running_server_is_measured_from_outside() {
    let Some(wick) = Wick::with(&[SMOL], &[]) else { return };
    let url = format!("http://127.0.0.1:{}", wick.port);
    let args = ["--server", &url, "--runs", "1", "--prompt", "150", "--answer", "8", "--json"];
    let refused = bench(&args);
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("This needs a key"));
    let mut page = wick.page().await;
    let key = make_key(&mut page, "Bench", Scope::Chat, &[]).await;
    let mut bench = Command::new(env!("CARGO_BIN_EXE_wick"));
    let bench = bench.arg("bench").args(args).env("OPENAI_API_KEY", key).output().unwrap();
    let report = json(&bench);
    let [new, next] = ["new_chat", "next_message"].map(|name| &report[name]);
    assert!(100 < new["n_prompt"].as_u64().unwrap(), "{report:#}");
    assert!(new["n_cached"].as_u64().unwrap() < 100, "{report:#}");
    assert!(100 < next["n_cached"].as_u64().unwrap(), "{report:#}");
    assert!(0.0 < next["tokens_per_second"].as_f64().unwrap(), "{report:#}");
}

#[test]
fn what_cannot_be_measured_is_said() {
    for (args, reason) in [
        (&["/no/such.gguf"][..], "/no/such.gguf is no file"),
        (&[], "MODEL.gguf"),
        (&["--server", "https://localhost"], "does not begin with http://"),
        (&["--server", "http://127.0.0.1:1"], "No server answers at 127.0.0.1:1"),
    ] {
        let output = bench(args);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(reason), "{said}");
    }
}
