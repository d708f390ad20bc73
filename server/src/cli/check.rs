//! `plumbline check`: whether what is in the data directory is what was written.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use clap::Args;
use plumbline_shared::ids::SessionId;
use serde::Serialize;

use super::ending::Ending;
use crate::{
    live,
    log::{
        chain::Hash,
        decisions::{Verified, verify},
    },
    store::{SqliteStore, Store},
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
}

/// What became of it.
#[derive(Serialize)]
pub(super) struct Checked {
    /// What is wrong with the database as a file, in its own words; nothing if it is whole.
    database: Vec<String>,
    /// The decision log; none if the database cannot be read so far.
    decisions: Option<Verified>,
    /// The sessions.
    pub(super) sessions: Sessions,
}

/// What was found of the sessions.
#[derive(Default, Serialize)]
pub(super) struct Sessions {
    /// How many there are.
    count: usize,
    /// Those that cannot be opened, and why not.
    unreadable: Vec<Unreadable>,
    /// Those of which private answers stand in the files: they are not closed, or not erased yet.
    pub(super) with_answers: Vec<SessionId>,
}

/// A session that cannot be opened.
#[derive(Serialize)]
struct Unreadable {
    session: SessionId,
    reason: String,
}

impl Check {
    pub(super) async fn run(self, json: bool) -> anyhow::Result<Ending> {
        let data = match self.data {
            Some(data) => data,
            None => super::data_directory()?,
        };
        let checked = checked(&SqliteStore::open_to_read(&data)?, self.head).await?;
        let mut out = io::stdout().lock();
        if json {
            writeln!(out, "{}", serde_json::to_string_pretty(&checked)?)?;
        } else {
            checked.say(&mut out)?;
        }
        out.flush()?;
        Ok(Ending::of_check(checked.holds()))
    }
}

/// Looks at everything: the database as a file, the decision log's chain, and each session's log, which is folded.
pub(super) async fn checked(store: &SqliteStore, head: Option<Hash>) -> anyhow::Result<Checked> {
    let database = store.faults().await?;
    let decisions = match verify(store, head).await {
        Ok(verified) => Some(verified),
        // The database has said why.
        Err(_) if !database.is_empty() => None,
        Err(error) => return Err(error.into()),
    };
    let mut sessions = Sessions::default();
    let logs = match store.logs().await {
        Ok(logs) => logs,
        Err(_) if !database.is_empty() => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    for id in logs.iter().filter_map(|log| log.session_id()).map(SessionId) {
        sessions.count += 1;
        match live::read(store, id).await {
            Ok(session) if session.has_secrets() => sessions.with_answers.push(id),
            Ok(_) => {}
            // A session that was founded and erased while we look.
            Err(live::LoadError::Unknown) => sessions.count -= 1,
            Err(error) => sessions.unreadable.push(Unreadable { session: id, reason: error.to_string() }),
        }
    }
    Ok(Checked { database, decisions, sessions })
}

impl Checked {
    /// Whether everything is what was written.
    pub(super) fn holds(&self) -> bool {
        self.database.is_empty()
            && self.decisions.as_ref().is_some_and(Verified::holds)
            && self.sessions.unreadable.is_empty()
    }

    /// The same for people.
    pub(super) fn say(&self, out: &mut impl Write) -> io::Result<()> {
        if self.database.is_empty() {
            writeln!(out, "The database is whole.")?;
        }
        for fault in &self.database {
            writeln!(out, "The database is damaged: {fault}")?;
        }
        match &self.decisions {
            Some(verified) => super::log::say(out, verified)?,
            None => writeln!(out, "The decision log cannot be read.")?,
        }
        let Sessions { count, unreadable, .. } = &self.sessions;
        if unreadable.is_empty() {
            writeln!(out, "Sessions: {count}, and each can be opened.")?;
        } else {
            writeln!(out, "Sessions: {count}, of which {} cannot be opened:", unreadable.len())?;
        }
        for Unreadable { session, reason } in unreadable {
            writeln!(out, "  {session}: {reason}")?;
        }
        Ok(())
    }
}
