//! `cargo xtask pictures`: the pictures in docs, taken by the tests.

use crate::{command, workspace};
use anyhow::Context;
use std::process::Command;

/// Takes the pictures of every screen and state anew into docs/pictures.
///
/// # Errors
/// If something cannot be built, or a screen is not as it must be.
pub(crate) fn pictures() -> anyhow::Result<()> {
    let this = std::env::current_exe().context("could not tell which program this is")?;
    let mut tests = Command::new(this);
    tests.current_dir(workspace::root());
    tests.args(["test", "--only", "set-up", "--only", "client", "--only", "end-to-end", "--", "pictures"]);
    tests.env("PLUMBLINE_PICTURES", workspace::root().join("docs").join("pictures"));
    command::run(&mut tests)
}
