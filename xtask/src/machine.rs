//! The machine that something was measured on.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result};

/// Such as "AMD EPYC 7B13, 2 cores, 4 threads, 16 GB of memory, Linux 6.1.0".
pub(crate) fn describe() -> Result<String> {
    let read =
        |file: &str| fs::read_to_string(file).with_context(|| format!("could not read {file}"));
    let cpus = read("/proc/cpuinfo")?;
    let memory = read("/proc/meminfo")?;
    let kernel = read("/proc/sys/kernel/osrelease")?;
    let kib: u64 = field(&memory, "MemTotal")
        .and_then(|it| it.split(' ').next()?.parse().ok())
        .context("/proc/meminfo does not say how much memory there is")?;
    Ok(format!(
        "{}, {} GB of memory, Linux {}",
        describe_cpu(&cpus),
        (kib as f64 / 1024.0 / 1024.0).round(),
        kernel.trim()
    ))
}

fn describe_cpu(cpus: &str) -> String {
    let name = field(cpus, "model name").unwrap_or("an unnamed processor");
    let threads: Vec<_> = cpus.split("\n\n").filter(|it| it.contains("processor")).collect();
    let core =
        |it: &&str| Some((field(it, "physical id")?.to_owned(), field(it, "core id")?.to_owned()));
    let cores: BTreeSet<_> = threads.iter().filter_map(core).collect();
    let n_threads = threads.len();
    match cores.len() {
        0 => format!("{name}, {n_threads} threads"),
        n_cores => format!("{name}, {n_cores} cores, {n_threads} threads"),
    }
}

/// The value of the first line such as `name : value`.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == name).then(|| value.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_threads_of_one_core_are_one_core() {
        let thread = |idx: u32, core: u32| {
            format!(
                "processor\t: {idx}\nmodel name\t: A CPU\nphysical id\t: 0\ncore id\t\t: {core}\n"
            )
        };
        let cpus = [thread(0, 0), thread(1, 0), thread(2, 1), thread(3, 1)].join("\n");
        assert_eq!(describe_cpu(&cpus), "A CPU, 2 cores, 4 threads");
    }
}
