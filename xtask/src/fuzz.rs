//! `cargo xtask fuzz`: looks for bytes that break what reads bytes from outside, guided by coverage.
//!
//! libFuzzer needs flags that a stable compiler keeps to itself; `RUSTC_BOOTSTRAP=1` gives them to the one that is
//! there. The corpus grows in `fuzz/corpus`, out of the seeds in `fuzz/seeds`. What is found lies in `fuzz/artifacts`;
//! it goes to `fuzz/finds`, where the tests run it, together with the mend.

use crate::{command, say, system, tools, workspace};
use anyhow::{Context, bail};

/// The targets, and the longest input that is tried with each, in bytes.
const TARGETS: &[(&str, usize)] = &[("import", 16_384), ("guard", 2_048)];
/// How long one target is fuzzed unless `--seconds` says otherwise.
const SECONDS: u64 = 60;
/// An input that takes longer than this many seconds is a find, too.
const PATIENCE: u64 = 20;

/// Fuzzes the targets that are named, or all of them, one after the other.
///
/// # Errors
/// If something cannot be built, or something is found.
pub(crate) fn fuzz(arguments: &[String]) -> anyhow::Result<()> {
    let mut seconds = SECONDS;
    let mut chosen = Vec::new();
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        if word == "--seconds" {
            let number = words.next().and_then(|number| number.parse().ok());
            seconds = number.context("--seconds is followed by a whole number")?;
        } else if let Some(target) = TARGETS.iter().find(|(name, _)| name == word) {
            chosen.push(target);
        } else {
            let names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
            bail!("`{word}` is no target; there are: {}", names.join(", "));
        }
    }
    if chosen.is_empty() {
        chosen = TARGETS.iter().collect();
    }
    system::ensure(&[&system::C_COMPILER])?;
    let cargo_fuzz = tools::CARGO_FUZZ.ensure()?.join("cargo-fuzz");
    let target_folder = workspace::target()?.join("fuzz");
    for (name, longest) in chosen {
        let corpus = workspace::root().join("fuzz/corpus").join(name);
        std::fs::create_dir_all(&corpus).with_context(|| format!("could not make {}", corpus.display()))?;
        let mut run = std::process::Command::new(&cargo_fuzz);
        run.current_dir(workspace::root())
            .env("RUSTC_BOOTSTRAP", "1")
            // Safe Rust has no memory errors to be found; without the sanitizer it is tried twice as often.
            .args(["run", "--sanitizer", "none", "--codegen-units", "16", "--target-dir"])
            .arg(&target_folder)
            .arg(name)
            .arg(&corpus)
            .arg(workspace::root().join("fuzz/seeds").join(name))
            .args(["--", &format!("-max_total_time={seconds}"), &format!("-max_len={longest}")])
            .args([&format!("-timeout={PATIENCE}"), "-print_final_stats=1"]);
        let title = format!("Fuzzing {name} for {}", say::duration(std::time::Duration::from_secs(seconds)));
        say::step(&title, Some("and some minutes before, if it is not built yet"), || {
            command::run(&mut run)
        })?;
    }
    Ok(())
}
