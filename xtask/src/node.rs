//! What comes from npm: wasm-opt for the build, Yjs and Playwright for the tests.
//!
//! Each set of packages is a folder with a `package.json` and its lock file; it is installed by `npm ci` into the
//! user's cache under the hash of the lock, so that a checkout stays clean and two of them share.

use crate::{command, say, workspace};
use anyhow::{Context, bail, ensure};
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use std::process::Command;

/// The oldest Node that the tests are written for.
pub(crate) const OLDEST: u32 = 20;

/// A set of npm packages of ours.
pub(crate) struct Packages {
    /// What they are for, as the cache folder's name.
    pub(crate) name: &'static str,
    /// The folder of `package.json` and `package-lock.json`, below the root.
    pub(crate) folder: &'static str,
    /// Whether what the packages call optional is installed too.
    optional: bool,
}

/// wasm-opt.
pub(crate) const BUILD: Packages = Packages { name: "build", folder: "xtask/npm", optional: false };

/// Yjs and its providers, Playwright.
pub(crate) const TESTS: Packages = Packages { name: "tests", folder: "tests/npm", optional: false };

/// The servers that ours is measured beside; the one of y-websocket takes its sockets from an optional package.
pub(crate) const PEERS: Packages =
    Packages { name: "peers", folder: "tests/benches/fanout/npm", optional: true };

/// The version of Node, if there is one that is new enough and npm beside it.
pub(crate) fn find() -> Option<String> {
    let version = command::version_of("node")?;
    let major: u32 = version.trim_start_matches('v').split('.').next()?.parse().ok()?;
    command::on_path("npm")?;
    (major >= OLDEST).then_some(version)
}

/// How to get Node, as one sentence.
pub(crate) fn advice() -> String {
    format!(
        "install Node {OLDEST} or newer with npm: `apt-get install nodejs npm` on Debian 13, Ubuntu 25.04 or newer, \
         else see https://nodejs.org/en/download"
    )
}

impl Packages {
    /// The `node_modules` folder, whether it is there or not.
    ///
    /// # Errors
    /// If the lock file cannot be read.
    pub(crate) fn modules(&self) -> anyhow::Result<PathBuf> {
        Ok(self.installed()?.join("node_modules"))
    }

    /// Whether the packages are installed.
    pub(crate) fn are_here(&self) -> bool {
        // npm writes this file last.
        self.modules().is_ok_and(|modules| modules.join(".package-lock.json").is_file())
    }

    /// Installs the packages if they are missing; gives the `node_modules` folder.
    ///
    /// # Errors
    /// If there is no Node, or npm fails.
    pub(crate) fn ensure(&self) -> anyhow::Result<PathBuf> {
        let modules = self.modules()?;
        if self.are_here() {
            return Ok(modules);
        }
        if find().is_none() {
            bail!("{} needs Node: {}", self.folder, advice());
        }
        say::step(
            &format!("Fetching the npm packages of {}", self.folder),
            Some("under a minute, once"),
            || self.install(),
        )?;
        ensure!(self.are_here(), "npm ended well and left nothing in {}", modules.display());
        Ok(modules)
    }

    fn install(&self) -> anyhow::Result<()> {
        let installed = self.installed()?;
        std::fs::create_dir_all(&installed)
            .with_context(|| format!("could not make {}", installed.display()))?;
        for file in ["package.json", "package-lock.json"] {
            let from = self.source().join(file);
            std::fs::copy(&from, installed.join(file))
                .with_context(|| format!("could not copy {}", from.display()))?;
        }
        let mut npm = Command::new("npm");
        npm.current_dir(&installed)
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
            .args(if self.optional { &[][..] } else { &["--omit=optional"][..] });
        command::output(&mut npm).map(|_| ())
    }

    /// What `npm audit` answers about the packages, as JSON; an answer that finds something is an answer.
    ///
    /// # Errors
    /// If npm cannot be started.
    pub(crate) fn audit(&self) -> anyhow::Result<String> {
        let output = Command::new("npm")
            .current_dir(self.source())
            .args(["audit", "--package-lock-only", "--omit=optional", "--json"])
            .output()
            .context("could not start npm")?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn source(&self) -> PathBuf {
        workspace::root().join(self.folder)
    }

    fn installed(&self) -> anyhow::Result<PathBuf> {
        let lock = self.source().join("package-lock.json");
        let content = std::fs::read(&lock).with_context(|| format!("could not read {}", lock.display()))?;
        let hash: String =
            Sha256::digest(&content).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        Ok(workspace::cache()?.join("npm").join(format!("{}-{hash}", self.name)))
    }
}

/// The `wasm-opt` of npm's binaryen as a command, or `None` where there is no Node.
///
/// Never the system's own: Debian's version 108 makes a module that dies in the browser.
///
/// # Errors
/// If there is Node, and the package cannot be installed.
pub(crate) fn wasm_opt() -> anyhow::Result<Option<PathBuf>> {
    if find().is_none() {
        return Ok(None);
    }
    let script = BUILD.ensure()?.join("binaryen").join("bin").join("wasm-opt");
    ensure!(script.is_file(), "npm's binaryen has no {}", script.display());
    Ok(Some(script))
}
