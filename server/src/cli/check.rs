//! `plumbline check`: whether what is in the data directory is what was written.

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::Args;
use serde::Serialize;

use crate::{
    log::{
        chain::Hash,
        decisions::{Verified, verify},
    },
    store::SqliteStore,
};

/// What is checked.
#[derive(Args)]
pub(super) struct Check {
    /// The directory that holds everything; the platform's data directory if it is not given.
    #[arg(long, env = "PLUMBLINE_DATA")]
    data: Option<PathBuf>,
    /// The hash of an entry of the decision log that was noted elsewhere: is that entry there?
    #[arg(long)]
    head: Option<Hash>,
    /// Answer in JSON, for programs.
    #[arg(long)]
    json: bool,
}

/// What became of it.
#[derive(Serialize)]
struct Checked {
    /// What is wrong with the database as a file, in its own words; nothing if it is whole.
    database: Vec<String>,
    /// The decision log; none if the database cannot be read so far.
    decisions: Option<Verified>,
}

impl Check {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let data = match self.data {
            Some(data) => data,
            None => super::data_directory()?,
        };
        let store = SqliteStore::open_to_read(&data)?;
        let database = store.faults().await?;
        let decisions = match verify(&store, self.head).await {
            Ok(verified) => Some(verified),
            // The database has said why.
            Err(_) if !database.is_empty() => None,
            Err(error) => return Err(error.into()),
        };
        let checked = Checked { database, decisions };
        let mut out = io::stdout().lock();
        if self.json {
            writeln!(out, "{}", serde_json::to_string_pretty(&checked)?)?;
        } else {
            say(&mut out, &checked)?;
        }
        out.flush()?;
        let holds = checked.database.is_empty() && checked.decisions.as_ref().is_some_and(Verified::holds);
        Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn say(out: &mut impl Write, checked: &Checked) -> io::Result<()> {
    if checked.database.is_empty() {
        writeln!(out, "The database is whole.")?;
    }
    for fault in &checked.database {
        writeln!(out, "The database is damaged: {fault}")?;
    }
    match &checked.decisions {
        Some(verified) => super::log::say(out, verified),
        None => writeln!(out, "The decision log cannot be read."),
    }
}
