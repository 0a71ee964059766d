//! The commands of this repository: `cargo xtask start`, `test`, `bench`, `soak` and `look`.
//!
//! Reading order: a command is a module of its own ([`start`], [`test`], [`bench`], [`soak`], [`look`]);
//! below them is what they need on the machine ([`tools`], [`rust`], [`packages`],
//! [`node`], [`playwright`], [`models`]) and how they run and show it ([`steps`], [`process`], [`cargo`]).

mod bench;
mod cargo;
mod clients;
mod eyes;
mod look;
mod machine;
mod models;
mod node;
mod packages;
mod places;
mod playwright;
mod process;
mod rust;
mod soak;
mod start;
mod steps;
mod test;
mod tools;

use std::process::ExitCode;

use clap::Parser;

/// The commands of this repository.
#[derive(Parser)]
#[command(name = "xtask", bin_name = "cargo xtask")]
enum Xtask {
    /// Install what is missing, build Wick, fetch a model if there is none, and start.
    Start(start::Start),
    /// Prove the project: format, lints, unit, integration and page tests.
    Test(test::Test),
    /// Measure sizes, times and speed, as Markdown tables.
    Bench,
    /// Cut chats off a thousand times, and see what is left.
    Soak,
    Look(look::Look),
}

fn main() -> ExitCode {
    let done = match Xtask::parse() {
        Xtask::Start(start) => start.run(),
        Xtask::Test(test) => test.run(),
        Xtask::Bench => bench::run(),
        Xtask::Soak => soak::run(),
        Xtask::Look(look) => look.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            eprintln!("\n{err:#}");
            ExitCode::FAILURE
        }
    }
}
