//! The workspace: one organisation's lasting record of its sessions, their codes and the key that opens it. A log
//! like a session's, folded the same way.

mod entry;
pub mod intake;
pub mod keys;
mod nodes;
mod state;

use std::{
    collections::BTreeSet,
    sync::{PoisonError, RwLock, RwLockReadGuard},
};

use plumbline_shared::ids::SessionId;
use tokio::sync::Mutex;
use uuid::Uuid;

pub use state::Record;

use crate::{
    codes::JoinCode,
    session::entry::Origin,
    store::{LogId, Position, Store, StoreError},
    tokens::{Token, TokenHash, TokenKind},
};
pub use entry::Checked;
use entry::{Body, Entry, EntryError};
use state::State;

/// The running workspace.
pub struct Workspace {
    origin: Origin,
    /// Whether the key was given at the start: then it is changed there.
    given: bool,
    state: RwLock<State>,
    /// Held by whoever appends.
    pen: Mutex<Pen>,
    /// Held by whoever begins the log anew: each time from a later state than the time before.
    forgetting: Mutex<()>,
}

/// What whoever appends has to know.
#[derive(Default)]
struct Pen {
    /// The sequence of the last entry.
    sequence: u64,
    /// Where the last entry stands.
    last: Position,
    /// Sessions that were struck and whose title and code may still stand in the log.
    owes: BTreeSet<SessionId>,
    /// Requests that were erased and that may still stand in the log.
    owes_requests: BTreeSet<u64>,
    /// What this node has appended lately, where others append as well.
    own: nodes::Own,
    /// Whether the log was found to hold less than was known of it, and it has not been made sure yet that it holds what this
    /// node has appended.
    went_back: bool,
}

impl Pen {
    /// Notes what an entry leaves to be erased.
    fn note(&mut self, body: &Body) {
        match body {
            Body::Struck { session } => {
                self.owes.insert(*session);
            }
            Body::RequestErased { number } => {
                self.owes_requests.insert(*number);
            }
            _ => {}
        }
    }

    /// Whether anything is left to be erased.
    fn owes_any(&self) -> bool {
        !self.owes.is_empty() || !self.owes_requests.is_empty()
    }
}

/// Why the workspace cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// Its log cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Its log is damaged, or a newer release's.
    #[error("the workspace's log cannot be read: {0}")]
    Entry(#[from] EntryError),
}

impl Workspace {
    /// Opens the workspace. Makes its key when there is none yet, or takes on the one that is given; a key that was
    /// made is returned, this once.
    ///
    /// # Errors
    /// When the log cannot be read or written.
    pub async fn open(
        store: &dyn Store,
        given: Option<&Token>,
    ) -> Result<(Self, Option<Token>), WorkspaceError> {
        let (state, pen) = nodes::fold(store).await?;
        let workspace = Self {
            origin: Origin(Uuid::now_v7()),
            given: given.is_some(),
            state: RwLock::new(state),
            pen: Mutex::new(pen),
            forgetting: Mutex::default(),
        };
        {
            // Somebody was in the middle of it when the last process ended. What is in the way, a backup that reads or a
            // full disk, is no reason to keep everybody from their sessions: it is owed on, and can be asked for again.
            if let Err(error) = workspace.forget(store).await {
                tracing::error!(%error, "an erasure could not be finished: delete the session, or the request, again");
            }
        }
        let made = match given {
            Some(given) if workspace.admits(&given.hash()) => None,
            Some(given) => {
                workspace.append(store, Body::Keyed { key: given.hash() }).await?;
                None
            }
            None if workspace.read().has_key() => None,
            None => {
                let made = Token::fresh(TokenKind::Workspace);
                let body = Body::Keyed { key: made.hash() };
                // Of nodes that begin at once, one makes the key.
                workspace.append_if(store, body, |state| !state.has_key()).await?.then_some(made)
            }
        };
        Ok((workspace, made))
    }

    /// Whether a token is the workspace's key.
    #[must_use]
    pub fn admits(&self, key: &TokenHash) -> bool {
        self.read().admits(key)
    }

    /// Whether its key was given at the start, and is back with the next one, whatever is made meanwhile.
    #[must_use]
    pub fn is_key_given(&self) -> bool {
        self.given
    }

    /// Makes a new key; the old one is dead at once.
    ///
    /// # Errors
    /// When it cannot be saved.
    pub async fn make_key(&self, store: &dyn Store) -> Result<Token, WorkspaceError> {
        let made = Token::fresh(TokenKind::Workspace);
        self.append(store, Body::Keyed { key: made.hash() }).await?;
        Ok(made)
    }

    /// Enters a session, with a code that no other one has.
    ///
    /// # Errors
    /// When it cannot be saved.
    pub async fn enter(
        &self,
        store: &dyn Store,
        session: SessionId,
        title: &str,
        demonstration: bool,
        template: Option<String>,
        checks: Option<SessionId>,
    ) -> Result<Record, WorkspaceError> {
        let code = self.free_code();
        let (title, code) = (title.to_owned(), code.compact());
        let body =
            Body::Entered { session, title, code, demonstration, template, checks: checks.map(Checked) };
        self.append(store, body).await?;
        Ok(self.get(session).expect("it was just entered"))
    }

    /// Gives a session another code; the old one is dead at once.
    ///
    /// # Errors
    /// When it cannot be saved.
    pub async fn rotate_code(
        &self,
        store: &dyn Store,
        session: SessionId,
    ) -> Result<JoinCode, WorkspaceError> {
        let code = self.free_code();
        self.append(store, Body::Coded { session, code: code.compact() }).await?;
        // Where others give codes as well, it may have become another one.
        let given = self.get(session).and_then(|record| JoinCode::parse(&record.code).ok());
        Ok(given.unwrap_or(code))
    }

    /// Takes a session out of the record, and out of the log: neither its title nor its code is left.
    ///
    /// # Errors
    /// When it cannot be saved, or not be erased; it is to be called again then.
    pub async fn strike(&self, store: &dyn Store, session: SessionId) -> Result<(), WorkspaceError> {
        if self.get(session).is_some() {
            self.append(store, Body::Struck { session }).await?;
        }
        self.forget(store).await
    }

    /// Whether this session was struck and something of it is left: an erasure that failed and is to be asked for again.
    pub async fn owes(&self, session: SessionId) -> bool {
        self.pen.lock().await.owes.contains(&session)
    }

    /// Begins the log anew with what is known now, if something is owed. The pen is free meanwhile, for a store that writes its
    /// files anew takes its time; what is appended then comes after it.
    async fn forget(&self, store: &dyn Store) -> Result<(), WorkspaceError> {
        let _alone = self.forgetting.lock().await;
        let (at, bytes, sessions, requests) = {
            let pen = self.pen.lock().await;
            if !pen.owes_any() {
                return Ok(());
            }
            (pen.last, self.read().snapshot(), pen.owes.clone(), pen.owes_requests.clone())
        };
        // Where another one has begun it anew from a later state, these are gone by that.
        store.begin_anew(&LogId::workspace(), at, bytes).await?;
        let mut pen = self.pen.lock().await;
        pen.owes.retain(|session| !sessions.contains(session));
        pen.owes_requests.retain(|number| !requests.contains(number));
        Ok(())
    }

    /// A session's record.
    #[must_use]
    pub fn get(&self, session: SessionId) -> Option<Record> {
        self.read().get(session).cloned()
    }

    /// The session with this code.
    #[must_use]
    pub fn by_code(&self, code: &JoinCode) -> Option<SessionId> {
        self.read().by_code(&code.compact())
    }

    /// All sessions, the newest first, from the one after `after`.
    #[must_use]
    pub fn list(&self, after: Option<SessionId>, most: usize) -> Vec<Record> {
        self.read().list(after).take(most).cloned().collect()
    }

    fn free_code(&self) -> JoinCode {
        loop {
            let code = JoinCode::fresh();
            if self.by_code(&code).is_none() {
                return code;
            }
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        // Nothing that is done under this lock panics halfway.
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends, then applies: one at a time, so that the state is that of the log.
    async fn append(&self, store: &dyn Store, body: Body) -> Result<(), WorkspaceError> {
        self.append_if(store, body, |_| true).await.map(drop)
    }

    /// The same if it is `still` wanted behind everything that others have appended. Whether it was.
    async fn append_if(
        &self,
        store: &dyn Store,
        body: Body,
        still: impl Fn(&State) -> bool,
    ) -> Result<bool, WorkspaceError> {
        let mut pen = self.pen.lock().await;
        if store.shared().is_some() {
            return self.append_behind(store, &mut pen, body, still).await;
        }
        pen.sequence += 1;
        let entry = Entry { origin: self.origin, sequence: pen.sequence, body };
        let positions = store.append(&LogId::workspace(), vec![entry.to_bytes()]).await?;
        if let Some(position) = positions.first() {
            pen.last = *position;
            pen.note(&entry.body);
            self.state.write().unwrap_or_else(PoisonError::into_inner).apply(*position, &entry);
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::store::SqliteStore;

    #[tokio::test]
    async fn an_erasure_that_cannot_be_finished_is_owed_and_keeps_nobody_out() {
        let directory = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(directory.path()).unwrap();
        let (struck, other) = (SessionId(Uuid::from_u128(1)), SessionId(Uuid::from_u128(2)));
        // The process ended between the two.
        let entry =
            Entry { origin: Origin(Uuid::from_u128(9)), sequence: 1, body: Body::Struck { session: struck } };
        store.append(&LogId::workspace(), vec![entry.to_bytes()]).await.unwrap();
        // Another process in the middle of reading: a backup.
        let reader = rusqlite::Connection::open(directory.path().join("plumbline.db")).unwrap();
        reader.execute_batch("BEGIN; SELECT count(*) FROM logs;").unwrap();

        let (workspace, _) = Workspace::open(&store, None).await.unwrap();
        assert!(workspace.owes(struck).await);
        assert!(!workspace.owes(other).await, "of a session that never was nothing is left");
        assert!(workspace.strike(&store, struck).await.is_err());
        reader.execute_batch("COMMIT").unwrap();
        workspace.strike(&store, struck).await.unwrap();
        assert!(!workspace.owes(struck).await);
    }
}
