//! Where things are: the source tree, Cargo's target folder, the user's cache.

use crate::command;
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the source tree.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies one folder below the root")
}

/// Our folder in the user's cache: `$XDG_CACHE_HOME/plumbline`, else `~/.cache/plumbline`.
///
/// # Errors
/// If neither `XDG_CACHE_HOME` nor `HOME` is set to an absolute path.
pub(crate) fn cache() -> anyhow::Result<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    absolute("XDG_CACHE_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".cache")))
        .map(|cache| cache.join("plumbline"))
        .context("no cache folder: set HOME or XDG_CACHE_HOME to an absolute path")
}

/// Cargo's target folder, wherever the user's configuration has put it.
///
/// # Errors
/// If `cargo metadata` fails.
pub(crate) fn target() -> anyhow::Result<PathBuf> {
    let metadata =
        command::output(cargo().args(["metadata", "--no-deps", "--format-version", "1", "--quiet"]))?;
    let (_, rest) =
        metadata.split_once("\"target_directory\":\"").context("cargo metadata names no target folder")?;
    let (folder, _) = rest.split_once('"').context("cargo metadata was cut short")?;
    Ok(PathBuf::from(folder.replace("\\\\", "\\")))
}

/// The Cargo that runs us, to be run in the source tree.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}
