//! Programs that come from the system's package manager: a C compiler, Chromium, Redis.
//!
//! On Debian and its kin they are installed, as root or through sudo; elsewhere, and without the right to install,
//! the error says what to install.

use crate::{command, say};
use anyhow::{Context, bail};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::Command;

/// A program of the system, and how to come by it.
pub(crate) struct Program {
    /// What it is called when we talk about it.
    pub(crate) title: &'static str,
    /// The environment variable by which a person points at their own.
    pub(crate) variable: &'static str,
    /// Names under which it may be on the PATH, best first.
    pub(crate) names: &'static [&'static str],
    /// The Debian packages that bring it.
    pub(crate) packages: &'static [&'static str],
    /// How to install it by hand.
    pub(crate) how: &'static str,
    /// What it is for.
    pub(crate) purpose: &'static str,
}

/// SQLite is compiled into the server, and Rust itself links through it.
pub(crate) const C_COMPILER: Program = Program {
    title: "a C compiler",
    variable: "CC",
    names: &["cc", "gcc", "clang"],
    packages: &["build-essential"],
    how: "and Ubuntu `apt-get install build-essential`",
    purpose: "SQLite is compiled into the server",
};

/// The browser that the browser tests drive.
pub(crate) const CHROMIUM: Program = Program {
    title: "Chromium",
    variable: "PLUMBLINE_CHROMIUM",
    names: &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
    packages: &["chromium"],
    how: "`apt-get install chromium`, on Ubuntu `snap install chromium`",
    purpose: "the browser tests",
};

/// WebDriver for Chromium.
pub(crate) const CHROMEDRIVER: Program = Program {
    title: "chromedriver",
    variable: "PLUMBLINE_CHROMEDRIVER",
    names: &["chromedriver", "chromium.chromedriver"],
    packages: &["chromium-driver"],
    how: "`apt-get install chromium-driver`, on Ubuntu it comes with `snap install chromium`",
    purpose: "the browser tests",
};

/// The store of a cluster.
pub(crate) const REDIS: Program = Program {
    title: "redis-server",
    variable: "PLUMBLINE_REDIS_SERVER",
    names: &["redis-server"],
    packages: &["redis-server"],
    how: "and Ubuntu `apt-get install redis-server`",
    purpose: "the tests with a real Redis",
};

impl Program {
    /// Where it is, if it is there and runs.
    pub(crate) fn find(&self) -> Option<PathBuf> {
        let named = std::env::var_os(self.variable).map(PathBuf::from);
        // `CC` and its like may be a bare name.
        let named = named.map(|path| {
            let name = path.to_string_lossy().into_owned();
            if path.is_absolute() { path } else { command::on_path(&name).unwrap_or(path) }
        });
        named
            .into_iter()
            .chain(self.names.iter().filter_map(|name| command::on_path(name)))
            // Ubuntu's `chromium-browser` without snap is a script that only says so: what does not run is not here.
            .find(|file| command::version_of(file).is_some())
    }

    /// How to get it, as one sentence.
    pub(crate) fn advice(&self) -> String {
        format!(
            "install {} ({}): on Debian {}, or set {} to the one you have",
            self.title, self.purpose, self.how, self.variable,
        )
    }
}

/// Installs those of the programs that are missing, all in one go; afterwards each is looked for by its user.
///
/// # Errors
/// If something is missing and cannot be installed; the message says what to install.
pub(crate) fn ensure(programs: &[&Program]) -> anyhow::Result<()> {
    let missing: Vec<&&Program> = programs.iter().filter(|program| program.find().is_none()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let titles = missing.iter().map(|program| program.title).collect::<Vec<_>>().join(", ");
    let packages: Vec<&str> = missing.iter().flat_map(|program| program.packages).copied().collect();
    let title = format!("Installing {titles} with apt-get");
    let installed = say::step(&title, Some("one to three minutes, once"), || {
        apt_update()?;
        // All at once is quicker; one by one, a package that this system does not have keeps no other out.
        apt_install(&packages).or_else(|error| {
            let each: Vec<_> = packages.iter().map(|package| apt_install(&[package])).collect();
            if each.iter().any(Result::is_ok) { Ok(()) } else { Err(error) }
        })
    });
    let still: Vec<String> =
        missing.iter().filter(|program| program.find().is_none()).map(|program| program.advice()).collect();
    match (still.is_empty(), installed) {
        (true, _) => Ok(()),
        (false, Ok(())) => bail!("installed, and still not usable:\n  {}", still.join("\n  ")),
        (false, Err(error)) => Err(error.context(format!("please {}", still.join("\n  and ")))),
    }
}

fn apt_update() -> anyhow::Result<()> {
    command::on_path("apt-get").context("this system has no apt-get")?;
    // A machine that was never updated has no package lists; a list that cannot be refreshed may still do.
    if let Err(error) = command::output(as_root("apt-get")?.args(["update", "-q"])) {
        say::warn(format!("the package lists could not be refreshed: {error:#}"));
    }
    Ok(())
}

fn apt_install(packages: &[&str]) -> anyhow::Result<()> {
    let mut install = as_root("apt-get")?;
    install.args(["install", "-y", "-q", "--no-install-recommends"]).args(packages);
    command::output(&mut install).map(|_| ())
}

/// A command that runs with root's rights: directly, or through sudo, which may ask for a password on a terminal.
fn as_root(program: &str) -> anyhow::Result<Command> {
    let root = command::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    let mut command = if root {
        Command::new("env")
    } else {
        if command::on_path("sudo").is_none() {
            bail!("installing packages takes root's rights, and there is no sudo");
        }
        if command::output(Command::new("sudo").args(["-n", "true"])).is_err() {
            if !std::io::stdin().is_terminal() {
                bail!("installing packages takes root's rights, and sudo asks for a password");
            }
            say::note("sudo may ask for your password");
            command::run(Command::new("sudo").arg("-v"))?;
        }
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "env"]);
        sudo
    };
    command.args(["DEBIAN_FRONTEND=noninteractive", program]);
    Ok(command)
}
