//! `cargo xtask dist`: what is handed out: one binary with the client inside, compressed, with its licences.

use crate::client::{self, Effort};
use crate::server::{self, Profile};
use crate::{command, say, workspace};
use anyhow::Context;
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// What lies beside the binary.
const BESIDE: &[&str] = &["LICENSE-APACHE", "LICENSE-MIT", "README.md"];

/// Builds the archive below `target/dist` and prints the sizes of everything in it.
///
/// # Errors
/// If something cannot be built, or there is no `tar`.
pub(crate) fn dist() -> anyhow::Result<()> {
    client::build(Effort::Full)?;
    let binary = server::build(Profile::Release)?;
    let name = format!("plumbline-{}-{}", env!("CARGO_PKG_VERSION"), host()?);
    let target = workspace::target()?;
    let folder = target.join("dist");
    let staged = folder.join(&name);
    std::fs::create_dir_all(&staged).with_context(|| format!("could not make {}", staged.display()))?;
    let copy = |from: &Path| {
        let to = staged.join(from.file_name().context("a file has a name")?);
        std::fs::copy(from, &to).with_context(|| format!("could not copy {}", from.display()))
    };
    copy(&binary)?;
    for file in BESIDE.iter().map(|file| workspace::root().join(file)).filter(|file| file.is_file()) {
        copy(&file)?;
    }
    let archive = say::step("Compressing", None, || compress(&folder, &name))?;
    let digest: String = Sha256::digest(read(&archive)?).iter().map(|byte| format!("{byte:02x}")).collect();

    let mut out = std::io::stdout().lock();
    writeln!(out, "{:<48} {:>10} {:>10} {:>10}", "", "plain", "gzip", "brotli")?;
    print_page(&mut out, &target)?;
    let size = |path: &Path| Ok::<_, anyhow::Error>(say::bytes(read(path)?.len() as u64));
    writeln!(out, "{:<48} {:>10}", "binary", size(&binary)?)?;
    writeln!(out, "{:<48} {:>10}", "archive", size(&archive)?)?;
    writeln!(out, "\n{}\nsha256 {digest}", archive.display())?;
    Ok(())
}

/// Prints what the page weighs, file by file.
fn print_page(out: &mut impl Write, target: &Path) -> anyhow::Result<()> {
    let files = page_sizes(target).context("the server's build script has left no sizes")?;
    let mut line = |name: &str, [plain, gzip, brotli]: [u64; 3]| {
        let (plain, gzip, brotli) = (say::bytes(plain), say::bytes(gzip), say::bytes(brotli));
        writeln!(out, "{name:<48} {plain:>10} {gzip:>10} {brotli:>10}")
    };
    for (name, sizes) in &files {
        line(name, *sizes)?;
    }
    let sum = |form: usize| files.iter().map(|(_, sizes)| sizes[form]).sum();
    line("page, all of it", [sum(0), sum(1), sum(2)])?;
    Ok(())
}

/// How many bytes the page of the optimised server weighs in brotli, with all its parts.
pub(crate) fn page_in_brotli(target: &Path) -> Option<u64> {
    Some(page_sizes(target)?.iter().map(|(_, [_, _, brotli])| brotli).sum())
}

/// The page's files, and their bytes plain, in gzip and in brotli, as the server's build script has written them down.
fn page_sizes(target: &Path) -> Option<Vec<(String, [u64; 3])>> {
    let sizes = std::fs::read_to_string(newest_sizes(target)?).ok()?;
    let file = |line: &str| {
        let mut words = line.split(' ');
        let name = words.next()?.to_owned();
        let mut size = || words.next()?.parse().ok();
        Some((name, [size()?, size()?, size()?]))
    };
    sizes.lines().map(file).collect()
}

fn newest_sizes(target: &Path) -> Option<PathBuf> {
    let folders = std::fs::read_dir(target.join("release").join("build")).ok()?;
    let files = folders.flatten().map(|folder| folder.path().join("out").join("asset-sizes.txt"));
    files.filter_map(|file| Some((modified(&file)?, file))).max().map(|(_, file)| file)
}

fn modified(file: &Path) -> Option<SystemTime> {
    file.metadata().ok()?.modified().ok()
}

/// With xz where it is there, since it is a third smaller; else with gzip, which tar always finds.
fn compress(folder: &Path, name: &str) -> anyhow::Result<PathBuf> {
    let (flag, extension) =
        if command::on_path("xz").is_some() { ("-cJf", "tar.xz") } else { ("-czf", "tar.gz") };
    let archive = folder.join(format!("{name}.{extension}"));
    command::run(
        Command::new("tar")
            .current_dir(folder)
            .env("XZ_OPT", "-9e")
            .args(["--owner=0", "--group=0", "--sort=name", flag])
            .args([archive.as_os_str(), name.as_ref()]),
    )?;
    Ok(archive)
}

fn host() -> anyhow::Result<String> {
    let about = command::output(Command::new("rustc").arg("-vV").current_dir(workspace::root()))?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not name its host")?.to_owned())
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("could not read {}", path.display()))
}
