//! `cargo xtask size`: what the page weighs, and what for.

use crate::client::{self, Effort};
use crate::server::{self, Profile};
use crate::{page, say, wasm, workspace};
use anyhow::{Context, ensure};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::time::SystemTime;

/// What a browser may have to load when a page is opened, in brotli, in bytes: `cargo xtask test` fails beyond it. It is
/// some ten per cent above what that was when this was set, so that small things need no word. A size is no timing: but
/// for the names of folders it is the same on every machine, so whoever crosses the limit has added code and can say what
/// for. Twelve people on one phone's hotspot load it in the first minute of a workshop.
const LARGEST_FIRST: u64 = 490_000;
/// The same for all of the page, most of which comes once the board is there (`client/src/parts.rs`).
const LARGEST_PAGE: u64 = 1_150_000;

/// Crates with less than this share of the code are summed up, in per cent.
const SMALLEST_SHARE: usize = 1;

/// A file of the page, and its bytes plain, in gzip and in brotli.
type Asset = (String, [u64; 3]);

/// Builds the page as it is handed out and prints its size by file, and its code by crate.
///
/// # Errors
/// If something cannot be built or read.
pub(crate) fn size() -> anyhow::Result<()> {
    let assets = build()?;
    let mut out = std::io::stdout().lock();
    print_page(&mut out, &assets)?;
    writeln!(out)?;
    match client::named_modules() {
        Ok(modules) => {
            let mut spent = Vec::new();
            for (name, module) in &modules {
                spent.push((is_first(name), wasm::spent(module)?));
            }
            print_crates(&mut out, &spent)
        }
        Err(error) => Ok(writeln!(out, "The code by crate cannot be told: {error:#}")?),
    }
}

/// Builds the page and holds it to [`LARGEST_FIRST`] and [`LARGEST_PAGE`].
///
/// # Errors
/// If it is larger, or cannot be built.
pub(crate) fn check() -> anyhow::Result<()> {
    let assets = build()?;
    for (what, size, most) in [
        ("what is loaded when a page is opened", in_brotli(&assets, true), LARGEST_FIRST),
        ("all of the page", in_brotli(&assets, false), LARGEST_PAGE),
    ] {
        ensure!(
            size <= most,
            "{what} is {} in brotli, and may be {}: `cargo xtask size` says what for; if it is worth it, raise the \
             limit in xtask/src/size.rs and say why",
            say::bytes(size),
            say::bytes(most)
        );
        say::note(format!("In brotli, {what} is {}, of {} at most", say::bytes(size), say::bytes(most)));
    }
    Ok(())
}

/// The page as it is handed out. The server's build script compresses it, and writes down what came of it.
fn build() -> anyhow::Result<Vec<Asset>> {
    client::build(Effort::Full)?;
    server::build(Profile::Dev)?;
    of_page(Profile::Dev)
}

/// The sizes of the page in the server that was built last with this profile.
///
/// # Errors
/// If there is none, or its page is not the one in `client/dist`.
pub(crate) fn of_page(profile: Profile) -> anyhow::Result<Vec<Asset>> {
    let builds = workspace::target()?.join(profile.folder()).join("build");
    let file = newest(&builds).context("the server's build script has left no sizes")?;
    let sizes =
        std::fs::read_to_string(&file).with_context(|| format!("could not read {}", file.display()))?;
    let asset = |line: &str| {
        let mut words = line.split(' ');
        let name = words.next()?.to_owned();
        let mut size = || words.next()?.parse().ok();
        Some((name, [size()?, size()?, size()?]))
    };
    let assets: Option<Vec<Asset>> = sizes.lines().map(asset).collect();
    let assets = assets.with_context(|| format!("{} is not as it should be", file.display()))?;
    let dist = workspace::root().join("client").join("dist");
    let mut weighed: Vec<&str> = assets.iter().map(|(name, _)| name.trim_start_matches('/')).collect();
    weighed.sort_unstable();
    let there = page::files(&dist)?;
    ensure!(weighed == there, "{} weighs another page than the one in {}", file.display(), dist.display());
    Ok(assets)
}

/// What files of the page weigh together in brotli, in bytes: all, or those that are loaded when it is opened.
pub(crate) fn in_brotli(assets: &[Asset], first: bool) -> u64 {
    assets.iter().filter(|(name, _)| !first || is_first(name)).map(|(_, [_, _, brotli])| brotli).sum()
}

/// Prints what the page weighs, file by file.
///
/// # Errors
/// If nothing can be printed.
pub(crate) fn print_page(out: &mut impl Write, assets: &[Asset]) -> anyhow::Result<()> {
    writeln!(out, "{:<48} {:>10} {:>10} {:>10}", "", "plain", "gzip", "brotli")?;
    let mut line = |name: &str, [plain, gzip, brotli]: [u64; 3]| {
        let (plain, gzip, brotli) = (say::bytes(plain), say::bytes(gzip), say::bytes(brotli));
        writeln!(out, "{name:<48} {plain:>10} {gzip:>10} {brotli:>10}")
    };
    for (name, sizes) in assets {
        line(name, *sizes)?;
    }
    let sum = |form: usize| assets.iter().map(|(_, sizes)| sizes[form]).sum();
    line("page, all of it", [sum(0), sum(1), sum(2)])?;
    let first = |form: usize| {
        let assets = assets.iter().filter(|(name, _)| is_first(name));
        assets.map(|(_, sizes)| sizes[form]).sum()
    };
    line("what is loaded when it is opened", [first(0), first(1), first(2)])?;
    Ok(())
}

/// Whether a file of the page is loaded when the page is opened, and not only when it is needed.
fn is_first(name: &str) -> bool {
    !["plumbline-split-", "plumbline-chunk-"]
        .iter()
        .any(|part| name.trim_start_matches('/').starts_with(part))
}

/// Prints what the modules' bytes are spent on, the crate with most code first; each module with whether it is the
/// first. Code counts for the crate in whose source it stands, whoever made the compiler build another copy of it.
fn print_crates(out: &mut impl Write, modules: &[(bool, wasm::Spent)]) -> anyhow::Result<()> {
    // Bytes in the first module, bytes in all, functions in all.
    let mut crates: BTreeMap<String, (usize, usize, usize)> = BTreeMap::new();
    for (first, spent) in modules {
        for (name, size) in &spent.functions {
            let (in_first, bytes, functions) =
                crates.entry(crate_of(&demangled(name)).to_owned()).or_default();
            *in_first += if *first { *size } else { 0 };
            *bytes += size;
            *functions += 1;
        }
    }
    let sum = |of: &dyn Fn(&wasm::Spent) -> usize| -> (usize, usize) {
        let first = modules.iter().filter(|(first, _)| *first).map(|(_, spent)| of(spent)).sum();
        (first, modules.iter().map(|(_, spent)| of(spent)).sum())
    };
    let (code_in_first, code) = sum(&|spent| spent.functions.iter().map(|(_, size)| size).sum());
    let (_, functions) = sum(&|spent| spent.functions.len());
    let mut crates: Vec<_> = crates.into_iter().collect();
    crates.sort_by_key(|(_, (_, bytes, _))| std::cmp::Reverse(*bytes));
    let small = crates.iter().filter(|(_, (_, bytes, _))| bytes * 100 < code * SMALLEST_SHARE);
    let small = small.fold((0, 0, 0), |sum, (_, one)| (sum.0 + one.0, sum.1 + one.1, sum.2 + one.2));
    crates.retain(|(_, (_, bytes, _))| bytes * 100 >= code * SMALLEST_SHARE);

    writeln!(
        out,
        "{:<40} {:>12} {:>12} {:>8} {:>10}",
        "the modules, plain", "the first", "all", "share", "functions"
    )?;
    let mut line = |name: &str, (in_first, bytes, functions): (usize, usize, usize)| {
        let share = bytes * 1000 / code.max(1);
        let share = format!("{}.{} %", share / 10, share % 10);
        let (in_first, bytes) = (say::bytes(in_first as u64), say::bytes(bytes as u64));
        writeln!(out, "{name:<40} {in_first:>12} {bytes:>12} {share:>8} {functions:>10}")
    };
    for (name, size) in crates {
        line(&name, size)?;
    }
    line("smaller crates", small)?;
    line("code, all of it", (code_in_first, code, functions))?;
    for (name, (in_first, bytes)) in
        [("constants", sum(&|spent| spent.data)), ("all else", sum(&|spent| spent.rest))]
    {
        let (in_first, bytes) = (say::bytes(in_first as u64), say::bytes(bytes as u64));
        writeln!(out, "{name:<40} {in_first:>12} {bytes:>12}")?;
    }
    Ok(())
}

/// A function's name as people write it: wasm-bindgen does so in the first module, and nobody in the others. As much of
/// rustc's legacy mangling as it takes: <https://doc.rust-lang.org/rustc/symbol-mangling/index.html>.
fn demangled(name: &str) -> Cow<'_, str> {
    let Some(mut rest) = name.strip_prefix("_ZN") else { return name.into() };
    let mut path = Vec::new();
    while let Some(digits) = rest.find(|c: char| !c.is_ascii_digit()).filter(|digits| *digits > 0) {
        let Some(segment) =
            rest[..digits].parse().ok().and_then(|length: usize| rest[digits..].get(..length))
        else {
            break;
        };
        rest = &rest[digits + segment.len()..];
        let written =
            [("..", "::"), ("$LT$", "<"), ("$GT$", ">"), ("$u20$", " "), ("$RF$", "&"), ("$LP$", "(")];
        let segment = segment.strip_prefix('_').filter(|rest| rest.starts_with('$')).unwrap_or(segment);
        path.push(written.iter().fold(segment.to_owned(), |text, (from, to)| text.replace(from, to)));
    }
    path.join("::").into()
}

/// The crate in whose source a function stands, by its name: the first word of the first path in it.
fn crate_of(function: &str) -> &str {
    let Some((before, _)) = function.split_once("::") else { return "without a name" };
    // The standard library's names tell versions of a crate apart: `core[0123456789abcdef]::…`.
    let before =
        before.strip_suffix(']').and_then(|name| name.rsplit_once('[')).map_or(before, |(name, _)| name);
    let start = before.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(0, |at| at + 1);
    // Methods of types that belong to no crate: `<str>::to_lowercase`.
    if start == before.len() { "built-in types" } else { &before[start..] }
}

fn newest(builds: &Path) -> Option<std::path::PathBuf> {
    let modified = |file: &Path| -> Option<SystemTime> { file.metadata().ok()?.modified().ok() };
    let files = std::fs::read_dir(builds).ok()?.flatten();
    let files = files.map(|folder| folder.path().join("out").join("asset-sizes.txt"));
    files.filter_map(|file| Some((modified(&file)?, file))).max().map(|(_, file)| file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_counts_for_the_crate_in_whose_source_it_stands() {
        assert_eq!(crate_of("core::fmt::Formatter::pad::h0123456789abcdef"), "core");
        assert_eq!(crate_of("<alloc::vec::Vec<T> as core::ops::drop::Drop>::drop"), "alloc");
        assert_eq!(crate_of("<F as tachys::view::Render>::build"), "tachys");
        assert_eq!(crate_of("<&mut dlmalloc::Dlmalloc<A>>::malloc"), "dlmalloc");
        assert_eq!(crate_of("<core[c5930c85a12de822]::fmt::Formatter>::pad"), "core");
        assert_eq!(crate_of("<f64 as core[c5930c85a12de822]::fmt::Debug>::fmt"), "core");
        assert_eq!(crate_of("<str>::to_lowercase"), "built-in types");
        for (mangled, name) in [
            ("_ZN16plumbline_client5pages4wall17h144b7a61854bc003E", "plumbline_client"),
            ("_ZN46_$LT$F$u20$as$u20$tachys..view..Render$GT$..b5build17h144b7a61854bc003E", "tachys"),
            ("_ZN5alloc3vec12Vec$LT$T$GT$4push17h144b7a61854bc003E", "alloc"),
            ("_ZN", "without a name"),
        ] {
            assert_eq!(crate_of(&demangled(mangled)), name, "{}", demangled(mangled));
        }
        assert_eq!(crate_of("memcpy"), "without a name");
        assert_eq!(crate_of(""), "without a name");
    }
}
