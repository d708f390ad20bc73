//! The embedded store: one SQLite database in the data directory.
//!
//! Writing is done by one thread (`writer.rs`) that commits what has come up from all sessions together: one
//! `fsync` for many appends, in WAL mode with `synchronous=FULL`. Reading is done on a few connections of their own
//! (`readers.rs`), on threads that may block.
//!
//! Each log has a table to itself (`tables.rs`), so that erasing a log is dropping a table. In a table shared by all
//! logs, SQLite moves rows between pages as the tree is balanced and leaves what they held behind in the gaps;
//! `secure_delete` overwrites deleted rows, but does not know of those copies.

mod backup;
#[cfg(test)]
mod crash;
mod directory;
mod faults;
mod readers;
mod schema;
mod scribe;
mod tables;
#[cfg(test)]
mod tests;
mod writer;

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

use async_trait::async_trait;

use super::{
    Condition, Durability, ENTRY_BYTES, LogId, OpenError, Position, SNAPSHOT_BYTES, Store, StoreError,
    Stored, within,
};
pub use backup::{BackupError, back_up};
use readers::Readers;
use writer::{Clock, Writer};

use crate::clock;

/// The embedded store. Dropping it finishes what was accepted and gives the data directory free before it returns;
/// that takes milliseconds.
pub struct SqliteStore {
    // Dropped first, so that the writer's connection is the last and leaves no WAL behind.
    readers: Readers,
    /// None: it was opened to be read.
    writer: Option<Writer>,
    place: PathBuf,
}

impl SqliteStore {
    /// Opens the store in a data directory; makes both if they are not there.
    ///
    /// # Errors
    /// See [`OpenError`]: the directory is unusable or in use, or what is in it is not this version's.
    pub fn open(directory: &Path) -> Result<Self, OpenError> {
        Self::open_with_clock(directory, Box::new(clock::now))
    }

    fn open_with_clock(directory: &Path, clock: Clock) -> Result<Self, OpenError> {
        let place = directory.to_owned();
        let directory = directory::claim(directory)?;
        let connection = schema::open(&directory.database())?;
        let readers = Readers::new(directory.database());
        let writer = Writer::start(connection, directory, clock)?;
        Ok(Self { readers, writer: Some(writer), place })
    }

    /// Opens the store in a data directory to read what is in it, also while a server uses it. Nothing can be written.
    ///
    /// # Errors
    /// See [`OpenError`]: there is none, or what is there is not this version's.
    pub fn open_to_read(directory: &Path) -> Result<Self, OpenError> {
        let database = directory::database(directory);
        if !database.is_file() {
            let source = std::io::Error::new(std::io::ErrorKind::NotFound, "there is no database in it");
            return Err(OpenError::Directory { path: directory.to_owned(), source });
        }
        schema::look(&database)?;
        Ok(Self { readers: Readers::new(database), writer: None, place: directory.to_owned() })
    }

    /// What is wrong with the database as a file, in SQLite's words; nothing if it is whole.
    ///
    /// # Errors
    /// When it cannot be read at all.
    pub async fn faults(&self) -> Result<Vec<String>, StoreError> {
        self.readers
            .read(|connection| {
                let mut check = connection.prepare("PRAGMA integrity_check")?;
                let lines = check.query_map([], |row| row.get::<_, String>(0))?;
                lines.filter(|line| line.as_deref() != Ok("ok")).collect()
            })
            .await
    }

    fn writer(&self) -> Result<&Writer, StoreError> {
        let read_only = || StoreError::ReadOnly { place: self.place.display().to_string() };
        self.writer.as_ref().ok_or_else(read_only)
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn append(&self, log: &LogId, entries: Vec<Vec<u8>>) -> Result<Vec<Position>, StoreError> {
        entries.iter().try_for_each(|entry| within(ENTRY_BYTES, entry.len()))?;
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.writer()?.append(log.clone(), None, entries).await?.unwrap_or_default())
    }

    async fn append_if(
        &self,
        log: &LogId,
        condition: Condition,
        entries: Vec<Vec<u8>>,
    ) -> Result<Option<Vec<Position>>, StoreError> {
        entries.iter().try_for_each(|entry| within(ENTRY_BYTES, entry.len()))?;
        self.writer()?.append(log.clone(), Some(condition), entries).await
    }

    async fn read(&self, log: &LogId, after: Position, limit: usize) -> Result<Vec<Stored>, StoreError> {
        let log = log.clone();
        self.readers
            .read(move |connection| match tables::find(connection, &log)? {
                Some(table) => tables::entries(connection, table, after, limit),
                None => Ok(Vec::new()),
            })
            .await
    }

    async fn snapshot(&self, log: &LogId, at: Position, bytes: Vec<u8>) -> Result<bool, StoreError> {
        within(SNAPSHOT_BYTES, bytes.len())?;
        self.writer()?.snapshot(log.clone(), at, bytes).await
    }

    async fn snapshots(&self, log: &LogId) -> Result<Vec<(Position, Vec<u8>)>, StoreError> {
        let log = log.clone();
        self.readers
            .read(move |connection| match tables::find(connection, &log)? {
                Some(table) => tables::snapshots(connection, table),
                None => Ok(Vec::new()),
            })
            .await
    }

    async fn snapshot_at(&self, log: &LogId) -> Result<Position, StoreError> {
        let log = log.clone();
        self.readers
            .read(move |connection| match tables::find(connection, &log)? {
                Some(table) => tables::snapshot_at(connection, table),
                None => Ok(Position::ZERO),
            })
            .await
    }

    async fn logs(&self) -> Result<Vec<LogId>, StoreError> {
        self.readers.read(tables::names).await
    }

    async fn last(&self, log: &LogId) -> Result<Position, StoreError> {
        let log = log.clone();
        self.readers
            .read(move |connection| match tables::find(connection, &log)? {
                Some(table) => tables::last(connection, table),
                None => Ok(Position::ZERO),
            })
            .await
    }

    async fn erase(&self, log: &LogId) -> Result<(), StoreError> {
        // A reader in the middle of its work would keep the WAL from being truncated.
        let quiet = self.readers.hold().await?;
        self.writer()?.erase(log.clone(), quiet).await
    }

    async fn begin_anew(&self, log: &LogId, at: Position, bytes: Vec<u8>) -> Result<bool, StoreError> {
        within(SNAPSHOT_BYTES, bytes.len())?;
        let quiet = self.readers.hold().await?;
        self.writer()?.begin_anew(log.clone(), at, bytes, quiet).await
    }

    fn promise(&self) -> Durability {
        Durability {
            full: true,
            sentence: Cow::Borrowed(
                "saved means written to this machine's disk (SQLite, synchronous=FULL): it survives a crash of the server and a loss of power",
            ),
        }
    }
}
