//! `plumbline log`: the decision log on the command line.

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::Context;
use clap::{Args, Subcommand};
use serde_json::json;

use crate::{
    log::{
        chain::Hash,
        decisions::{DecisionLog, Listed, Verified, verify},
        export::log_entry,
    },
    store::SqliteStore,
};

/// What is asked of the log.
#[derive(Args)]
pub(super) struct Log {
    #[command(subcommand)]
    command: Command,
    /// The directory that holds everything; the platform's data directory if it is not given.
    #[arg(long, env = "PLUMBLINE_DATA", global = true)]
    data: Option<PathBuf>,
    /// Answer in JSON, for programs.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Command {
    /// All decisions in short, the newest first.
    List {
        /// Also those of which the place was taken by a later one, and those that were taken back.
        #[arg(long)]
        all: bool,
    },
    /// One decision with everything that is known of it.
    Show {
        /// Its number.
        number: u64,
    },
    /// Whether the log is what was written. Ends with a failure if not, and names the first entry that is not.
    Verify {
        /// The hash of an entry that was noted elsewhere, from an export for instance: is that entry there?
        #[arg(long)]
        head: Option<Hash>,
    },
}

impl Log {
    pub(super) fn run(self) -> ExitCode {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let done = runtime.map_err(anyhow::Error::from).and_then(|runtime| runtime.block_on(self.answer()));
        match done {
            Ok(code) => code,
            // Whoever reads has seen enough: `plumbline log list | head`.
            Err(error) if is_closed(&error) => ExitCode::SUCCESS,
            Err(error) => super::fail(&error),
        }
    }

    async fn answer(self) -> anyhow::Result<ExitCode> {
        let data = match self.data {
            Some(data) => data,
            None => super::data_directory()?,
        };
        let store = SqliteStore::open_to_read(&data)?;
        let log = DecisionLog::default();
        let mut out = io::stdout().lock();
        match self.command {
            Command::List { all } => {
                let listed = log.list(&store, None, usize::MAX).await?;
                let holds = |line: &Listed| line.superseded_by.is_none() && line.verdict.is_some();
                let listed: Vec<Listed> = listed.into_iter().filter(|line| all || holds(line)).collect();
                if self.json {
                    print(&mut out, &listed)?;
                } else {
                    list(&mut out, &listed)?;
                }
            }
            Command::Show { number } => {
                let found = log.get(&store, number).await?;
                let (entry, superseded_by) = found.with_context(|| {
                    format!("the log has no entry {number}: `plumbline log list` names those it has")
                })?;
                if self.json {
                    let shown = json!({
                        "previous": entry.previous,
                        "hash": entry.hash,
                        "superseded_by": superseded_by,
                        "record": entry.record,
                    });
                    print(&mut out, &shown)?;
                } else {
                    let mut text = String::new();
                    log_entry(&mut text, &entry.record, superseded_by);
                    writeln!(out, "{}\n\nHash: {}", text.trim_end(), entry.hash)?;
                }
            }
            Command::Verify { head } => {
                let verified = verify(&store, head).await?;
                if self.json {
                    print(&mut out, &verified)?;
                } else {
                    say(&mut out, &verified)?;
                }
                out.flush()?;
                return Ok(if verified.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
            }
        }
        out.flush()?;
        Ok(ExitCode::SUCCESS)
    }
}

fn is_closed(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn print(out: &mut impl Write, value: &impl serde::Serialize) -> io::Result<()> {
    writeln!(out, "{}", serde_json::to_string_pretty(value)?)
}

/// A line for each, in columns.
fn list(out: &mut impl Write, listed: &[Listed]) -> io::Result<()> {
    if listed.is_empty() {
        return writeln!(out, "The log has no decisions that hold.");
    }
    for line in listed {
        let verdict = line.verdict.map_or("taken back", |verdict| verdict.as_str());
        let owner = if line.owner.is_empty() { "(no owner)" } else { &line.owner };
        let day: String = line.decided_on.chars().take(10).collect();
        let number = line.number;
        write!(out, "{number:>5}  {day}  {verdict:<10}  {}  {}", plain(&line.project), plain(owner))?;
        if let Some(later) = line.superseded_by {
            write!(out, "  (superseded by {later})")?;
        }
        if !line.missing.is_empty() {
            write!(out, "  (missing: {})", line.missing.join(", "))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Text on one line that does nothing to a terminal.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn say(out: &mut impl Write, verified: &Verified) -> io::Result<()> {
    match &verified.first_fault {
        Some(fault) => {
            writeln!(
                out,
                "Entry {} of {} is not what was written: {}.",
                fault.number, verified.entries, fault.what
            )?;
        }
        None => writeln!(out, "The log holds: {} entries, each following the one before.", verified.entries)?,
    }
    writeln!(out, "Hash of the last one: {}", verified.head)?;
    match verified.has_hash {
        Some(true) => writeln!(out, "The entry that was noted is there."),
        Some(false) => {
            writeln!(out, "The entry that was noted is not there: the log was rewritten, or is another one.")
        }
        None => Ok(()),
    }
}
