//! The Rust tools: components and targets of rustup, and programs built by `cargo install` into the user's cache.

use crate::{command, say, workspace};
use anyhow::{Context, ensure};
use std::path::PathBuf;
use std::process::Command;

/// The target that the client is compiled for.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// A program from crates.io, pinned to one version.
pub(crate) struct Tool {
    /// The crate's name.
    pub(crate) name: &'static str,
    /// The exact version.
    pub(crate) version: &'static str,
    /// The program that we need of it.
    pub(crate) program: &'static str,
    /// How long building it takes, in words.
    pub(crate) takes: &'static str,
}

/// Builds the client.
pub(crate) const TRUNK: Tool =
    Tool { name: "trunk", version: "0.21.14", program: "trunk", takes: "about 4 minutes on two cores, once" };

/// Makes the JavaScript side of the client. Its version must be that of the crate in `Cargo.lock`.
pub(crate) const WASM_BINDGEN: Tool = Tool {
    name: "wasm-bindgen-cli",
    version: "0.2.126",
    program: "wasm-bindgen",
    takes: "about 2 minutes on two cores, once",
};

/// Checks licences, sources and advisories.
pub(crate) const CARGO_DENY: Tool = Tool {
    name: "cargo-deny",
    version: "0.20.2",
    program: "cargo-deny",
    takes: "about 4 minutes on two cores, once",
};

/// Fuzzes by coverage, with the libFuzzer that it brings.
pub(crate) const CARGO_FUZZ: Tool = Tool {
    name: "cargo-fuzz",
    version: "0.13.2",
    program: "cargo-fuzz",
    takes: "about 1 minute on two cores, once",
};

impl Tool {
    /// The folder that holds the tool's program.
    ///
    /// # Errors
    /// If there is no cache folder.
    pub(crate) fn folder(&self) -> anyhow::Result<PathBuf> {
        Ok(self.root()?.join("bin"))
    }

    /// Whether the tool is there, works, and has the right version.
    pub(crate) fn is_here(&self) -> bool {
        self.folder()
            .ok()
            .and_then(|folder| command::version_of(folder.join(self.program)))
            .is_some_and(|answer| answer.split_whitespace().any(|word| word == self.version))
    }

    /// Builds the tool if it is missing; gives the folder of its program.
    ///
    /// # Errors
    /// If it cannot be fetched or built.
    pub(crate) fn ensure(&self) -> anyhow::Result<PathBuf> {
        let folder = self.folder()?;
        if self.is_here() {
            return Ok(folder);
        }
        let title = format!("Building {} {}", self.name, self.version);
        say::step(&title, Some(self.takes), || self.install())?;
        ensure!(self.is_here(), "{} was built but does not run: look into {}", self.name, folder.display());
        Ok(folder)
    }

    fn root(&self) -> anyhow::Result<PathBuf> {
        Ok(workspace::cache()?.join("tools").join(format!("{}-{}", self.name, self.version)))
    }

    fn install(&self) -> anyhow::Result<()> {
        let root = self.root()?;
        let build = root.join("build");
        std::fs::create_dir_all(&root).with_context(|| format!("could not make {}", root.display()))?;
        let mut cargo = workspace::cargo();
        cargo
            // Away from the source tree: its Cargo configuration is about Plumbline, not about the tools.
            .current_dir(&root)
            .args(["install", "--quiet", "--locked", "--force", self.name, "--bin", self.program])
            .args(["--version", &format!("={}", self.version)])
            .arg("--root")
            .arg(&root)
            .arg("--target-dir")
            .arg(&build)
            // These tools run for seconds and build for minutes: link-time optimisation does not pay here.
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
        let result = command::run(&mut cargo);
        // A gigabyte that nobody needs again; if it cannot be removed, it is only in the way.
        let _ = std::fs::remove_dir_all(&build);
        result.with_context(|| format!("{} {} could not be installed", self.name, self.version))
    }
}

/// Whether the standard library for the client's target is there.
pub(crate) fn wasm_target_is_here() -> bool {
    let mut rustc = Command::new("rustc");
    rustc.current_dir(workspace::root()).args(["--print", "target-libdir", "--target", WASM]);
    command::output(&mut rustc).is_ok_and(|folder| PathBuf::from(folder.trim()).is_dir())
}

/// Adds the client's target to the toolchain if it is missing.
///
/// # Errors
/// If it is missing and rustup is not there or fails.
pub(crate) fn ensure_wasm_target() -> anyhow::Result<()> {
    if wasm_target_is_here() {
        return Ok(());
    }
    say::step(&format!("Adding the target {WASM}"), Some("under a minute, once"), || {
        rustup(&["target", "add", WASM])
    })
}

/// Adds a component of the toolchain (`rustfmt`, `clippy`) if its program is missing.
///
/// # Errors
/// If it is missing and rustup is not there or fails.
pub(crate) fn ensure_component(component: &str, subcommand: &str) -> anyhow::Result<()> {
    if command::output(workspace::cargo().args([subcommand, "--version"])).is_ok() {
        return Ok(());
    }
    say::step(&format!("Adding the component {component}"), Some("under a minute, once"), || {
        rustup(&["component", "add", component])
    })
}

fn rustup(args: &[&str]) -> anyhow::Result<()> {
    command::run(Command::new("rustup").current_dir(workspace::root()).args(args)).with_context(|| {
        format!("run `rustup {}`, or install the same with your system's own packages", args.join(" "))
    })
}
