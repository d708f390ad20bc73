//! The running decision log: what closes of sessions bring is appended, once; all else reads.
//!
//! It stands in a log of its own ([`LogId::decisions`]) and not in the workspace's: that one begins anew when a session
//! is erased, and this one never does. What is kept in memory is an index; the records are read from the store.

mod index;
#[cfg(test)]
mod tests;
mod verify;

use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use plumbline_shared::ids::SessionId;
use tokio::sync::Mutex;

pub use index::Listed;
pub use verify::{Fault, Verified, verify};

use super::{
    chain::{self, Entry, Hash},
    record::{Closed, Record, records},
};
use crate::store::{LogId, Position, Store, StoreError};
use index::Index;

/// Entries read at a time.
const PAGE: usize = 512;

/// What is told of an entry that was touched.
const BROKEN: &str = "an entry of the decision log is not what was written: run `plumbline log verify`";

/// The decision log, as far as this process has read it.
#[derive(Default)]
pub struct DecisionLog {
    index: RwLock<Index>,
    /// Held by whoever reads on or appends.
    pen: Mutex<Pen>,
}

#[derive(Default)]
struct Pen {
    /// Whether everything in the store's log is in the index. Not before it was read, and not after an append of which
    /// the answer got lost.
    is_up: bool,
}

/// Why the decision log cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// It cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An entry is not what was written.
    #[error("entry {number} of the decision log is damaged: {fault}")]
    Broken {
        /// Which.
        number: u64,
        /// How.
        fault: chain::Broken,
    },
}

impl DecisionLog {
    /// Appends what the close of a session has decided, unless that was done before. Returns how many records it made.
    ///
    /// All of them or none. What is as it was at an earlier close of the session makes no record; what has changed makes
    /// one that takes the earlier one's place; what is not decided any more, one that takes it back.
    ///
    /// # Errors
    /// When it cannot be saved. It may be called again, and does nothing twice; but it is to be carried to its end, since
    /// an append that nobody waits for any more may still be under way when the next one looks.
    pub async fn log(&self, store: &dyn Store, closed: &Closed) -> Result<usize, LogError> {
        let mut pen = self.pen.lock().await;
        self.read_on(store, &mut pen).await?;
        if self.read().is_logged(closed.session, closed.at) {
            return Ok(0);
        }
        let earlier = self.earlier(store, closed.session).await?;
        let (mut number, mut previous) = self.read().end();
        let mut entries = Vec::new();
        let changed = changed(records(closed), earlier, closed);
        for mut record in changed {
            number += 1;
            record.number = number;
            let (bytes, hash) = chain::seal(previous, &record);
            previous = hash;
            entries.push(bytes);
        }
        if entries.is_empty() {
            return Ok(0);
        }
        // Until the answer is here nobody knows whether it is in the log.
        pen.is_up = false;
        let count = entries.len();
        let positions = store.append(&LogId::decisions(), entries.clone()).await?;
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        for (position, bytes) in positions.into_iter().zip(entries) {
            // What was sealed a moment ago is what it is.
            let _ = index.add(position, &bytes);
        }
        pen.is_up = true;
        Ok(count)
    }

    /// The log in short, the newest first, from the one before `before`.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn list(
        &self,
        store: &dyn Store,
        before: Option<u64>,
        most: usize,
    ) -> Result<Vec<Listed>, LogError> {
        self.catch_up(store).await?;
        Ok(self.read().list(before).take(most).cloned().collect())
    }

    /// An entry by its number, and the number of the one that took its place.
    ///
    /// # Errors
    /// When the log cannot be read, or the entry is not what was written.
    pub async fn get(
        &self,
        store: &dyn Store,
        number: u64,
    ) -> Result<Option<(Entry, Option<u64>)>, LogError> {
        self.catch_up(store).await?;
        let Some((after, superseded)) = self.read().place(number) else { return Ok(None) };
        let found = store.read(&LogId::decisions(), after, 1).await?;
        let Some(stored) = found.first() else { return Ok(None) };
        let entry = chain::read(&stored.bytes).map_err(|fault| LogError::Broken { number, fault })?;
        Ok(Some((entry, superseded)))
    }

    /// Every entry, the first one first, each with the number of the one that took its place.
    ///
    /// # Errors
    /// When the log cannot be read, or an entry is not what was written.
    pub async fn all(&self, store: &dyn Store) -> Result<Vec<(Entry, Option<u64>)>, LogError> {
        self.catch_up(store).await?;
        let mut all = Vec::new();
        let mut after = Position::ZERO;
        loop {
            let page = store.read(&LogId::decisions(), after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(all) };
            after = last.position;
            for stored in &page {
                let number = all.len() as u64 + 1;
                let entry = chain::read(&stored.bytes).map_err(|fault| LogError::Broken { number, fault })?;
                let superseded = self.read().superseded(number);
                all.push((entry, superseded));
            }
        }
    }

    /// Reads on, unless somebody does already or appends: then what is known is told, or, the first time, waited for.
    async fn catch_up(&self, store: &dyn Store) -> Result<(), LogError> {
        let mut pen = match self.pen.try_lock() {
            Ok(pen) => pen,
            Err(_) if self.read().is_read() => return Ok(()),
            Err(_) => self.pen.lock().await,
        };
        self.read_on(store, &mut pen).await
    }

    /// Takes into the index what it does not know yet.
    async fn read_on(&self, store: &dyn Store, pen: &mut Pen) -> Result<(), LogError> {
        while !pen.is_up {
            let after = self.read().last();
            let page = store.read(&LogId::decisions(), after, PAGE).await?;
            pen.is_up = page.is_empty();
            let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
            if pen.is_up {
                index.has_ended();
            }
            for stored in page {
                if let Err(fault) = index.add(stored.position, &stored.bytes) {
                    let number = index.end().0;
                    tracing::error!(number, %fault, "{BROKEN}");
                }
            }
        }
        Ok(())
    }

    /// The records of a session that hold now: the last one of each project, unless it took back. One that is not what
    /// was written any more holds nothing, and keeps nobody from deciding.
    async fn earlier(&self, store: &dyn Store, session: SessionId) -> Result<Vec<Record>, LogError> {
        let numbers = self.read().standing(session);
        let mut earlier = Vec::with_capacity(numbers.len());
        for number in numbers {
            let Some((after, _)) = self.read().place(number) else { continue };
            let found = store.read(&LogId::decisions(), after, 1).await?;
            match found.first().map(|stored| chain::read(&stored.bytes)) {
                Some(Ok(entry)) => earlier.push(entry.record),
                Some(Err(fault)) => tracing::error!(number, %fault, "{BROKEN}"),
                None => {}
            }
        }
        Ok(earlier)
    }

    fn read(&self) -> RwLockReadGuard<'_, Index> {
        // Nothing that is done under this lock panics halfway.
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What of a close is new beside what holds already: further records, each with the number of the one whose place it
/// takes.
fn changed(now: Vec<Record>, earlier: Vec<Record>, closed: &Closed) -> Vec<Record> {
    let mut earlier: std::collections::BTreeMap<_, Record> =
        earlier.into_iter().map(|record| (record.project.id, record)).collect();
    let mut changed = Vec::new();
    for mut record in now {
        if let Some(before) = earlier.remove(&record.project.id) {
            if record.says_the_same(&before) {
                continue;
            }
            record.supersedes = Some(before.number);
        }
        changed.push(record);
    }
    changed.extend(earlier.into_values().map(|before| before.taken_back(closed)));
    for (n, record) in (1..).zip(&mut changed) {
        record.close.n = n;
    }
    changed
}

/// The hash of the last entry; zeros for a log without any.
pub fn head(entries: &[(Entry, Option<u64>)]) -> Hash {
    entries.last().map(|(entry, _)| entry.hash).unwrap_or_default()
}
