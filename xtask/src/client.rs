//! Building the client: Trunk, then wasm-opt, then the final page in `client/dist`.

use crate::{command, node, page, say, tools, wasm, workspace};
use anyhow::{Context, bail};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// How much care is taken over the client's size.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// Small: the profile `client`, wasm-opt.
    Full,
    /// Soon: the profile `dev`, for work on the client.
    Quick,
}

/// Builds the client into `client/dist`; leaves that folder untouched when nothing in it would change, so that the
/// server that carries it is not built again.
///
/// # Errors
/// If a tool is missing and cannot be had, or the client does not build.
pub(crate) fn build(effort: Effort) -> anyhow::Result<()> {
    tools::ensure_wasm_target()?;
    let trunk = tools::TRUNK.ensure()?;
    let wasm_bindgen = tools::WASM_BINDGEN.ensure()?;
    let wasm_opt = match effort {
        Effort::Full => wasm_opt_or_notice()?,
        Effort::Quick => None,
    };
    fetch_crates()?;
    say::step("Building the client", Some("about 3 minutes when nothing is compiled yet"), || {
        let (profile, minify) = match effort {
            Effort::Full => ("client", "true"),
            Effort::Quick => ("dev", "false"),
        };
        let path = command::path_with(&[trunk.clone(), wasm_bindgen])?;
        command::run(
            workspace_trunk(&trunk)
                // Never `--release`: it would let Trunk look for a wasm-opt of its own.
                .args(["build", "--offline", "--skip-version-check", "--cargo-profile", profile])
                .args(["--minify", minify])
                // Trunk's minifier does not know the form in which wasm-bindgen exports, says so, and leaves the script
                // as it is; compressed that is a kilobyte.
                .args(["--log", "warn,trunk::processing::minify=off"])
                .env("PATH", path)
                // Trunk takes NO_COLOR for a flag and stops at the customary value 1.
                .env_remove("NO_COLOR"),
        )
    })?;
    let built = workspace::root().join("target").join("trunk");
    if let Some(wasm_opt) = wasm_opt {
        optimise(&built, wasm_opt)?;
    }
    let dist = workspace::root().join("client").join("dist");
    let changed = page::finish(&built, &dist)?;
    say::note(if changed {
        "The page in client/dist is new"
    } else {
        "The page in client/dist is as it was"
    });
    Ok(())
}

/// Fetches the crates of all targets, so that what follows works without a network.
///
/// # Errors
/// If they are neither here nor to be had.
pub(crate) fn fetch_crates() -> anyhow::Result<()> {
    if command::output(workspace::cargo().args(["fetch", "--locked", "--offline"])).is_ok() {
        return Ok(());
    }
    say::step("Fetching the crates", Some("under a minute, once"), || {
        command::output(workspace::cargo().args(["fetch", "--locked"])).map(|_| ())
    })
}

fn workspace_trunk(folder: &Path) -> std::process::Command {
    let mut trunk = std::process::Command::new(folder.join("trunk"));
    trunk.current_dir(workspace::root());
    trunk
}

fn wasm_opt_or_notice() -> anyhow::Result<Option<std::process::Command>> {
    let wasm_opt = node::wasm_opt();
    match &wasm_opt {
        Ok(Some(_)) => {}
        Ok(None) => say::warn("No Node here, so no wasm-opt: the page will work and be about a fifth larger"),
        Err(error) => {
            say::warn(format!("wasm-opt cannot be had, the page will be about a fifth larger: {error:#}"))
        }
    }
    Ok(wasm_opt.unwrap_or_default())
}

/// Runs wasm-opt over the one module in `built`; a module seen before comes from the cache below `target`.
fn optimise(built: &Path, mut wasm_opt: std::process::Command) -> anyhow::Result<()> {
    let module = the_module(built)?;
    let before = std::fs::read(&module).with_context(|| format!("could not read {}", module.display()))?;
    let mut key = Sha256::new();
    key.update(&before);
    key.update(WASM_OPT_ARGUMENTS.join(" "));
    let key: String = key.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let cache = workspace::root().join("target").join("wasm-opt");
    let cached = cache.join(format!("{key}.wasm"));
    if !cached.is_file() {
        std::fs::create_dir_all(&cache).with_context(|| format!("could not make {}", cache.display()))?;
        let unfinished = cache.join(format!("{key}.{}.part", std::process::id()));
        say::step("Optimising the module with wasm-opt", Some("about 20 seconds"), || {
            command::run(wasm_opt.args(WASM_OPT_ARGUMENTS).arg(&module).arg("-o").arg(&unfinished))
        })?;
        std::fs::rename(&unfinished, &cached)
            .with_context(|| format!("could not keep {}", cached.display()))?;
    }
    let read =
        |file: &Path| std::fs::read(file).with_context(|| format!("could not read {}", file.display()));
    let optimised = read(&cached)?;
    let after = wasm::without_names(&optimised)?;
    std::fs::write(&module, &after).with_context(|| format!("could not replace {}", module.display()))?;
    std::fs::write(cache.join(NAMED), optimised).context("could not keep the module with its names")?;
    say::note(format!(
        "The module: {} of {}",
        say::bytes(after.len() as u64),
        say::bytes(before.len() as u64)
    ));
    Ok(())
}

/// The optimised module of the page that was built last, with the names of its functions.
///
/// # Errors
/// If it was built without wasm-opt.
pub(crate) fn named_module() -> anyhow::Result<Vec<u8>> {
    let file = workspace::root().join("target").join("wasm-opt").join(NAMED);
    std::fs::read(&file).with_context(|| format!("could not read {}", file.display()))
}

/// The file that keeps the optimised module with the names of its functions.
const NAMED: &str = "named.wasm";

/// The features are those that rustc's WebAssembly target uses by itself. Measured and of no use: `--converge`, two
/// runs, `--merge-similar-functions`, `--gufa`.
const WASM_OPT_ARGUMENTS: &[&str] = &[
    // Not -Oz: its module is smaller by a thirtieth and larger by a two-hundredth once compressed.
    "-Os",
    // rustc puts the stack at the start of memory, its end first: nothing of ours lies below 1,024.
    "--low-memory-unused",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-reference-types",
    "--enable-multivalue",
    "--strip-producers",
    // The names of the functions are kept for `cargo xtask size`; what is handed out is without them.
    "--debuginfo",
];

fn the_module(built: &Path) -> anyhow::Result<PathBuf> {
    let entries = std::fs::read_dir(built).with_context(|| format!("could not read {}", built.display()))?;
    let mut modules = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "wasm"));
    match (modules.next(), modules.next()) {
        (Some(module), None) => Ok(module),
        (None, _) => bail!("Trunk left no module in {}", built.display()),
        (Some(_), Some(_)) => bail!("Trunk left more than one module in {}", built.display()),
    }
}
