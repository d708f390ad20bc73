//! Appending to the log and reading on in it, where others may append as well: behind what is known, or not at all.

use std::sync::PoisonError;

use super::{BROKEN, DecisionLog, Index, LogError, PAGE};
use crate::{
    log::chain::{self, Hash},
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
    /// What was sealed for an append of which no answer has come: it is this node's if it is found in the log.
    unsure: Vec<Vec<u8>>,
    /// Once the log was found to hold less than was known of it: those of this node's entries that have not been seen in it
    /// since, until it is settled what becomes of them.
    unseen: Option<Vec<Hash>>,
}

impl Pen {
    fn remember(&mut self, own: Vec<u8>) {
        self.sealed.push(own);
        let too_many = self.sealed.len().saturating_sub(SEALED);
        self.sealed.drain(..too_many);
    }
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
                // Also if nobody waits for the answer any more.
                pen.unsure.clone_from(&entries);
                let appended = store.append_if(&LogId::decisions(), behind, entries.clone()).await;
                if appended.as_ref().err().is_none_or(|error| !error.may_have_landed()) {
                    pen.unsure.clear();
                }
                match appended? {
                    Some(positions) => positions,
                    None => return Ok(false),
                }
            }
        };
        if store.shared().is_some() {
            entries.iter().for_each(|bytes| pen.remember(bytes.clone()));
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
    pub(crate) async fn catch_up(&self, store: &dyn Store) -> Result<(), LogError> {
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
                tracing::error!("the store went back to an older state of the decision log: it is read anew");
                // Both at once: whoever reads on after this call was given up knows that it is not over.
                *self.index.write().unwrap_or_else(PoisonError::into_inner) = Index::default();
                pen.unseen = Some(pen.sealed.iter().map(|bytes| chain::claimed(bytes)).collect());
                continue;
            }
            if page.is_empty() {
                let lost = self.lost(pen);
                if !lost.is_empty() {
                    tracing::error!(
                        entries = lost.len(),
                        "what this node has written beyond it is appended again"
                    );
                    // Read like any other's then, and asked again if another node was first.
                    store.append_if(&LogId::decisions(), Condition::Last(after), lost).await?;
                    continue;
                }
            }
            pen.is_up = page.is_empty();
            let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
            if pen.is_up {
                index.has_ended();
            }
            for stored in page {
                if let Some(found) = pen.unsure.iter().position(|own| *own == stored.bytes) {
                    let own = pen.unsure.remove(found);
                    pen.remember(own);
                }
                if let Some(unseen) = &mut pen.unseen {
                    unseen.retain(|own| *own != chain::claimed(&stored.bytes));
                }
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

    /// What this node has sealed and the log, read to its end, does not hold, as far as it follows what is there. What follows
    /// something of another node's waits until that one has brought it; once another entry stands in its place, it is told.
    fn lost(&self, pen: &mut Pen) -> Vec<Vec<u8>> {
        let Some(unseen) = &pen.unseen else { return Vec::new() };
        let (mut end, mut head) = self.read().end();
        let (mut lost, mut last) = (Vec::new(), 0);
        for bytes in &pen.sealed {
            let Ok(entry) = chain::read(bytes) else { continue };
            last = entry.content.number();
            if chain::follows(&entry, end + 1, head).is_ok() {
                (end, head) = (last, entry.hash);
                lost.push(bytes.clone());
            }
        }
        if lost.is_empty() && last <= end {
            if !unseen.is_empty() {
                tracing::error!(
                    entries = unseen.len(),
                    "entries of the decision log that this node has written are lost: others went on without them"
                );
            }
            pen.unseen = None;
        }
        lost
    }
}
