//! `cargo xtask test`: everything that must hold, in one run with one table at its end.

mod count;
mod setting;
mod steps;

use crate::say;
use anyhow::bail;
use count::Count;
use std::io::Write;
use std::time::{Duration, Instant};

/// What became of a step.
enum Outcome {
    /// All that it looks at is in order.
    Fine,
    /// It could not look, for a reason outside the source tree; nothing is known.
    Unchecked(String),
}

/// What a step may use and add to.
struct Run {
    /// Tests counted so far, over all suites.
    count: Count,
    /// Passed on to the test binaries.
    filter: Vec<String>,
}

/// One step of the run.
struct Step {
    /// What it is called on the command line and in the table.
    name: &'static str,
    /// What it does, for a reader.
    title: &'static str,
    /// How long it takes, in words.
    takes: Option<&'static str>,
    work: fn(&mut Run) -> anyhow::Result<Outcome>,
}

/// A line of the table.
struct Row {
    name: &'static str,
    result: Result<Outcome, String>,
    took: Duration,
}

/// Runs all steps, or those named by `--only`; `--list` names them. What follows `--` goes to the test binaries.
///
/// # Errors
/// If a step fails, after all others have run.
pub(crate) fn test(arguments: &[String]) -> anyhow::Result<()> {
    let (ours, filter) = match arguments.iter().position(|argument| argument == "--") {
        Some(at) => (&arguments[..at], arguments[at + 1..].to_vec()),
        None => (arguments, Vec::new()),
    };
    let mut chosen: Vec<&Step> = Vec::new();
    let mut words = ours.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--list" => return list(),
            "--only" => {
                let name = words.next().map_or("", String::as_str);
                let Some(step) = steps::ALL.iter().find(|step| step.name == name) else {
                    bail!("there is no step `{name}`: `cargo xtask test --list` names them");
                };
                chosen.push(step);
            }
            _ => bail!("`{word}` is neither --list nor --only STEP; filters for the tests follow after --"),
        }
    }
    if chosen.is_empty() {
        chosen = steps::ALL.iter().collect();
    }

    let mut run = Run { count: Count::default(), filter };
    let begun = Instant::now();
    let rows: Vec<Row> = chosen.into_iter().map(|step| perform(step, &mut run)).collect();
    print_table(&rows, &run.count, begun.elapsed())?;
    let failed: Vec<&str> = rows.iter().filter(|row| row.result.is_err()).map(|row| row.name).collect();
    if !failed.is_empty() {
        // The table has said it all; the last line of the output is the count.
        std::process::exit(1);
    }
    Ok(())
}

fn perform(step: &Step, run: &mut Run) -> Row {
    let begun = Instant::now();
    let result = say::step(step.title, step.takes, || (step.work)(run));
    if let Err(error) = &result {
        say::warn(format!("{}: {error:#}", step.name));
    }
    Row { name: step.name, result: result.map_err(|error| format!("{error:#}")), took: begun.elapsed() }
}

fn list() -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for step in steps::ALL {
        writeln!(out, "{:<14} {}", step.name, step.title)?;
    }
    Ok(())
}

fn print_table(rows: &[Row], count: &Count, took: Duration) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out)?;
    for row in rows {
        let result = match &row.result {
            Ok(Outcome::Fine) => "ok",
            Ok(Outcome::Unchecked(_)) => "NOT CHECKED",
            Err(_) => "FAILED",
        };
        writeln!(out, "{:<14} {result:<12} {:>14}", row.name, say::duration(row.took))?;
    }
    writeln!(out, "{:<14} {:<12} {:>14}", "", "", say::duration(took))?;
    for row in rows {
        match &row.result {
            Ok(Outcome::Unchecked(reason)) => writeln!(out, "\n{} was NOT CHECKED: {reason}", row.name)?,
            Err(reason) => writeln!(out, "\n{} FAILED: {reason}", row.name)?,
            Ok(Outcome::Fine) => {}
        }
    }
    for name in &count.failing {
        writeln!(out, "failed: {name}")?;
    }
    writeln!(out, "\n{} passed, {} failed", count.passed, count.failed)?;
    Ok(())
}
