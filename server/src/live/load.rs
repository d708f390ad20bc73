//! A session's state out of its log: the newest snapshot that reads, and the entries after it.

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
};

use crate::{
    session::{
        Fault, Outcome, Session,
        entry::{Body, Entry},
    },
    store::{LogId, Position, Store, StoreError, Stored},
};

/// Why a session cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// There is no such session.
    #[error("There is no such session.")]
    Unknown,
    /// The log cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log cannot be folded.
    #[error("This session's log cannot be read: {0}")]
    Fault(#[from] Fault),
}

/// Entries read at a time.
const PAGE: usize = 4_096;

/// Folds a session's log.
pub(super) async fn load(store: &dyn Store, log: &LogId) -> Result<Session, LoadError> {
    let mut snapshots = store.snapshots(log).await?.into_iter();
    // The newest snapshot first; should one not read, the older one and the entries that were kept for it do.
    let mut state = loop {
        match snapshots.next() {
            None => break None,
            Some((position, bytes)) => match Session::restore(&bytes) {
                Ok(session) => break Some(session),
                Err(error) => {
                    tracing::error!(%log, %position, %error, "a snapshot cannot be read, going back further")
                }
            },
        }
    };
    let after = state.as_ref().map_or(Position::ZERO, Session::position);
    let entries = tail(store, log, after).await?;
    let voided = voided(&entries);
    for stored in entries {
        if voided.contains(&stored.position) {
            continue;
        }
        let entry = Entry::from_bytes(&stored.bytes).map_err(Fault::from)?;
        match &mut state {
            None => state = Some(Session::found(stored.position, &entry)?.0),
            Some(session) => {
                apply(session, stored.position, &entry)?;
            }
        }
    }
    state.ok_or(LoadError::Unknown)
}

/// Applies an entry. A panic is a fault like any other: the state is not used again.
pub(super) fn apply(session: &mut Session, position: Position, entry: &Entry) -> Result<Outcome, Fault> {
    catch_unwind(AssertUnwindSafe(|| session.apply(position, entry)))
        .unwrap_or_else(|_| Err(Fault::Document("it panicked".to_owned())))
}

async fn tail(store: &dyn Store, log: &LogId, mut after: Position) -> Result<Vec<Stored>, StoreError> {
    let mut entries = Vec::new();
    loop {
        let page = store.read(log, after, PAGE).await?;
        match page.last() {
            None => return Ok(entries),
            Some(last) => after = last.position,
        }
        entries.extend(page);
    }
}

/// The positions of entries that later ones say count for nothing.
fn voided(entries: &[Stored]) -> BTreeSet<Position> {
    entries
        .iter()
        .filter_map(|stored| match Entry::from_bytes(&stored.bytes).ok()?.body {
            Body::Voided { at, number } => Some(Position { at, n: number }),
            _ => None,
        })
        .collect()
}
