//! `cargo xtask api`: schemathesis over all calls of a real server, and an independent validator over its description.

use crate::{
    command, python, say,
    server::{self, Profile},
    workspace,
};
use anyhow::{Context, bail};
use std::process::Command;

/// How many calls of one kind are made up, where nothing is said: some minutes.
const EXAMPLES: u32 = 200;

/// The longer run.
///
/// # Errors
/// If something cannot be built or had, or something is found.
pub(crate) fn api(arguments: &[String]) -> anyhow::Result<()> {
    let (mut examples, mut seed) = (EXAMPLES, 1);
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let number = words.next().and_then(|number| number.parse().ok());
        match word.as_str() {
            "--examples" => examples = number.context("--examples is followed by a whole number")?,
            "--seed" => seed = number.context("--seed is followed by a whole number")?,
            _ => bail!("`{word}` is neither --examples N nor --seed N"),
        }
    }
    say::step("The API as its description says", Some("some minutes"), || run(examples, seed))
}

/// Makes up so many calls of each kind; the same seed, the same calls.
///
/// # Errors
/// If something cannot be built or had, or something is found.
pub(crate) fn run(examples: u32, seed: u32) -> anyhow::Result<()> {
    let python = python::ensure()?;
    let server = server::build(Profile::Dev)?;
    let script = workspace::root().join(python::FOLDER).join("run.py");
    command::run(Command::new(python).arg(script).arg(server).args([
        "--examples",
        &examples.to_string(),
        "--seed",
        &seed.to_string(),
    ]))
}
