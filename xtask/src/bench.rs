//! `cargo xtask bench`: the benchmarks, against the optimised server.

use crate::client::{self, Effort};
use crate::server::{self, Profile};
use crate::{command, node, say, size, system, workspace};

/// Builds the optimised server and runs all benchmarks of the workspace, or the one that is named first; what follows
/// goes to it.
///
/// # Errors
/// If something cannot be built, or a benchmark fails.
pub(crate) fn bench(arguments: &[String]) -> anyhow::Result<()> {
    let (name, rest) = match arguments.split_first() {
        Some((name, rest)) if !name.starts_with('-') => (name.as_str(), rest),
        _ => ("*", arguments),
    };
    client::build(Effort::Full)?;
    let binary = server::build(Profile::Release)?;
    let mut cargo = workspace::cargo();
    cargo.args(["bench", "--locked", "--workspace", "--bench", name, "--"]).args(rest);
    cargo.env("PLUMBLINE_BIN", binary);
    if let Ok(assets) = size::of_page(Profile::Release) {
        cargo.env("PLUMBLINE_PAGE_BYTES", size::in_brotli(&assets, true).to_string());
    }
    if node::find().is_some() {
        cargo.env("PLUMBLINE_BENCH_NODE_MODULES", node::PEERS.ensure()?);
    } else {
        say::warn(format!("The peers are left out of the comparison: {}", node::advice()));
    }
    // The browser of the benchmarks is that of the tests.
    if let (Ok(modules), Some(chromium)) = (node::TESTS.ensure(), system::CHROMIUM.find()) {
        cargo.env("PLUMBLINE_NODE_MODULES", modules).env("PLUMBLINE_CHROMIUM", chromium);
    } else {
        say::warn(format!("The board cannot be measured: {}", node::advice()));
    }
    command::run(&mut cargo)
}
