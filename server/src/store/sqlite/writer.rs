//! The one thread that writes.
//!
//! It takes what has come up from all sessions and commits it together, so that a hundred appends that arrive while
//! the disk is busy cost one `fsync`. Positions are given here, by the one clock there is.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::Arc,
    thread::{self, JoinHandle},
};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use super::{
    directory::{Directory, Identity},
    faults::explain,
    schema,
    tables::{self, Table},
};
use crate::store::{LogId, OpenError, Position, StoreError};

/// How many requests may wait for the writer; whoever comes after them waits to be let in.
const WAITING_REQUESTS: usize = 1024;

/// How many KiB of entries and snapshots may wait for the writer. Larger than the largest of them.
const WAITING_KIB: u32 = 512 * 1024;

/// How many appends are committed together at most.
const BATCH_REQUESTS: usize = 256;

/// After how many bytes of entries no more appends are added to a commit.
const BATCH_BYTES: usize = 4 * 1024 * 1024;

/// Says what time it is, in Unix milliseconds.
pub(super) type Clock = Box<dyn FnMut() -> u64 + Send>;

type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

struct Append {
    log: LogId,
    entries: Vec<Vec<u8>>,
    reply: Reply<Vec<Position>>,
    _room: OwnedSemaphorePermit,
}

impl Append {
    fn size(&self) -> usize {
        self.entries.iter().map(Vec::len).sum()
    }
}

enum Request {
    Append(Append),
    Snapshot {
        log: LogId,
        at: Position,
        bytes: Vec<u8>,
        reply: Reply<bool>,
        _room: OwnedSemaphorePermit,
    },
    Erase {
        log: LogId,
        reply: Reply<()>,
        quiet: OwnedSemaphorePermit,
    },
    #[cfg(test)]
    Disturb {
        act: Box<dyn FnOnce(&Connection) + Send>,
        reply: Reply<()>,
    },
}

/// The way to the writing thread. Dropping it lets the thread finish what it has accepted, and waits for that.
pub(super) struct Writer {
    // Taken when the thread is to end.
    requests: Option<mpsc::Sender<Request>>,
    thread: Option<JoinHandle<()>>,
    room: Arc<Semaphore>,
}

impl Writer {
    pub(super) fn start(
        connection: Connection,
        directory: Directory,
        clock: Clock,
    ) -> Result<Self, OpenError> {
        let unusable = |source| OpenError::Directory { path: directory.path().to_owned(), source };
        let database = directory.database();
        let identity = Identity::of(&database).map_err(unusable)?;
        let (requests, accepted) = mpsc::channel(WAITING_REQUESTS);
        let scribe = Scribe {
            connection,
            clock,
            place: directory.path().to_owned(),
            database,
            identity,
            heads: HashMap::new(),
            trouble: None,
        };
        let thread = thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || {
                // Given free only when the connection is closed.
                let _claim = directory;
                scribe.run(accepted);
            })
            .map_err(|source| OpenError::Directory { path: PathBuf::new(), source })?;
        Ok(Self {
            requests: Some(requests),
            thread: Some(thread),
            room: Arc::new(Semaphore::new(WAITING_KIB as usize)),
        })
    }

    pub(super) async fn append(
        &self,
        log: LogId,
        entries: Vec<Vec<u8>>,
    ) -> Result<Vec<Position>, StoreError> {
        let room = self.room(entries.iter().map(Vec::len).sum()).await?;
        self.ask(|reply| Request::Append(Append { log, entries, reply, _room: room })).await
    }

    pub(super) async fn snapshot(
        &self,
        log: LogId,
        at: Position,
        bytes: Vec<u8>,
    ) -> Result<bool, StoreError> {
        let room = self.room(bytes.len()).await?;
        self.ask(|reply| Request::Snapshot { log, at, bytes, reply, _room: room }).await
    }

    /// `quiet` is the proof that nobody reads meanwhile.
    pub(super) async fn erase(&self, log: LogId, quiet: OwnedSemaphorePermit) -> Result<(), StoreError> {
        self.ask(|reply| Request::Erase { log, reply, quiet }).await
    }

    /// Does something to the connection that the world outside might do to it.
    #[cfg(test)]
    pub(super) async fn disturb(&self, act: impl FnOnce(&Connection) + Send + 'static) {
        let asked = self.ask(|reply| Request::Disturb { act: Box::new(act), reply }).await;
        asked.expect("the writer runs as long as its store");
    }

    async fn room(&self, bytes: usize) -> Result<OwnedSemaphorePermit, StoreError> {
        // One call that is larger than all the room there is waits until it is alone.
        let kib = u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX).min(WAITING_KIB);
        Arc::clone(&self.room).acquire_many_owned(kib).await.map_err(|_| StoreError::Closed)
    }

    async fn ask<T>(&self, request: impl FnOnce(Reply<T>) -> Request) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let requests = self.requests.as_ref().ok_or(StoreError::Closed)?;
        requests.send(request(reply)).await.map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.requests = None;
        if let Some(thread) = self.thread.take() {
            // It has nothing to tell but a panic, which its own hook has told already.
            let _ = thread.join();
        }
    }
}

/// Where a log stands.
#[derive(Clone, Copy)]
struct Head {
    table: Table,
    last: Position,
}

/// What the thread owns.
struct Scribe {
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
    fn run(mut self, mut requests: mpsc::Receiver<Request>) {
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
    fn commit(&mut self, batch: &[Append]) -> Result<Vec<Vec<Position>>, StoreError> {
        self.check_place()?;
        let now = (self.clock)();
        let known = &self.heads;
        let mut heads: HashMap<LogId, Head> = HashMap::new();
        let mut write = || {
            let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let mut positions = Vec::with_capacity(batch.len());
            for append in batch {
                let mut head = match heads.get(&append.log).or_else(|| known.get(&append.log)) {
                    Some(head) => *head,
                    None => find_or_create(&transaction, &append.log)?,
                };
                let mut given = Vec::with_capacity(append.entries.len());
                for bytes in &append.entries {
                    head.last = head.last.next(now);
                    tables::insert(&transaction, head.table, head.last, bytes)?;
                    given.push(head.last);
                }
                heads.insert(append.log.clone(), head);
                positions.push(given);
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

fn find_or_create(connection: &Connection, log: &LogId) -> rusqlite::Result<Head> {
    match tables::find(connection, log)? {
        Some(table) => Ok(Head { table, last: tables::last(connection, table)? }),
        None => Ok(Head { table: tables::create(connection, log)?, last: Position::ZERO }),
    }
}
