//! Running other programs, and saying which one failed.

use anyhow::{Context, bail};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Runs a command to its end with our own input and output.
///
/// # Errors
/// If it cannot be started or ends with anything but success; the message names the command.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let shown = show(command);
    let status = command.status().with_context(|| format!("could not start `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` ended with {status}");
    }
    Ok(())
}

/// Runs a command silently and gives what it printed; shows all of it when it fails.
///
/// # Errors
/// As [`run`], with the command's own words.
pub(crate) fn output(command: &mut Command) -> anyhow::Result<String> {
    let shown = show(command);
    let output =
        command.stdin(Stdio::null()).output().with_context(|| format!("could not start `{shown}`"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        bail!("`{shown}` ended with {}\n{text}{errors}", output.status);
    }
    Ok(text)
}

/// What a program answers to `--version`, or `None` if it is missing or broken.
pub(crate) fn version_of(program: impl AsRef<OsStr>) -> Option<String> {
    let answer = output(Command::new(program).arg("--version")).ok()?;
    Some(answer.lines().next()?.trim().to_owned())
}

/// The first program of that name on the PATH.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| is_executable(file))
}

/// A PATH on which these folders come before everything else.
///
/// # Errors
/// If a folder's name cannot stand in a PATH (it contains the separator).
pub(crate) fn path_with(first: &[PathBuf]) -> anyhow::Result<std::ffi::OsString> {
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let folders = first.iter().cloned().chain(std::env::split_paths(&rest));
    std::env::join_paths(folders).context("a tool's folder has a name that cannot stand in PATH")
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    file.is_file()
}

fn show(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
