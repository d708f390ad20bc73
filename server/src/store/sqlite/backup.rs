//! A copy of the database, made while a server uses it.

use std::{fs, io, path::Path};

use rusqlite::params;

use super::{directory, schema};
use crate::store::OpenError;

/// Why a copy could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// What is to be copied cannot be read.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// There is something where the copy is to be.
    #[error("{0} has something in it already: name a directory that is empty or is not there yet")]
    Taken(String),
    /// The copy cannot be written.
    #[error("the copy cannot be written to {place}: {source}")]
    Write {
        /// Where it was to be.
        place: String,
        /// Why not.
        source: io::Error,
    },
    /// SQLite says no.
    #[error("the copy in {place} could not be made ({what}): look at both disks")]
    Copy {
        /// Where it was to be.
        place: String,
        /// What was said.
        what: String,
    },
}

/// Copies the database of a data directory into another directory, which is a data directory then: everything as it is
/// at one moment, and nothing that was erased before. Whoever writes meanwhile goes on.
///
/// # Errors
/// See [`BackupError`]. What was written of a copy that failed is taken away.
pub fn back_up(from: &Path, to: &Path) -> Result<(), BackupError> {
    let database = directory::database(from);
    if !database.is_file() {
        let source = io::Error::new(io::ErrorKind::NotFound, "there is no database in it");
        return Err(OpenError::Directory { path: from.to_owned(), source }.into());
    }
    schema::look(&database)?;
    let place = || to.display().to_string();
    let written = |source| BackupError::Write { place: place(), source };
    let is_new = !to.exists();
    directory::make(to).map_err(written)?;
    if fs::read_dir(to).map_err(written)?.next().is_some() {
        return Err(BackupError::Taken(place()));
    }
    let copy = directory::database(to);
    let made = copy_to(&database, &copy, &place);
    if made.is_err() {
        // What is there of it is of no use, and whoever tries again is to find the place empty.
        let _ = fs::remove_file(&copy);
        if is_new {
            let _ = fs::remove_dir(to);
        }
    }
    made
}

fn copy_to(from: &Path, to: &Path, place: &impl Fn() -> String) -> Result<(), BackupError> {
    let written = |source| BackupError::Write { place: place(), source };
    // SQLite takes an empty file for one that is not there, and leaves it to its owner alone as we have made it.
    let file = directory::open_private(to).map_err(written)?;
    let failed = |error: rusqlite::Error| BackupError::Copy { place: place(), what: error.to_string() };
    let source = schema::open_to_read(from).map_err(failed)?;
    // One reading of everything: what was erased is in no page of it, which a copy of the pages would not say.
    source.execute("VACUUM INTO ?1", params![to.to_string_lossy()]).map_err(failed)?;
    file.sync_all().map_err(written)?;
    #[cfg(unix)]
    if let Some(directory) = to.parent() {
        fs::File::open(directory).and_then(|directory| directory.sync_all()).map_err(written)?;
    }
    Ok(())
}
