//! Appending to the log and reading on in it, where others may append as well: behind what is known, or not at all.

use std::sync::PoisonError;

use super::{BROKEN, DecisionLog, Index, LogError, PAGE};
use crate::{
    log::chain::{self, Entry},
    store::{Condition, LogId, Position, Store, StoreError},
};

/// How many entries that were sealed here are remembered.
const SEALED: usize = 2_048;

#[derive(Default)]
pub(super) struct Pen {
    /// Whether everything in the store's log is in the index. Not before it was read, and not after an append of which
    /// the answer got lost.
    is_up: bool,
    /// What this node has sealed lately, where others append as well.
    sealed: Vec<Vec<u8>>,
}

impl DecisionLog {
    /// Appends what was sealed behind what is known of the log, and takes it into the index. Not if another node was
    /// first: then it is to be sealed anew.
    pub(super) async fn append(
        &self,
        store: &dyn Store,
        pen: &mut Pen,
        entries: Vec<Vec<u8>>,
    ) -> Result<bool, StoreError> {
        // Until the answer is here nobody knows whether it is in the log.
        pen.is_up = false;
        let positions = match store.shared() {
            None => store.append(&LogId::decisions(), entries.clone()).await?,
            Some(_) => {
                let behind = Condition::Last(self.read().last());
                match store.append_if(&LogId::decisions(), behind, entries.clone()).await? {
                    Some(positions) => positions,
                    None => return Ok(false),
                }
            }
        };
        if store.shared().is_some() {
            pen.sealed.extend(entries.iter().cloned());
            let too_many = pen.sealed.len().saturating_sub(SEALED);
            pen.sealed.drain(..too_many);
        }
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        for (position, bytes) in positions.into_iter().zip(entries) {
            // What was sealed a moment ago is what it is.
            let _ = index.add(position, &bytes);
        }
        pen.is_up = true;
        self.grown.notify_one();
        Ok(true)
    }

    /// Reads on, unless somebody does already or appends: then what is known is told, or, the first time, waited for.
    pub(super) async fn catch_up(&self, store: &dyn Store) -> Result<(), LogError> {
        let mut pen = match self.pen.try_lock() {
            Ok(pen) => pen,
            Err(_) if self.read().is_read() => return Ok(()),
            Err(_) => self.pen.lock().await,
        };
        self.read_on(store, &mut pen).await
    }

    /// Takes into the index what it does not know yet.
    pub(super) async fn read_on(&self, store: &dyn Store, pen: &mut Pen) -> Result<(), LogError> {
        // Others append, too.
        pen.is_up &= store.shared().is_none();
        while !pen.is_up {
            let after = self.read().last();
            let page = store.read(&LogId::decisions(), after, PAGE).await?;
            if store.shared().is_some() && after != Position::ZERO && !self.holds(store, after).await? {
                self.read_anew(store, pen).await?;
                continue;
            }
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

    async fn holds(&self, store: &dyn Store, at: Position) -> Result<bool, StoreError> {
        Ok(store.append_if(&LogId::decisions(), Condition::Holds(at), Vec::new()).await?.is_some())
    }

    /// The store went back to an older state: the log is read from its beginning. What this node has sealed and it does
    /// not hold any more is appended again, if it follows what is there; if others went on without it, it is told.
    async fn read_anew(&self, store: &dyn Store, pen: &mut Pen) -> Result<(), LogError> {
        tracing::error!("the store went back to an older state of the decision log: it is read anew");
        *self.index.write().unwrap_or_else(PoisonError::into_inner) = Index::default();
        loop {
            let after = self.read().last();
            let page = store.read(&LogId::decisions(), after, PAGE).await?;
            if page.is_empty() {
                break;
            }
            let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
            for stored in page {
                let _ = index.add(stored.position, &stored.bytes);
            }
        }
        let (end, head) = self.read().end();
        let sealed: Vec<(Entry, Vec<u8>)> =
            pen.sealed.iter().filter_map(|bytes| Some((chain::read(bytes).ok()?, bytes.clone()))).collect();
        let Some(first) = sealed.iter().position(|(entry, _)| entry.previous == head) else {
            if sealed.last().is_some_and(|(entry, _)| entry.content.number() > end) {
                tracing::error!(
                    "entries of the decision log that this node has written are lost: others went on without them"
                );
            }
            return Ok(());
        };
        let lost = sealed.into_iter().skip(first).map(|(_, bytes)| bytes).collect::<Vec<_>>();
        tracing::error!(entries = lost.len(), "what this node has written beyond it is appended again");
        let behind = Condition::Last(self.read().last());
        // If another node was first, it has done the same.
        store.append_if(&LogId::decisions(), behind, lost).await?;
        Ok(())
    }
}
