//! Reading: a few connections, used on threads that may block.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{faults::explain, schema};
use crate::store::StoreError;

/// How many reads run at the same time.
const READERS: u32 = 4;

pub(super) struct Readers {
    pool: Arc<Pool>,
    permits: Arc<Semaphore>,
}

struct Pool {
    database: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(super) fn new(database: PathBuf) -> Self {
        Self {
            pool: Arc::new(Pool { database, idle: Mutex::new(Vec::new()) }),
            permits: Arc::new(Semaphore::new(READERS as usize)),
        }
    }

    /// Runs a job against one consistent view of the database.
    pub(super) async fn read<T, J>(&self, job: J) -> Result<T, StoreError>
    where
        T: Send + 'static,
        J: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| StoreError::Closed)?;
        let pool = Arc::clone(&self.pool);
        let work = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            pool.run(job)
        });
        match work.await {
            Ok(done) => done,
            // The runtime is going down and did not start it.
            Err(lost) if lost.is_cancelled() => Err(StoreError::Closed),
            Err(lost) => std::panic::resume_unwind(lost.into_panic()),
        }
    }

    /// Waits until nobody reads, and lets nobody begin while the permit is held.
    pub(super) async fn hold(&self) -> Result<OwnedSemaphorePermit, StoreError> {
        Arc::clone(&self.permits).acquire_many_owned(READERS).await.map_err(|_| StoreError::Closed)
    }
}

impl Pool {
    fn run<T>(&self, job: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        let explained = |error| explain(self.database.parent().unwrap_or(&self.database), &error);
        let mut connection = match self.take() {
            Some(connection) => connection,
            None => schema::open_to_read(&self.database).map_err(explained)?,
        };
        let result = connection.transaction().and_then(|view| job(&view)).map_err(explained)?;
        // One that failed is not used again.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        Ok(result)
    }

    fn take(&self) -> Option<Connection> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }
}
