//! What the writing thread does: takes what has come up, commits it, answers.

use std::{collections::HashMap, io, path::PathBuf};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::mpsc;

use super::{
    directory::{Directory, Identity},
    faults::explain,
    schema,
    tables::{self, Table},
    writer::{Append, Clock, Request},
};
use crate::store::{Condition, LogId, Position, StoreError};

/// How many appends are committed together at most.
const BATCH_REQUESTS: usize = 256;

/// After how many bytes of entries no more appends are added to a commit.
const BATCH_BYTES: usize = 4 * 1024 * 1024;

/// Where a log stands.
#[derive(Clone, Copy)]
struct Head {
    table: Table,
    last: Position,
}

/// What the thread owns.
pub(super) struct Scribe {
    connection: Connection,
    clock: Clock,
    place: PathBuf,
    database: PathBuf,
    identity: Identity,
    /// The logs that were written to since the start: as committed, never ahead of it.
    heads: HashMap<LogId, Head>,
    /// Why the last commit failed, if it did: a full disk is told once, not with every append.
    trouble: Option<StoreError>,
}

impl Scribe {
    pub(super) fn new(connection: Connection, directory: &Directory, clock: Clock) -> io::Result<Self> {
        let (place, database) = (directory.path().to_owned(), directory.database());
        let identity = Identity::of(&database)?;
        Ok(Self { connection, clock, place, database, identity, heads: HashMap::new(), trouble: None })
    }

    pub(super) fn run(mut self, mut requests: mpsc::Receiver<Request>) {
        let mut next = None;
        while let Some(request) = next.take().or_else(|| requests.blocking_recv()) {
            match request {
                Request::Append(first) => {
                    let batch;
                    (batch, next) = gather(first, &mut requests);
                    self.append(batch);
                }
                Request::Snapshot { log, at, bytes, reply, .. } => {
                    // Whoever asked may have gone away; what was asked is done all the same.
                    let _ = reply.send(self.snapshot(&log, at, &bytes));
                }
                Request::BeginAnew { log, at, bytes, reply, quiet } => {
                    let begun = self.begin_anew(&log, at, &bytes);
                    drop(quiet);
                    let _ = reply.send(begun);
                }
                Request::Erase { log, reply, quiet } => {
                    let erased = self.erase(&log);
                    drop(quiet);
                    let _ = reply.send(erased);
                }
                #[cfg(test)]
                Request::Disturb { act, reply } => {
                    act(&self.connection);
                    let _ = reply.send(Ok(()));
                }
            }
        }
    }

    fn append(&mut self, batch: Vec<Append>) {
        match self.commit(&batch) {
            Ok(positions) => {
                self.tell(None);
                for (append, positions) in batch.into_iter().zip(positions) {
                    let _ = append.reply.send(Ok(positions));
                }
            }
            // One that cannot be stored must not take its neighbours with it.
            Err(_) if batch.len() > 1 => {
                for append in batch {
                    self.append(vec![append]);
                }
            }
            Err(error) => {
                self.tell(Some(error.clone()));
                for append in batch {
                    let _ = append.reply.send(Err(error.clone()));
                }
            }
        }
    }

    fn tell(&mut self, trouble: Option<StoreError>) {
        if trouble == self.trouble {
            return;
        }
        match &trouble {
            Some(error) => tracing::error!(%error, "changes are not being saved"),
            None => tracing::info!("changes are being saved again"),
        }
        self.trouble = trouble;
    }

    /// Writes a batch in one transaction. When it returns, all of it is on the disk, or none of it is in the log.
    fn commit(&mut self, batch: &[Append]) -> Result<Vec<Option<Vec<Position>>>, StoreError> {
        self.check_place()?;
        let now = (self.clock)();
        let known = &self.heads;
        let mut heads: HashMap<LogId, Head> = HashMap::new();
        let mut write = || {
            let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let mut positions = Vec::with_capacity(batch.len());
            for append in batch {
                let head = heads.get(&append.log).or_else(|| known.get(&append.log)).copied();
                if let Some(condition) = append.condition {
                    let head = match head {
                        Some(head) => Some(head),
                        None => find(&transaction, &append.log)?,
                    };
                    if !holds(&transaction, head, condition)? {
                        positions.push(None);
                        continue;
                    }
                }
                if append.entries.is_empty() {
                    positions.push(Some(Vec::new()));
                    continue;
                }
                let mut head = match head {
                    Some(head) => head,
                    None => find_or_create(&transaction, &append.log)?,
                };
                let mut given = Vec::with_capacity(append.entries.len());
                for bytes in &append.entries {
                    head.last = head.last.next(now);
                    tables::insert(&transaction, head.table, head.last, bytes)?;
                    given.push(head.last);
                }
                heads.insert(append.log.clone(), head);
                positions.push(Some(given));
            }
            transaction.commit()?;
            Ok(positions)
        };
        let positions = write().map_err(|error| explain(&self.place, &error))?;
        self.heads.extend(heads);
        Ok(positions)
    }

    fn snapshot(&mut self, log: &LogId, at: Position, bytes: &[u8]) -> Result<bool, StoreError> {
        self.check_place()?;
        let mut write = || {
            let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let Some(table) = tables::find(&transaction, log)? else { return Ok(false) };
            let is_kept = tables::keep(&transaction, table, at, bytes)?;
            transaction.commit()?;
            Ok(is_kept)
        };
        write().map_err(|error| explain(&self.place, &error))
    }

    fn erase(&mut self, log: &LogId) -> Result<(), StoreError> {
        self.check_place()?;
        let mut write = || {
            let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            if let Some(table) = tables::find(&transaction, log)? {
                tables::drop(&transaction, table)?;
            }
            transaction.commit()
        };
        write().map_err(|error| explain(&self.place, &error))?;
        self.heads.remove(log);
        // Also when there was no table: an earlier attempt may have come as far as dropping it.
        self.forget()
    }

    fn begin_anew(&mut self, log: &LogId, at: Position, bytes: &[u8]) -> Result<bool, StoreError> {
        self.check_place()?;
        let mut write = || {
            let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let Some(table) = tables::find(&transaction, log)? else { return Ok(false) };
            if at > tables::last(&transaction, table)? {
                return Ok(false);
            }
            tables::begin_anew(&transaction, log, table, at, bytes)?;
            transaction.commit()?;
            Ok(true)
        };
        let begun = write().map_err(|error| explain(&self.place, &error))?;
        self.heads.remove(log);
        self.forget()?;
        Ok(begun)
    }

    /// Leaves nothing in the files of what was dropped.
    fn forget(&self) -> Result<(), StoreError> {
        match schema::truncate_wal(&self.connection) {
            Ok(true) => Ok(()),
            Ok(false) => Err(StoreError::Busy { place: self.place.display().to_string() }),
            Err(error) => Err(explain(&self.place, &error)),
        }
    }

    /// A database file that was deleted can still be written to, and all of it is lost when the process ends.
    fn check_place(&self) -> Result<(), StoreError> {
        match Identity::of(&self.database) {
            Ok(identity) if identity == self.identity => Ok(()),
            _ => Err(StoreError::Gone { place: self.place.display().to_string() }),
        }
    }
}

/// The first append with those that have come up meanwhile, and the first request that is not one.
fn gather(first: Append, requests: &mut mpsc::Receiver<Request>) -> (Vec<Append>, Option<Request>) {
    let mut size = first.size();
    let mut batch = vec![first];
    while batch.len() < BATCH_REQUESTS && size < BATCH_BYTES {
        match requests.try_recv() {
            Ok(Request::Append(append)) => {
                size += append.size();
                batch.push(append);
            }
            Ok(other) => return (batch, Some(other)),
            Err(_) => break,
        }
    }
    (batch, None)
}

fn find(connection: &Connection, log: &LogId) -> rusqlite::Result<Option<Head>> {
    let Some(table) = tables::find(connection, log)? else { return Ok(None) };
    Ok(Some(Head { table, last: tables::last(connection, table)? }))
}

/// Whether a condition holds of a log, within the transaction that appends to it.
fn holds(connection: &Connection, head: Option<Head>, condition: Condition) -> rusqlite::Result<bool> {
    match (condition, head) {
        (Condition::Last(at), head) => Ok(head.map_or(Position::ZERO, |head| head.last) == at),
        (Condition::Holds(_), None) => Ok(false),
        (Condition::Holds(at), Some(head)) => tables::stands(connection, head.table, at),
    }
}

fn find_or_create(connection: &Connection, log: &LogId) -> rusqlite::Result<Head> {
    match find(connection, log)? {
        Some(head) => Ok(head),
        None => Ok(Head { table: tables::create(connection, log)?, last: Position::ZERO }),
    }
}
