//! `plumbline backup`: a copy of everything, made while the server runs.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use clap::Args;
use serde::Serialize;

use super::{
    check::{Checked, checked},
    ending::NotAsWritten,
};
use crate::store::{SqliteStore, sqlite::back_up};

/// What is copied, and where to.
#[derive(Args)]
pub(super) struct Backup {
    /// The directory for the copy: empty, or not there yet. It can be served: `plumbline serve --data` it.
    to: PathBuf,
    /// The directory that holds everything; the platform's data directory if it is not given.
    #[arg(long, env = "PLUMBLINE_DATA")]
    data: Option<PathBuf>,
}

/// What was copied.
#[derive(Serialize)]
struct BackedUp {
    /// Where it is.
    to: PathBuf,
    /// What a check of the copy found.
    #[serde(flatten)]
    checked: Checked,
}

impl Backup {
    pub(super) async fn run(self, json: bool) -> anyhow::Result<()> {
        let data = match self.data {
            Some(data) => data,
            None => super::data_directory()?,
        };
        let to = self.to.clone();
        tokio::task::spawn_blocking(move || back_up(&data, &to)).await??;
        // Of the copy, not of what it was made of: what cannot be read back is no backup.
        let checked = checked(&SqliteStore::open_to_read(&self.to)?, None).await?;
        let holds = checked.holds();
        let mut out = io::stdout().lock();
        if json {
            let told = BackedUp { to: self.to, checked };
            writeln!(out, "{}", serde_json::to_string_pretty(&told)?)?;
        } else {
            writeln!(out, "{} is a copy of everything.", self.to.display())?;
            checked.say(&mut out)?;
            let secret = checked.sessions.with_answers.len();
            if secret > 0 {
                writeln!(
                    out,
                    "{secret} of the sessions are not closed, and their private answers are in this copy. Keep it as you keep \
                     the data directory, and delete it when they are closed."
                )?;
            }
            writeln!(
                out,
                "To go back to it, stop the server and start it with --data {}.",
                self.to.display()
            )?;
        }
        out.flush()?;
        anyhow::ensure!(
            holds,
            NotAsWritten("what was copied is not as it was written: `plumbline check` says what is wrong")
        );
        Ok(())
    }
}
