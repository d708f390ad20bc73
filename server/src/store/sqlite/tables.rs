//! The table of a log: its entries and its snapshots, by position.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::store::{LogId, Position, READ_BYTES, SNAPSHOTS_KEPT, Stored};

/// The number of a log's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Table(i64);

// What a row holds.
const ENTRY: i64 = 0;
const SNAPSHOT: i64 = 1;

/// The table of a log, if there is one.
pub(super) fn find(connection: &Connection, log: &LogId) -> rusqlite::Result<Option<Table>> {
    connection
        .prepare_cached("SELECT number FROM logs WHERE name = ?1")?
        .query_row([log.as_str()], |row| row.get(0).map(Table))
        .optional()
}

/// A new table for a log that has none.
pub(super) fn create(connection: &Connection, log: &LogId) -> rusqlite::Result<Table> {
    connection.execute("INSERT INTO logs (name) VALUES (?1)", [log.as_str()])?;
    let number = connection.last_insert_rowid();
    connection.execute_batch(&format!(
        "CREATE TABLE log_{number} (
            kind  INTEGER NOT NULL,  -- 0 an entry, 1 a snapshot
            at    INTEGER NOT NULL,  -- Unix milliseconds
            n     INTEGER NOT NULL,
            bytes BLOB    NOT NULL,
            PRIMARY KEY (kind, at, n)
        ) STRICT, WITHOUT ROWID;"
    ))?;
    Ok(Table(number))
}

/// Drops a log's table, and its name.
pub(super) fn drop(connection: &Connection, Table(number): Table) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM logs WHERE number = ?1", [number])?;
    connection.execute_batch(&format!("DROP TABLE log_{number};"))
}

/// Gives a log a table of its own making: a snapshot, and the entries after it. The old one is dropped whole, since
/// rows that are deleted one by one leave copies behind where they had been moved between pages.
pub(super) fn begin_anew(
    connection: &Connection,
    log: &LogId,
    old: Table,
    at: Position,
    bytes: &[u8],
) -> rusqlite::Result<()> {
    let Table(from) = old;
    // The name is the new table's from here on; the number stays taken until the old one is gone.
    connection.execute("UPDATE logs SET name = '' WHERE number = ?1", [from])?;
    let new = create(connection, log)?;
    let Table(into) = new;
    put(connection, new, SNAPSHOT, at, bytes)?;
    let (stamp, n) = columns(at);
    connection.execute(
        &format!(
            "INSERT INTO log_{into} SELECT kind, at, n, bytes FROM log_{from}
             WHERE kind = {ENTRY} AND (at, n) > (?1, ?2)"
        ),
        params![stamp, n],
    )?;
    drop(connection, old)
}

/// The names of all logs, in order.
pub(super) fn names(connection: &Connection) -> rusqlite::Result<Vec<LogId>> {
    let mut statement = connection.prepare_cached("SELECT name FROM logs ORDER BY name")?;
    let names = statement.query_map([], |row| row.get::<_, String>(0))?;
    // A name that this version does not know is another version's log, and none of ours.
    names.filter_map(|name| name.map(|name| name.parse().ok()).transpose()).collect()
}

/// Adds an entry.
pub(super) fn insert(
    connection: &Connection,
    table: Table,
    at: Position,
    bytes: &[u8],
) -> rusqlite::Result<()> {
    put(connection, table, ENTRY, at, bytes)
}

fn put(
    connection: &Connection,
    Table(number): Table,
    kind: i64,
    at: Position,
    bytes: &[u8],
) -> rusqlite::Result<()> {
    let (stamp, n) = columns(at);
    connection
        .prepare_cached(&format!("INSERT INTO log_{number} (kind, at, n, bytes) VALUES (?1, ?2, ?3, ?4)"))?
        .execute(params![kind, stamp, n, bytes])?;
    Ok(())
}

/// The entries after a position, as [`Store::read`](crate::store::Store::read) bounds them.
pub(super) fn entries(
    connection: &Connection,
    Table(number): Table,
    after: Position,
    limit: usize,
) -> rusqlite::Result<Vec<Stored>> {
    let (stamp, n) = columns(after);
    let mut statement = connection.prepare_cached(&format!(
        "SELECT at, n, bytes FROM log_{number} WHERE kind = {ENTRY} AND (at, n) > (?1, ?2) ORDER BY at, n LIMIT ?3"
    ))?;
    let mut rows = statement.query(params![stamp, n, i64::try_from(limit).unwrap_or(i64::MAX)])?;
    let mut entries = Vec::new();
    let mut size = 0;
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(2)?.as_blob()?;
        size += bytes.len();
        if size > READ_BYTES && !entries.is_empty() {
            break;
        }
        entries.push(Stored { position: position(row)?, bytes: bytes.to_vec() });
    }
    Ok(entries)
}

/// The position of the last entry appended. Trimming never goes beyond the older of two snapshots, so that the last
/// entry or the newest snapshot remembers it.
pub(super) fn last(connection: &Connection, table: Table) -> rusqlite::Result<Position> {
    Ok(newest(connection, table, ENTRY)?.max(newest(connection, table, SNAPSHOT)?).unwrap_or_default())
}

fn newest(connection: &Connection, Table(number): Table, kind: i64) -> rusqlite::Result<Option<Position>> {
    connection
        .prepare_cached(&format!(
            "SELECT at, n FROM log_{number} WHERE kind = ?1 ORDER BY at DESC, n DESC LIMIT 1"
        ))?
        .query_row([kind], position)
        .optional()
}

/// Whether an entry or a snapshot stands at a position.
pub(super) fn stands(connection: &Connection, Table(number): Table, at: Position) -> rusqlite::Result<bool> {
    let (stamp, n) = columns(at);
    connection
        .prepare_cached(&format!("SELECT 1 FROM log_{number} WHERE at = ?1 AND n = ?2"))?
        .exists([stamp, n])
}

/// The position of the newest snapshot.
pub(super) fn snapshot_at(connection: &Connection, table: Table) -> rusqlite::Result<Position> {
    Ok(newest(connection, table, SNAPSHOT)?.unwrap_or_default())
}

/// The snapshots, the newest first.
pub(super) fn snapshots(
    connection: &Connection,
    Table(number): Table,
) -> rusqlite::Result<Vec<(Position, Vec<u8>)>> {
    connection
        .prepare_cached(&format!(
            "SELECT at, n, bytes FROM log_{number} WHERE kind = {SNAPSHOT} ORDER BY at DESC, n DESC"
        ))?
        .query_map([], |row| Ok((position(row)?, row.get(2)?)))?
        .collect()
}

/// Keeps a snapshot if it is newer than those there are and the log reaches as far; then trims. To be called within
/// a transaction.
pub(super) fn keep(
    connection: &Connection,
    table: Table,
    at: Position,
    bytes: &[u8],
) -> rusqlite::Result<bool> {
    let is_newer = newest(connection, table, SNAPSHOT)?.is_none_or(|newest| at > newest);
    if !is_newer || at > last(connection, table)? {
        return Ok(false);
    }
    put(connection, table, SNAPSHOT, at, bytes)?;
    if let Some(oldest_kept) = oldest_kept(connection, table)? {
        trim(connection, table, oldest_kept)?;
    }
    Ok(true)
}

/// The oldest snapshot to keep, once there are as many as are kept.
fn oldest_kept(connection: &Connection, Table(number): Table) -> rusqlite::Result<Option<Position>> {
    connection
        .prepare_cached(&format!(
            "SELECT at, n FROM log_{number} WHERE kind = {SNAPSHOT} ORDER BY at DESC, n DESC LIMIT 1 OFFSET {}",
            SNAPSHOTS_KEPT - 1
        ))?
        .query_row([], position)
        .optional()
}

fn trim(connection: &Connection, Table(number): Table, below: Position) -> rusqlite::Result<()> {
    let (stamp, n) = columns(below);
    connection
        .prepare_cached(&format!("DELETE FROM log_{number} WHERE kind = {SNAPSHOT} AND (at, n) < (?1, ?2)"))?
        .execute([stamp, n])?;
    connection
        .prepare_cached(&format!("DELETE FROM log_{number} WHERE kind = {ENTRY} AND (at, n) <= (?1, ?2)"))?
        .execute([stamp, n])?;
    Ok(())
}

/// SQLite's integers are signed. No clock reaches their end; a position that does is after everything.
fn columns(position: Position) -> (i64, i64) {
    let column = |part: u64| i64::try_from(part).unwrap_or(i64::MAX);
    (column(position.at), column(position.n))
}

fn position(row: &Row<'_>) -> rusqlite::Result<Position> {
    let part = |column| row.get::<_, i64>(column).map(|part| u64::try_from(part).unwrap_or(0));
    Ok(Position { at: part(0)?, n: part(1)? })
}
