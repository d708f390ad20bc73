//! `plumbline log`: the decision log on the command line.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::{Args, Subcommand};
use serde_json::json;

use super::ending::{Ending, Misused};
use crate::{
    clock,
    log::{
        chain::Hash,
        decisions::{DecisionLog, Found, Listed, Search, Verified, verify},
        export::{Format, Reader, Report, log_entry, read_log},
        words,
    },
    store::{LogId, SqliteStore, Store},
};

/// How many entries are taken in at a time.
const PART: usize = 512;

/// What is asked of the log.
#[derive(Args)]
pub(super) struct Log {
    #[command(subcommand)]
    command: Command,
    /// The directory that holds everything; the platform's data directory if it is not given.
    #[arg(long, env = "PLUMBLINE_DATA", global = true)]
    data: Option<PathBuf>,
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
    /// The whole log as a file: decisions.md, .csv, .json, .xlsx, .html, .ics or .zip, by the name's ending.
    Export {
        /// The file; it is written anew. `-` and a format: to the standard output.
        file: PathBuf,
        /// The format, if the file's name does not say it: md, csv, json, xlsx, html, ics or zip.
        #[arg(long)]
        format: Option<String>,
        /// Whom a page is for: `office`, the chief operating officer, or `everyone`.
        #[arg(long = "for", default_value = "office")]
        reader: String,
    },
    /// Whether the log is what was written. Ends with a failure if not, and names the first entry that is not.
    Verify {
        /// The hash of an entry that was noted elsewhere, from an export for instance: is that entry there?
        #[arg(long)]
        head: Option<Hash>,
        /// A `decisions.json` of the log to be checked instead, wherever it comes from.
        #[arg(long)]
        file: Option<PathBuf>,
    },
    /// Takes a `decisions.json` of the log into a data directory whose log has nothing else: the same entries, to the byte.
    /// The server must not be running.
    Import {
        /// The file.
        file: PathBuf,
    },
}

impl Log {
    pub(super) fn run(self, json: bool) -> anyhow::Result<Ending> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        match runtime.block_on(self.answer(json)) {
            // Whoever reads has seen enough: `plumbline log list | head`.
            Err(error) if is_closed(&error) => Ok(Ending::Done),
            done => done,
        }
    }

    async fn answer(self, as_json: bool) -> anyhow::Result<Ending> {
        let mut out = io::stdout().lock();
        if let Command::Verify { head, file: Some(file) } = &self.command {
            return verify_file(&mut out, file, *head, as_json);
        }
        let data = match self.data {
            Some(data) => data,
            None => super::data_directory()?,
        };
        if let Command::Import { file } = &self.command {
            let taken = import(&data, file).await?;
            if as_json {
                print(&mut out, &json!({ "imported": taken }))?;
            } else {
                writeln!(out, "{taken} entries were taken in.")?;
            }
            return Ok(Ending::Done);
        }
        let store = SqliteStore::open_to_read(&data)?;
        let log = DecisionLog::default();
        match self.command {
            Command::List { all } => {
                let search = Search { holds: !all, ..Search::default() };
                let listed = log.list(&store, &search, None, usize::MAX).await?;
                if as_json {
                    print(&mut out, &listed)?;
                } else {
                    list(&mut out, &listed)?;
                }
            }
            Command::Show { number } => {
                let found = log.get(&store, number).await?;
                let Found { entry, decided, history } = found.with_context(|| {
                    format!("the log has no decision {number}: `plumbline log list` names those it has")
                })?;
                if as_json {
                    let mut shown = serde_json::to_value(&decided.standing)?;
                    let also = json!({
                        "previous": entry.previous,
                        "hash": entry.hash,
                        "record": decided.record,
                        "changes": decided.changes,
                        "history": history,
                    });
                    if let (Some(shown), serde_json::Value::Object(also)) = (shown.as_object_mut(), also) {
                        shown.extend(also);
                    }
                    print(&mut out, &shown)?;
                } else {
                    let mut text = String::new();
                    log_entry(&mut text, &decided);
                    writeln!(out, "{}\n\nHash: {}", text.trim_end(), entry.hash)?;
                }
            }
            Command::Export { file, format, reader } => {
                let format = format_of(&file, format.as_deref())?;
                let reader = Reader::parse(&reader)
                    .ok_or_else(|| Misused("--for is `office` or `everyone`".to_owned()))?;
                let book = log.all(&store).await?;
                let entries = book.entries.len();
                let report = Report::of_log(book, clock::now());
                let content = format.render(&report, reader);
                if file.as_os_str() == "-" {
                    out.write_all(&content)?;
                } else {
                    std::fs::write(&file, &content)
                        .with_context(|| format!("cannot write {}", file.display()))?;
                    let told = json!({ "file": file, "entries": entries, "head": report.head });
                    if as_json {
                        print(&mut out, &told)?;
                    } else {
                        writeln!(
                            out,
                            "{} has {entries} entries. Hash of the last one: {}",
                            file.display(),
                            report.head
                        )?;
                    }
                }
            }
            Command::Verify { head, .. } => {
                let verified = verify(&store, head).await?;
                return tell(&mut out, &verified, as_json);
            }
            Command::Import { .. } => unreachable!("it was dealt with above"),
        }
        out.flush()?;
        Ok(Ending::Done)
    }
}

/// The format that a file's name says, or that is said beside it.
fn format_of(file: &Path, said: Option<&str>) -> anyhow::Result<Format> {
    let ending = said.or_else(|| file.extension().and_then(|ending| ending.to_str()));
    Ok(ending.and_then(Format::from_ending).ok_or_else(|| {
        let endings: Vec<&str> = Format::ALL.into_iter().map(Format::ending).collect();
        Misused(format!("say which format with --format: {}", endings.join(", ")))
    })?)
}

fn tell(out: &mut impl Write, verified: &Verified, json: bool) -> anyhow::Result<Ending> {
    if json {
        print(out, verified)?;
    } else {
        say(out, verified)?;
    }
    out.flush()?;
    Ok(Ending::of_check(verified.holds()))
}

fn verify_file(out: &mut impl Write, file: &Path, noted: Option<Hash>, json: bool) -> anyhow::Result<Ending> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let book = read_log(&bytes)?;
    let has_hash = noted.map(|noted| book.entries.iter().any(|entry| entry.hash == noted));
    let verified =
        Verified { entries: book.entries.len() as u64, head: book.head(), first_fault: None, has_hash };
    tell(out, &verified, json)
}

/// Takes a log in; returns how many entries are new. What is there already must be its beginning.
async fn import(data: &Path, file: &Path) -> anyhow::Result<usize> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let book = read_log(&bytes)?;
    let store = SqliteStore::open(data)?;
    let there = DecisionLog::default().all(&store).await?;
    let begins = there.entries.len() <= book.entries.len()
        && there.entries.iter().zip(&book.entries).all(|(there, new)| there.hash == new.hash);
    anyhow::ensure!(
        begins,
        "the log in {} has other entries than the file: import into an empty data directory",
        data.display()
    );
    let new: Vec<Vec<u8>> =
        book.entries.iter().skip(there.entries.len()).map(crate::log::chain::Entry::to_bytes).collect();
    let count = new.len();
    for part in new.chunks(PART) {
        store.append(&LogId::decisions(), part.to_vec()).await?;
    }
    Ok(count)
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
        write!(out, "  ({}", line.standing.status.words())?;
        match line.standing.superseded_by {
            Some(later) => write!(out, " by {later})")?,
            None => write!(out, ")")?,
        }
        if let Some(told) = &line.standing.told {
            write!(out, "  (told on {})", plain(&told.on))?;
        }
        let done = words::done_of(&line.standing);
        if !done.is_empty() {
            write!(out, "  ({})", plain(&done))?;
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

pub(super) fn say(out: &mut impl Write, verified: &Verified) -> io::Result<()> {
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
