//! `cargo xtask endure`: the long forms of tests of which short ones run with every other test.

use anyhow::{Context, bail};

use crate::server::{self, Profile};
use crate::{command, say, system, workspace};

/// How often something is killed unless it is said.
const ROUNDS: u64 = 200;

/// Runs `endure crash [--rounds N] [--seed N] [--embedded | --cluster]`.
///
/// # Errors
/// If it is not understood, something cannot be built, or something that was acknowledged is lost.
pub(crate) fn endure(arguments: &[String]) -> anyhow::Result<()> {
    let Some(("crash", rest)) = arguments.split_first().map(|(what, rest)| (what.as_str(), rest)) else {
        bail!(
            "say what is to be endured: cargo xtask endure crash [--rounds N] [--seed N] [--embedded | --cluster]"
        );
    };
    let number = |flag: &str| -> anyhow::Result<Option<u64>> {
        let Some(at) = rest.iter().position(|argument| argument == flag) else { return Ok(None) };
        let text = rest.get(at + 1).with_context(|| format!("{flag} needs a number"))?;
        Ok(Some(text.parse().with_context(|| format!("{flag} needs a number, and {text} is none"))?))
    };
    let (rounds, seed) = (number("--rounds")?.unwrap_or(ROUNDS), number("--seed")?);
    let has = |flag: &str| rest.iter().any(|argument| argument == flag);
    let binary = server::build(Profile::Dev)?;
    if !has("--cluster") {
        say::note(format!("kill -9 under load, {rounds} rounds, one server on its data directory"));
        run(&binary, "crash", &[], rounds, seed)?;
    }
    if !has("--embedded") {
        system::ensure(&[&system::REDIS])?;
        say::note(format!(
            "kill -9 of servers and of Redis under load, {rounds} rounds, three servers on one Redis"
        ));
        run(&binary, "nodes", &["what_was_acknowledged"], rounds, seed)?;
    }
    Ok(())
}

fn run(
    binary: &std::path::Path,
    test: &str,
    filter: &[&str],
    rounds: u64,
    seed: Option<u64>,
) -> anyhow::Result<()> {
    let mut cargo = workspace::cargo();
    cargo.args(["test", "--locked", "--workspace", "--test", test, "--"]).args(filter).arg("--nocapture");
    cargo.env("PLUMBLINE_BIN", binary).env("PLUMBLINE_CRASH_ROUNDS", rounds.to_string());
    if let Some(seed) = seed {
        cargo.env("PLUMBLINE_SEED", seed.to_string());
    }
    if let Some(redis) = system::REDIS.find() {
        cargo.env("PLUMBLINE_REDIS_SERVER", redis);
    }
    command::run(&mut cargo)
}
