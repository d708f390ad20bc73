//! The database as a whole: how it is opened, and how its schema came to be.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, Error, ErrorCode, OpenFlags, TransactionBehavior};

use super::faults::explain;
use crate::store::OpenError;

/// Says whose file this is, to `file` and to us: "PLUM".
const APPLICATION: i64 = 0x504C_554D;

/// One step per version of the schema, from an empty database on. A step is never changed once it was released.
const STEPS: &[&str] = &[
    // 1: a name for each log; its table is `log_` and the number, and is made with it (see `tables.rs`).
    "CREATE TABLE logs (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;",
];

/// How long another process, a backup for instance, may keep the database locked before a call fails.
const PATIENCE: Duration = Duration::from_secs(5);

/// The size to which the WAL is cut back once a large write has been checkpointed, in bytes.
const WAL_KEPT_BYTES: i64 = 16 * 1024 * 1024;

/// How many prepared statements a connection keeps: three for each log that is busy now.
const STATEMENTS_KEPT: usize = 256;

/// Opens the database for writing, brings its schema up to date, and finishes what a crash interrupted.
pub(super) fn open(path: &Path) -> Result<Connection, OpenError> {
    prepare(path).map_err(|refusal| refused(path, refusal))
}

/// Whether the database can be read, and is ours. Nothing is changed.
pub(super) fn look(path: &Path) -> Result<(), OpenError> {
    let look = || judge(&open_to_read(path)?);
    look().map_err(|refusal| refused(path, refusal))
}

fn refused(path: &Path, refusal: Refusal) -> OpenError {
    let place = path.parent().unwrap_or(path);
    match refusal {
        Refusal::Foreign => OpenError::Foreign { path: path.to_owned() },
        Refusal::Newer(found) => OpenError::Newer { path: path.to_owned(), found, known: known() },
        Refusal::Sqlite(Error::SqliteFailure(failure, _)) if failure.code == ErrorCode::NotADatabase => {
            OpenError::Foreign { path: path.to_owned() }
        }
        Refusal::Sqlite(error) => OpenError::Store(explain(place, &error)),
    }
}

/// Opens the database for reading.
pub(super) fn open_to_read(path: &Path) -> rusqlite::Result<Connection> {
    connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

enum Refusal {
    Foreign,
    Newer(i64),
    Sqlite(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Sqlite(error)
    }
}

fn known() -> i64 {
    i64::try_from(STEPS.len()).expect("the steps are a short list")
}

fn connect(path: &Path, access: OpenFlags) -> rusqlite::Result<Connection> {
    // Each connection is used by one thread at a time.
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    // What is erased must not have been spilled elsewhere.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(connection)
}

fn prepare(path: &Path) -> Result<Connection, Refusal> {
    let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    judge(&connection)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // On macOS `fsync` alone leaves the data in the drive's cache.
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "journal_size_limit", WAL_KEPT_BYTES)?;
    migrate(&mut connection)?;
    // An erasure that was interrupted between dropping a table and truncating the WAL ends here.
    // A backup that reads the file can be in its way, and is no reason not to start.
    if !truncate_wal(&connection)? {
        tracing::warn!(
            "another program reads the database: what was erased before may stay in its WAL until the next erasure"
        );
    }
    Ok(connection)
}

/// Moves everything from the WAL into the database and empties the file. Returns whether that succeeded: a reader in
/// another process can be in the way.
pub(super) fn truncate_wal(connection: &Connection) -> rusqlite::Result<bool> {
    connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0))
        .map(|busy| busy == 0)
}

/// Before anything is written: is it ours, and do we know it?
fn judge(connection: &Connection) -> Result<(), Refusal> {
    let application: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version = version(connection)?;
    let is_empty = connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))?;
    match application {
        APPLICATION if version > known() => Err(Refusal::Newer(version)),
        APPLICATION => Ok(()),
        0 if is_empty => Ok(()),
        _ => Err(Refusal::Foreign),
    }
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = usize::try_from(version(&transaction)?).unwrap_or(0);
    for step in STEPS.iter().skip(found) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", known())?;
    transaction.commit()
}
