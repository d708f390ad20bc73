//! `cargo xtask serve`: from a fresh checkout to a link to open.

use crate::client::{self, Effort};
use crate::server::{self, Profile};
use crate::{say, system, workspace};
use anyhow::Context;
use std::process::Command;
use std::time::Instant;

/// Sets up what is missing, builds client and server, and becomes the server.
///
/// `arguments` are passed on to `plumbline serve`; `--quick` and `--release` before them are ours.
///
/// # Errors
/// If something cannot be set up or built, or the server ends with an error.
pub(crate) fn serve(arguments: &[String]) -> anyhow::Result<()> {
    let begun = Instant::now();
    let mut effort = Effort::Full;
    let mut profile = Profile::Dev;
    let mut arguments = arguments;
    while let [first, rest @ ..] = arguments {
        match first.as_str() {
            "--quick" => effort = Effort::Quick,
            "--release" => profile = Profile::Release,
            _ => break,
        }
        arguments = rest;
    }
    system::ensure(&[&system::C_COMPILER])?;
    client::build(effort)?;
    let binary = server::build(profile)?;
    say::note(format!(
        "Ready after {}; starting the server (Ctrl+C ends it)",
        say::duration(begun.elapsed())
    ));
    become_server(Command::new(binary).current_dir(workspace::root()).arg("serve").args(arguments))
}

/// On Unix the server takes our place, so that signals reach it and nothing stands between it and its terminal.
#[cfg(unix)]
fn become_server(command: &mut Command) -> anyhow::Result<()> {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    Err(error).context("the server could not be started")
}

#[cfg(not(unix))]
fn become_server(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().context("the server could not be started")?;
    if status.success() { Ok(()) } else { anyhow::bail!("the server ended with {status}") }
}
