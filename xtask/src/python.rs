//! What comes from PyPI: the property-based tester of the API and a validator of its description.
//!
//! They live in a virtual environment in the user's cache, under the hash of the list of what is in it. The list names
//! every package that they need in turn, with the hashes of its files: pip takes no other.

use crate::{command, say, workspace};
use anyhow::{Context, bail, ensure};
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use std::process::Command;

/// The folder of the tester: what it needs, what it is told, what runs it.
pub(crate) const FOLDER: &str = "tests/schemathesis";

/// The oldest Python that the tester runs on.
const OLDEST: (u32, u32) = (3, 11);

/// How to get Python, as one sentence.
pub(crate) fn advice() -> String {
    let (major, minor) = OLDEST;
    format!(
        "install Python {major}.{minor} or newer with venv: `apt-get install python3-venv` on Debian and Ubuntu"
    )
}

/// A Python that is new enough, if there is one.
pub(crate) fn find() -> Option<PathBuf> {
    let python = command::on_path("python3")?;
    let version = command::version_of(&python)?;
    let mut numbers = version.split_whitespace().last()?.split('.').map(|number| number.parse::<u32>());
    let found = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    (found >= OLDEST).then_some(python)
}

/// Whether the packages are installed.
pub(crate) fn is_here() -> bool {
    program().is_ok_and(|python| python.is_file()) && finished().is_ok_and(|mark| mark.is_file())
}

/// Installs what is missing; gives the Python that has it.
///
/// # Errors
/// If there is no Python, or a package cannot be had.
pub(crate) fn ensure() -> anyhow::Result<PathBuf> {
    if !is_here() {
        let Some(python) = find() else { bail!("{FOLDER} needs Python: {}", advice()) };
        say::step("Fetching the tester of the API", Some("under a minute, once"), || install(&python))?;
        ensure!(is_here(), "pip ended well and left nothing in {}", root()?.display());
    }
    program()
}

fn install(python: &PathBuf) -> anyhow::Result<()> {
    let root = root()?;
    command::output(Command::new(python).args(["-m", "venv", "--clear"]).arg(&root))
        .context("python3 has no venv: `apt-get install python3-venv` brings it on Debian and Ubuntu")?;
    let mut pip = Command::new(program()?);
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "--requirement",
    ])
    .arg(list());
    command::output(&mut pip)?;
    std::fs::write(finished()?, "").context("could not write into the cache")
}

fn list() -> PathBuf {
    workspace::root().join(FOLDER).join("requirements.txt")
}

fn root() -> anyhow::Result<PathBuf> {
    let content = std::fs::read(list()).with_context(|| format!("could not read {}", list().display()))?;
    let hash: String = Sha256::digest(&content).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    Ok(workspace::cache()?.join("python").join(format!("tests-{hash}")))
}

/// Written last: without it, something broke off.
fn finished() -> anyhow::Result<PathBuf> {
    Ok(root()?.join("finished"))
}

fn program() -> anyhow::Result<PathBuf> {
    let folder = if cfg!(windows) { "Scripts" } else { "bin" };
    Ok(root()?.join(folder).join("python"))
}
