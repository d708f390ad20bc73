//! The real store, on a disk that can be full or stand still.

use std::sync::Arc;

use async_trait::async_trait;
use plumbline::store::{Condition, Durability, LogId, Position, SqliteStore, Store, StoreError, Stored};
use tokio::sync::watch;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Disk {
    Fine,
    /// Appends fail, and may be tried again.
    Full,
    /// Appends wait.
    Still,
    /// Appends to the decision log fail, and may be tried again.
    Undecided,
    /// Appends fail, and there is no sense in trying again.
    Damaged,
}

/// The switch.
#[derive(Clone)]
pub(crate) struct Switch(Arc<watch::Sender<Disk>>);

impl Switch {
    pub(crate) fn turn(&self, disk: Disk) {
        self.0.send_replace(disk);
    }
}

pub(crate) struct OnDisk {
    store: SqliteStore,
    disk: watch::Receiver<Disk>,
}

/// A store in a folder, and the switch of its disk.
pub(crate) fn open(folder: &std::path::Path) -> (OnDisk, Switch) {
    let (sender, disk) = watch::channel(Disk::Fine);
    (OnDisk { store: SqliteStore::open(folder).unwrap(), disk }, Switch(Arc::new(sender)))
}

impl OnDisk {
    async fn takes(&self, log: &LogId) -> Result<(), StoreError> {
        let state = *self.disk.clone().wait_for(|disk| *disk != Disk::Still).await.unwrap();
        let place = "the data directory".to_owned();
        match state {
            Disk::Full => Err(StoreError::Full { place }),
            Disk::Undecided if *log == LogId::decisions() => Err(StoreError::Full { place }),
            Disk::Damaged => Err(StoreError::Damaged { place, what: "for a test".to_owned() }),
            Disk::Fine | Disk::Still | Disk::Undecided => Ok(()),
        }
    }
}

#[async_trait]
impl Store for OnDisk {
    async fn append(&self, log: &LogId, entries: Vec<Vec<u8>>) -> Result<Vec<Position>, StoreError> {
        self.takes(log).await?;
        self.store.append(log, entries).await
    }

    async fn append_if(
        &self,
        log: &LogId,
        condition: Condition,
        entries: Vec<Vec<u8>>,
    ) -> Result<Option<Vec<Position>>, StoreError> {
        self.takes(log).await?;
        self.store.append_if(log, condition, entries).await
    }

    async fn read(&self, log: &LogId, after: Position, limit: usize) -> Result<Vec<Stored>, StoreError> {
        self.store.read(log, after, limit).await
    }

    async fn snapshot(&self, log: &LogId, at: Position, bytes: Vec<u8>) -> Result<bool, StoreError> {
        self.store.snapshot(log, at, bytes).await
    }

    async fn snapshots(&self, log: &LogId) -> Result<Vec<(Position, Vec<u8>)>, StoreError> {
        self.store.snapshots(log).await
    }

    async fn snapshot_at(&self, log: &LogId) -> Result<Position, StoreError> {
        self.store.snapshot_at(log).await
    }

    async fn logs(&self) -> Result<Vec<LogId>, StoreError> {
        self.store.logs().await
    }

    async fn last(&self, log: &LogId) -> Result<Position, StoreError> {
        self.store.last(log).await
    }

    async fn erase(&self, log: &LogId) -> Result<(), StoreError> {
        self.store.erase(log).await
    }

    async fn begin_anew(&self, log: &LogId, at: Position, bytes: Vec<u8>) -> Result<bool, StoreError> {
        self.store.begin_anew(log, at, bytes).await
    }

    fn promise(&self) -> Durability {
        self.store.promise()
    }
}
