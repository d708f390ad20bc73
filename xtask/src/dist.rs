//! `cargo xtask dist`: what is handed out: one binary with the client inside, compressed, with its licences.

use crate::client::{self, Effort};
use crate::server::{self, Profile};
use crate::{command, say, size, workspace};
use anyhow::Context;
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

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
    size::print_page(&mut out, &size::of_page(Profile::Release)?)?;
    let weight = |path: &Path| Ok::<_, anyhow::Error>(say::bytes(read(path)?.len() as u64));
    writeln!(out, "{:<48} {:>10}", "binary", weight(&binary)?)?;
    writeln!(out, "{:<48} {:>10}", "archive", weight(&archive)?)?;
    writeln!(out, "\n{}\nsha256 {digest}", archive.display())?;
    Ok(())
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
