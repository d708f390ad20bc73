//! Building the client: Trunk, then wasm-opt, then the final page in `client/dist`.

use crate::{command, node, page, say, split, tools, wasm, workspace};
use anyhow::{Context, ensure};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::process::Command;

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
    let target = workspace::root().join("target");
    let parts = target.join("split").join("parts");
    let (stand_in, variables) = split::stand_in(&target, &wasm_bindgen, &parts)?;
    say::step("Building the client", Some("about 3 minutes when nothing is compiled yet"), || {
        let (profile, minify) = match effort {
            Effort::Full => ("client", "true"),
            Effort::Quick => ("dev", "false"),
        };
        let path = command::path_with(&[stand_in, trunk.clone()])?;
        command::run(
            workspace_trunk(&trunk)
                // Never `--release`: it would let Trunk look for a wasm-opt of its own.
                .args(["build", "--offline", "--skip-version-check", "--cargo-profile", profile])
                .args(["--minify", minify])
                // Trunk's minifier does not know the form in which wasm-bindgen exports, says so, and leaves the script
                // as it is; compressed that is a kilobyte.
                .args(["--log", "warn,trunk::processing::minify=off"])
                .env("PATH", path)
                .envs(variables)
                // Trunk takes NO_COLOR for a flag and stops at the customary value 1.
                .env_remove("NO_COLOR"),
        )
    })?;
    let built = target.join("trunk");
    split::join(&parts, &built)?;
    if let Some(wasm_opt) = wasm_opt {
        optimise(&built, &wasm_opt)?;
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

fn wasm_opt_or_notice() -> anyhow::Result<Option<PathBuf>> {
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

/// Runs wasm-opt over every module in `built`; one seen before comes from the cache below `target`.
fn optimise(built: &Path, wasm_opt: &Path) -> anyhow::Result<()> {
    let cache = workspace::root().join("target").join("wasm-opt");
    let named = cache.join(NAMED);
    if named.exists() {
        std::fs::remove_dir_all(&named).with_context(|| format!("could not empty {}", named.display()))?;
    }
    std::fs::create_dir_all(&named).with_context(|| format!("could not make {}", named.display()))?;
    let read =
        |file: &Path| std::fs::read(file).with_context(|| format!("could not read {}", file.display()));
    say::step("Optimising the modules with wasm-opt", Some("about 30 seconds"), || {
        for module in modules(built)? {
            let before = read(&module)?;
            let mut key = Sha256::new();
            key.update(&before);
            key.update(WASM_OPT_ARGUMENTS.join(" "));
            let key: String = key.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            let cached = cache.join(format!("{key}.wasm"));
            if !cached.is_file() {
                let unfinished = cache.join(format!("{key}.{}.part", std::process::id()));
                command::run(
                    Command::new("node")
                        .arg(wasm_opt)
                        .args(WASM_OPT_ARGUMENTS)
                        .arg(&module)
                        .arg("-o")
                        .arg(&unfinished),
                )?;
                std::fs::rename(&unfinished, &cached)
                    .with_context(|| format!("could not keep {}", cached.display()))?;
            }
            let optimised = read(&cached)?;
            let after = wasm::without_names(&optimised)?;
            std::fs::write(&module, &after)
                .with_context(|| format!("could not replace {}", module.display()))?;
            let name = module.file_name().context("a file has a name")?;
            std::fs::write(named.join(name), optimised).context("could not keep a module with its names")?;
            say::note(format!(
                "{}: {} of {}",
                name.display(),
                say::bytes(after.len() as u64),
                say::bytes(before.len() as u64)
            ));
        }
        Ok(())
    })
}

/// The optimised modules of the page that was built last, with the names of their functions; each with its file's name.
///
/// # Errors
/// If it was built without wasm-opt.
pub(crate) fn named_modules() -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let folder = workspace::root().join("target").join("wasm-opt").join(NAMED);
    let read = |file: PathBuf| {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let module = std::fs::read(&file).with_context(|| format!("could not read {}", file.display()))?;
        Ok((name, module))
    };
    modules(&folder)?.into_iter().map(read).collect()
}

/// The folder that keeps the optimised modules with the names of their functions.
const NAMED: &str = "named";

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

/// All modules in a folder, in the order of their names.
fn modules(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("could not read {}", folder.display()))?;
    let mut modules: Vec<_> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "wasm"))
        .collect();
    modules.sort();
    ensure!(!modules.is_empty(), "there is no module in {}", folder.display());
    Ok(modules)
}
