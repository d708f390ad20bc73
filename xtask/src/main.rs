//! `cargo xtask …`: set-up, serve, test, build, doctor, dist and size, and nothing else to learn.

mod api;
mod bench;
mod client;
mod command;
mod dist;
mod doctor;
mod endure;
mod fuzz;
#[cfg(test)]
mod hazards;
mod node;
mod page;
mod pictures;
mod python;
mod say;
mod serve;
mod server;
mod size;
mod split;
mod system;
mod test;
mod tools;
mod wasm;
mod workspace;

use client::Effort;
use server::Profile;
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask serve [--quick] [--release] [options of `plumbline serve`]
    Sets up what is missing, builds client and server, starts the server and prints the link to open.
    --quick: the client without optimisation, for work on it; --release: the optimised server
cargo xtask build [--quick] [--release]
    Builds client and server.
cargo xtask test [--only STEP]… [--list] [-- FILTER]
    Installs or names what the tests need, and runs all of them: formatting, lints, tests, advisories.
cargo xtask doctor
    Says what is here, what is missing, and how to get it.
cargo xtask dist
    Makes what is handed out: one binary with the client inside, compressed.
cargo xtask pictures
    Takes the pictures in docs/pictures anew.
cargo xtask size
    Builds the page as it is handed out and says what it weighs: by file, and its code by crate.
cargo xtask bench [NAME [arguments of the benchmark]]
    Runs the benchmarks, or the one of that name, against the optimised server.
cargo xtask endure crash [--rounds N] [--seed N] [--embedded | --cluster]
    The long form of a test: servers, and Redis, are killed under load 200 times, or N, and nothing acknowledged is lost.
cargo xtask endure hostile [--updates N] [--forged N] [--seed N]
    A million made-up updates through guard and fold, and 10,000 forgeries over real sockets.
cargo xtask endure slow [--connections N] [--seconds N] [--dropped N]
    200 who do not read beside 200 who work; 10,000 connections that come and go.
cargo xtask endure nodes [--rounds N] [--moves N] [--still SECONDS] [--seed N]
    Nodes compared at equal positions, thousands of times; three servers on one Redis in bad weather, one standing still.
cargo xtask endure upgrade [--from COMMIT] [--seed N]
    Server by server from the last build that had earlier rules, or another commit's, to this one, while people work.
cargo xtask endure soak [--minutes N] [--sessions N] [--people N]
    Twenty sessions of 25 people at a time, one after the other, for half an hour.
cargo xtask fuzz [TARGET]… [--seconds N]
    Looks for bytes that break what reads them (import, guard), guided by coverage: a minute each, or N seconds.
cargo xtask api [--examples N] [--seed N]
    Looks for calls that the API answers otherwise than its description says: longer than `test` does.
";

fn main() -> ExitCode {
    // Trunk runs what is called wasm-bindgen, and that is this program while `client::build` builds.
    if let Some(result) = split::as_wasm_bindgen() {
        return finish("wasm-bindgen", result);
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((task, rest)) = arguments.split_first() else {
        eprint!("{USAGE}");
        return ExitCode::from(2);
    };
    let result = match task.as_str() {
        "serve" => serve::serve(rest),
        "build" => build(rest),
        "test" => test::test(rest),
        "doctor" => doctor::doctor(),
        "dist" => dist::dist(),
        "pictures" => pictures::pictures(),
        "size" => size::size(),
        "bench" => bench::bench(rest),
        "endure" => endure::endure(rest),
        "fuzz" => fuzz::fuzz(rest),
        "api" => api::api(rest),
        "help" | "--help" | "-h" => {
            eprint!("{USAGE}");
            Ok(())
        }
        _ => {
            eprint!("There is no task `{task}`.\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    finish(task, result)
}

fn finish(task: &str, result: anyhow::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{task} failed: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn build(arguments: &[String]) -> anyhow::Result<()> {
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    client::build(if has("--quick") { Effort::Quick } else { Effort::Full })?;
    let binary = server::build(if has("--release") { Profile::Release } else { Profile::Dev })?;
    say::note(format!("The server, with the client inside: {}", binary.display()));
    Ok(())
}
