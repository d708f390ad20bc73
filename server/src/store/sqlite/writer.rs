//! The one thread that writes, and the way to it.
//!
//! It (`scribe.rs`) takes what has come up from all sessions and commits it together, so that a hundred appends that
//! arrive while the disk is busy cost one `fsync`. Positions are given here, by the one clock there is.

use std::{
    sync::Arc,
    thread::{self, JoinHandle},
};

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use super::{directory::Directory, scribe::Scribe};
use crate::store::{Condition, LogId, OpenError, Position, StoreError};

/// How many requests may wait for the writer; whoever comes after them waits to be let in.
const WAITING_REQUESTS: usize = 1024;

/// How many KiB of entries and snapshots may wait for the writer. Larger than the largest of them.
const WAITING_KIB: u32 = 512 * 1024;

/// Says what time it is, in Unix milliseconds.
pub(super) type Clock = Box<dyn FnMut() -> u64 + Send>;

pub(super) type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

pub(super) struct Append {
    pub(super) log: LogId,
    pub(super) condition: Option<Condition>,
    pub(super) entries: Vec<Vec<u8>>,
    /// Nothing, where the condition does not hold.
    pub(super) reply: Reply<Option<Vec<Position>>>,
    _room: OwnedSemaphorePermit,
}

impl Append {
    pub(super) fn size(&self) -> usize {
        self.entries.iter().map(Vec::len).sum()
    }
}

pub(super) enum Request {
    Append(Append),
    Snapshot {
        log: LogId,
        at: Position,
        bytes: Vec<u8>,
        reply: Reply<bool>,
        _room: OwnedSemaphorePermit,
    },
    BeginAnew {
        log: LogId,
        at: Position,
        bytes: Vec<u8>,
        reply: Reply<bool>,
        quiet: OwnedSemaphorePermit,
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
        let place = directory.path().to_owned();
        let unusable = |source| OpenError::Directory { path: place.clone(), source };
        let scribe = Scribe::new(connection, &directory, clock).map_err(unusable)?;
        let (requests, accepted) = mpsc::channel(WAITING_REQUESTS);
        let thread = thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || {
                // Given free only when the connection is closed.
                let _claim = directory;
                scribe.run(accepted);
            })
            .map_err(unusable)?;
        Ok(Self {
            requests: Some(requests),
            thread: Some(thread),
            room: Arc::new(Semaphore::new(WAITING_KIB as usize)),
        })
    }

    pub(super) async fn append(
        &self,
        log: LogId,
        condition: Option<Condition>,
        entries: Vec<Vec<u8>>,
    ) -> Result<Option<Vec<Position>>, StoreError> {
        let room = self.room(entries.iter().map(Vec::len).sum()).await?;
        self.ask(|reply| Request::Append(Append { log, condition, entries, reply, _room: room })).await
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

    /// `quiet` is the proof that nobody reads meanwhile.
    pub(super) async fn begin_anew(
        &self,
        log: LogId,
        at: Position,
        bytes: Vec<u8>,
        quiet: OwnedSemaphorePermit,
    ) -> Result<bool, StoreError> {
        self.ask(|reply| Request::BeginAnew { log, at, bytes, reply, quiet }).await
    }

    /// Does something to the connection that the world outside might do to it.
    #[cfg(test)]
    pub(super) async fn disturb(&self, act: impl FnOnce(&Connection) + Send + 'static) {
        let asked = self.ask(|reply| Request::Disturb { act: Box::new(act), reply }).await;
        asked.expect("the writer runs as long as its store");
    }

    /// The same without waiting for its end.
    #[cfg(test)]
    pub(super) async fn disturb_and_leave(&self, act: impl FnOnce(&Connection) + Send + 'static) {
        let (reply, _) = oneshot::channel();
        let requests = self.requests.as_ref().expect("the writer runs as long as its store");
        requests.send(Request::Disturb { act: Box::new(act), reply }).await.expect("it takes requests");
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
