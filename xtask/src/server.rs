//! Building the server.

use crate::{command, say, system, workspace};
use std::path::PathBuf;

/// How the server is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// With the profile `dev`: shared with the tests, so that nothing is compiled twice.
    Dev,
    /// With the profile `release`: what is handed out and measured.
    Release,
}

impl Profile {
    /// The folder below Cargo's target folder in which it leaves what it makes.
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
        }
    }
}

/// Builds the binary `plumbline`, with whatever page lies in `client/dist`; gives its path.
///
/// # Errors
/// If there is no C compiler, or it does not build.
pub(crate) fn build(profile: Profile) -> anyhow::Result<PathBuf> {
    system::ensure(&[&system::C_COMPILER])?;
    let (arguments, expect): (&[&str], _) = match profile {
        Profile::Dev => (&[], "about 3 minutes when nothing is compiled yet"),
        Profile::Release => (&["--release"], "about 6 minutes when nothing is compiled yet"),
    };
    say::step("Building the server", Some(expect), || {
        // The whole workspace is selected, as for the tests: with another selection the crates get other features
        // and are compiled a second time.
        command::run(
            workspace::cargo()
                .args(["build", "--locked", "--workspace", "--bin", "plumbline"])
                .args(arguments),
        )
    })?;
    Ok(workspace::target()?.join(profile.folder()).join(format!("plumbline{}", std::env::consts::EXE_SUFFIX)))
}
