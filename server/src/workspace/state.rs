//! The fold of the workspace's log.

use std::collections::BTreeMap;

use plumbline_shared::ids::SessionId;

use super::entry::{Body, Entry};
use crate::{session::entry::Origin, store::Position, tokens::TokenHash};

/// What the workspace knows of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its id.
    pub session: SessionId,
    /// Its title.
    pub title: String,
    /// Its code, in one piece.
    pub code: String,
    /// When it was founded, in milliseconds since 1970.
    pub founded_at: u64,
}

/// The state of the workspace.
#[derive(Default)]
pub(super) struct State {
    key: Option<TokenHash>,
    sessions: BTreeMap<SessionId, Record>,
    codes: BTreeMap<String, SessionId>,
    seen: BTreeMap<Origin, u64>,
}

impl State {
    pub(super) fn apply(&mut self, position: Position, entry: &Entry) {
        let seen = self.seen.entry(entry.origin).or_insert(0);
        if entry.sequence <= *seen {
            return;
        }
        *seen = entry.sequence;
        match &entry.body {
            Body::Keyed { key } => self.key = Some(*key),
            Body::Entered { session, title, code } => {
                let record = Record {
                    session: *session,
                    title: title.clone(),
                    code: code.clone(),
                    founded_at: position.at,
                };
                self.codes.insert(code.clone(), *session);
                self.sessions.insert(*session, record);
            }
            Body::Coded { session, code } => {
                if let Some(record) = self.sessions.get_mut(session) {
                    self.codes.remove(&record.code);
                    record.code.clone_from(code);
                    self.codes.insert(code.clone(), *session);
                }
            }
            Body::Struck { session } => {
                if let Some(record) = self.sessions.remove(session) {
                    self.codes.remove(&record.code);
                }
            }
        }
    }

    pub(super) fn has_key(&self) -> bool {
        self.key.is_some()
    }

    pub(super) fn admits(&self, key: &TokenHash) -> bool {
        // `TokenHash` compares in constant time.
        self.key.as_ref() == Some(key)
    }

    pub(super) fn get(&self, session: SessionId) -> Option<&Record> {
        self.sessions.get(&session)
    }

    pub(super) fn by_code(&self, code: &str) -> Option<SessionId> {
        self.codes.get(code).copied()
    }

    /// Ids are UUIDs of version 7, so that their order is that of age.
    pub(super) fn list(&self, after: Option<SessionId>) -> impl Iterator<Item = &Record> {
        self.sessions
            .iter()
            .rev()
            .filter(move |(id, _)| after.is_none_or(|after| **id < after))
            .map(|(_, record)| record)
    }
}
