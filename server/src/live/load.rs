//! A session's state out of its log: the newest snapshot that reads, and the entries after it.

use std::{
    collections::{BTreeSet, VecDeque},
    panic::{AssertUnwindSafe, catch_unwind},
};

use plumbline_shared::ids::SessionId;

use super::closes::closed_by;
use crate::{
    log::record::Closed,
    session::{
        Fault, Outcome, Session, SnapshotError,
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
    #[error("this session's log cannot be read at {position}: {fault}")]
    Fault {
        /// The entry that cannot be applied.
        position: Position,
        /// Why.
        fault: Fault,
        /// Whether somebody went on from it: then it was applied once, and it is not for us to give it up.
        gone_on: bool,
    },
}

/// A session that was loaded.
pub(super) struct Loaded {
    pub(super) session: Session,
    /// How many entries were applied on top of the snapshot.
    pub(super) tail: u64,
    /// The closes among them, each with the board as it was then: their records may be owed.
    pub(super) closes: VecDeque<Closed>,
    /// The entries themselves, where the store is shared and could go back to an older state.
    pub(super) read: Vec<Stored>,
}

/// Entries read at a time.
const PAGE: usize = 4_096;

/// Folds a session's log.
pub(super) async fn load(store: &dyn Store, log: &LogId) -> Result<Loaded, LoadError> {
    fold(store, log, None).await
}

/// A session as its log has it, to be looked at. Nothing is changed: an entry that cannot be applied is a fault here.
///
/// # Errors
/// When the log cannot be read or folded, or there is none.
pub async fn read(store: &dyn Store, id: SessionId) -> Result<Session, LoadError> {
    Ok(load(store, &LogId::session(id.0)).await?.session)
}

/// Folds a session's log as far as the entry before `end`.
pub(super) async fn load_before(store: &dyn Store, log: &LogId, end: Position) -> Result<Loaded, LoadError> {
    fold(store, log, Some(end)).await
}

async fn fold(store: &dyn Store, log: &LogId, end: Option<Position>) -> Result<Loaded, LoadError> {
    let mut begun = store.snapshot_at(log).await?;
    let (mut state, entries) = loop {
        let state = newest(store, log, end).await?;
        let entries = tail(store, log, state.as_ref().map_or(Position::ZERO, Session::position)).await?;
        // A snapshot that another node has written meanwhile may have taken entries with it that were not read yet.
        let now = if store.shared().is_some() { store.snapshot_at(log).await? } else { begun };
        if now == begun {
            break (state, entries);
        }
        begun = now;
    };
    let after = state.as_ref().map_or(Position::ZERO, Session::position);
    let last = entries.last().map_or(after, |stored| stored.position);
    let voided = voided(&entries);
    let read = if store.shared().is_some() { entries.clone() } else { Vec::new() };
    let mut tail = 0;
    let mut closes = VecDeque::new();
    for Stored { position, bytes } in entries {
        if end.is_some_and(|end| position >= end) {
            break;
        }
        tail += 1;
        let failed = |fault| LoadError::Fault { position, fault, gone_on: last.at > position.at };
        let entry = match Entry::from_bytes(&bytes) {
            Ok(entry) => entry,
            // What cannot even be read says nothing, its number included.
            Err(_) if voided.contains(&position) => continue,
            Err(error) => return Err(failed(error.into())),
        };
        match &mut state {
            None => state = Some(Session::found(position, &entry).map_err(failed)?.0),
            Some(session) if voided.contains(&position) => session.pass_over(position, &entry),
            Some(session) => {
                let outcome = apply(session, position, &entry).map_err(failed)?;
                closes.extend(closed_by(session, position, &outcome));
            }
        }
    }
    let session = state.ok_or(LoadError::Unknown)?;
    Ok(Loaded { session, tail, closes, read })
}

/// The newest snapshot first; should one not read, the older one and the entries that were kept for it do.
async fn newest(store: &dyn Store, log: &LogId, end: Option<Position>) -> Result<Option<Session>, LoadError> {
    for (position, bytes) in store.snapshots(log).await? {
        if end.is_some_and(|end| position >= end) {
            continue;
        }
        match Session::restore(&bytes) {
            Ok(session) => return Ok(Some(session)),
            // No older one would do: the log goes on under these rules.
            Err(SnapshotError::Rules(rules)) => {
                return Err(LoadError::Fault { position, fault: Fault::Rules(rules), gone_on: true });
            }
            Err(error) => {
                tracing::error!(%log, %position, %error, "a snapshot cannot be read, going back further");
            }
        }
    }
    Ok(None)
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
