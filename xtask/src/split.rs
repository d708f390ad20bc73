//! Taking the client's module apart: into the one that a browser loads first, and those that it loads when they are
//! needed (`client/src/parts.rs` says which).
//!
//! It has to be done between rustc, which says what refers to what, and wasm-bindgen, which makes the first module's
//! JavaScript and drops what rustc said. Trunk runs the one right after the other; so what it runs as wasm-bindgen is
//! this program, under that name in a folder of its own, which takes the module apart and then runs the real one.

use crate::command;
use anyhow::{Context, anyhow, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The name under which Trunk runs us.
const NAME: &str = "wasm-bindgen";
/// Where the real wasm-bindgen is.
const REAL: &str = "PLUMBLINE_WASM_BINDGEN";
/// Where the parts go.
const PARTS: &str = "PLUMBLINE_PARTS";

/// The script that loads the parts, as the first module refers to it. Names end in sixteen digits that stand for the
/// hash of the content (`page::finish`).
pub(crate) const LOADER: &str = "plumbline-parts-0000000000000000.js";

/// A folder with a `wasm-bindgen` that takes modules apart, and the variables of the environment that it needs: the
/// parts go to `parts`.
///
/// # Errors
/// If the folder cannot be made.
pub(crate) fn stand_in(
    target: &Path,
    real: &Path,
    parts: &Path,
) -> anyhow::Result<(PathBuf, [(&'static str, PathBuf); 2])> {
    let folder = target.join("split").join("bin");
    std::fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    let own = std::env::current_exe().context("this program does not know where it is")?;
    let name = folder.join(format!("{NAME}{}", std::env::consts::EXE_SUFFIX));
    // A copy and not a link: not every system has links, and a link would be gone with the next build of this program.
    let unfinished = folder.join(format!("{}.part", std::process::id()));
    std::fs::copy(&own, &unfinished).with_context(|| format!("could not copy {}", own.display()))?;
    std::fs::rename(&unfinished, &name).with_context(|| format!("could not make {}", name.display()))?;
    let real = real.join(format!("{NAME}{}", std::env::consts::EXE_SUFFIX));
    Ok((folder, [(REAL, real), (PARTS, parts.to_owned())]))
}

/// What this program does where it is run as wasm-bindgen; none where it is run as itself.
pub(crate) fn as_wasm_bindgen() -> Option<anyhow::Result<()>> {
    let name = std::env::args_os().next()?;
    let own = Path::new(&name).file_stem()? == NAME;
    let real = std::env::var_os(REAL)?;
    own.then(|| bind(Path::new(&real)))
}

/// Runs wasm-bindgen over the first of the parts of the module that it was given.
fn bind(real: &Path) -> anyhow::Result<()> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let given = |flag: &str| {
        let inline = arguments.iter().find_map(|argument| argument.strip_prefix(flag)?.strip_prefix('='));
        let at = arguments.iter().position(|argument| argument == flag);
        inline.or_else(|| arguments.get(at? + 1).map(String::as_str)).map(str::to_owned)
    };
    let out_name = given("--out-name");
    if let Some(module) = arguments.iter_mut().find(|argument| argument.ends_with(".wasm")) {
        let name = out_name.context("Trunk gives the script no name")?;
        let parts = PathBuf::from(std::env::var_os(PARTS).context("nobody says where the parts go")?);
        let first = take_apart(Path::new(module), &parts, &name)?;
        *module = first.to_string_lossy().into_owned();
        // The parts share the first one's table of functions and its stack.
        arguments.push("--keep-lld-exports".to_owned());
    }
    command::run(Command::new(real).args(arguments))
}

/// Takes a module apart into `parts`. Gives the part that is loaded first, whose script is called `name`.
fn take_apart(module: &Path, parts: &Path, name: &str) -> anyhow::Result<PathBuf> {
    if parts.exists() {
        std::fs::remove_dir_all(parts).with_context(|| format!("could not empty {}", parts.display()))?;
    }
    std::fs::create_dir_all(parts).with_context(|| format!("could not make {}", parts.display()))?;
    let whole = std::fs::read(module).with_context(|| format!("could not read {}", module.display()))?;
    let first = parts.join("first").with_extension("wasm-first");
    let script = format!("./{name}.js");
    let link = format!("./{LOADER}");
    let mut options = wasm_split_cli_support::Options::new(&whole);
    options.output_dir = parts;
    options.main_out_path = &first;
    options.main_module = &script;
    options.link_name = &link;
    wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("{} cannot be taken apart: {error:#}", module.display()))?;
    Ok(first)
}

/// Puts the parts beside what Trunk has left in `built`: the modules, and the script that loads them, which refers to
/// the first module's script.
///
/// # Errors
/// If there are none, or a file cannot be read or written.
pub(crate) fn join(parts: &Path, built: &Path) -> anyhow::Result<()> {
    let named = |folder: &Path, extension: &str| -> anyhow::Result<Vec<String>> {
        let entries =
            std::fs::read_dir(folder).with_context(|| format!("could not read {}", folder.display()))?;
        let names =
            entries.filter_map(Result::ok).map(|entry| entry.file_name().to_string_lossy().into_owned());
        Ok(names.filter(|name| name.ends_with(extension)).collect())
    };
    let mut loader = std::fs::read_to_string(parts.join(LOADER)).context("the module was not taken apart")?;
    let scripts = named(built, ".js")?;
    let [script] = scripts.as_slice() else { bail!("Trunk left {} scripts in place of one", scripts.len()) };
    // As wasm-bindgen was told to call it, before Trunk gave it a name of its own.
    let own = loader
        .split_once("from \"./")
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(name, _)| name.to_owned())
        .context("the script that loads the parts does not refer to the first one's")?;
    loader = loader.replace(&format!("\"./{own}\""), &format!("\"./{script}\""));
    for name in named(parts, ".wasm")? {
        let stem = name.trim_end_matches(".wasm");
        let new = format!("plumbline-{}-0000000000000000.wasm", stem.replace('_', "-"));
        loader = loader.replace(&format!("\"./{name}\""), &format!("\"./{new}\""));
        std::fs::copy(parts.join(&name), built.join(&new))
            .with_context(|| format!("could not make {new}"))?;
    }
    std::fs::write(built.join(LOADER), loader).with_context(|| format!("could not write {LOADER}"))
}
