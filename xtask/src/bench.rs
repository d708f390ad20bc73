//! `cargo xtask bench`: the benchmarks, against the optimised server.

use crate::client::{self, Effort};
use crate::server::{self, Profile};
use crate::{command, node, workspace};

/// Builds the optimised server and runs all benchmarks of the workspace; arguments go to them.
///
/// # Errors
/// If something cannot be built, or a benchmark fails.
pub(crate) fn bench(arguments: &[String]) -> anyhow::Result<()> {
    client::build(Effort::Full)?;
    let binary = server::build(Profile::Release)?;
    let mut cargo = workspace::cargo();
    cargo.args(["bench", "--locked", "--workspace", "--benches", "--"]).args(arguments);
    cargo.env("PLUMBLINE_BIN", binary);
    if node::find().is_some() {
        cargo.env("PLUMBLINE_NODE_MODULES", node::TESTS.ensure()?);
    }
    command::run(&mut cargo)
}
