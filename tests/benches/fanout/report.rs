//! The figures as a table in Markdown.

use std::io::{self, Write};

use crate::{
    contender::{Alone, Contender},
    load::Run,
};

const MEGABYTE: f64 = 1024.0 * 1024.0;

/// Prints everything to standard output.
pub(crate) fn print(
    binary: u64,
    page: Option<u64>,
    alone: &Alone,
    runs: &[(Contender, Run)],
) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "| what | figure |\n| --- | --- |")?;
    writeln!(out, "| binary | {:.1} MB |", binary as f64 / MEGABYTE)?;
    if let Some(page) = page {
        writeln!(out, "| page with all its parts, brotli | {:.0} kB |", page as f64 / 1024.0)?;
    }
    writeln!(out, "| memory at start | {:.1} MB |", alone.start as f64 / MEGABYTE)?;
    writeln!(out, "| memory with one board | {:.1} MB |", alone.with_board as f64 / MEGABYTE)?;
    let each = alone.with_idle_clients.saturating_sub(alone.with_board) as f64 / alone.idle_clients as f64;
    writeln!(out, "| memory per idle connection ({}) | {:.1} kB |", alone.idle_clients, each / 1024.0)?;
    if runs.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\n| server | clients | updates | delivered | CPU per delivered update | p50 | p99 | CPU used | memory per connection | frames per update |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    )?;
    for (contender, run) in runs {
        let milliseconds = |time: std::time::Duration| time.as_secs_f64() * 1_000.0;
        writeln!(
            out,
            "| {} | {} | {} | {:.2} % | {:.2} µs | {:.1} ms | {:.1} ms | {:.0} % of a core | {:.1} kB | {:.2} |",
            contender.name(),
            run.clients,
            run.updates,
            100.0 * run.delivered as f64 / run.expected as f64,
            run.cpu.as_secs_f64() * 1e6 / run.delivered.max(1) as f64,
            milliseconds(run.p50),
            milliseconds(run.p99),
            100.0 * run.cpu.as_secs_f64() / run.took.as_secs_f64(),
            run.connected.saturating_sub(run.before) as f64 / 1024.0 / run.clients as f64,
            run.frames as f64 / run.delivered.max(1) as f64,
        )?;
    }
    Ok(())
}
