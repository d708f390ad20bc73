//! What was read of shared logs lately. A store of several machines may go back to an older state, by a failover to one
//! that had not everything or by a backup; what a node still knows is proposed again then.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use plumbline_shared::ids::SessionId;

use crate::{
    session::{Session, entry::Entry},
    store::{Position, Stored},
};

/// How long entries are remembered.
const REMEMBERED: Duration = Duration::from_secs(600);

/// How many bytes of entries of one session are remembered.
const BYTES: usize = 4 * 1024 * 1024;

/// With how many sessions those are looked for that have nothing to remember any more.
const SWEEP_AT: usize = 256;

#[derive(Default)]
pub(super) struct Recent(Mutex<HashMap<SessionId, Entries>>);

#[derive(Default)]
struct Entries {
    entries: VecDeque<(Instant, Position, Vec<u8>)>,
    bytes: usize,
}

impl Entries {
    fn let_go(&mut self) {
        while let Some((since, _, bytes)) = self.entries.front()
            && (self.bytes > BYTES || since.elapsed() > REMEMBERED)
        {
            self.bytes -= bytes.len();
            self.entries.pop_front();
        }
    }
}

impl Recent {
    fn all(&self) -> MutexGuard<'_, HashMap<SessionId, Entries>> {
        // Nothing that is done under this lock panics halfway.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn remember(&self, id: SessionId, position: Position, bytes: Vec<u8>) {
        let mut all = self.all();
        if all.len() >= SWEEP_AT && !all.contains_key(&id) {
            all.retain(|_, known| {
                known.let_go();
                !known.entries.is_empty()
            });
        }
        let known = all.entry(id).or_default();
        known.bytes += bytes.len();
        known.entries.push_back((Instant::now(), position, bytes));
        known.let_go();
    }

    /// Remembers what a log was loaded from, as far as it is not known already.
    pub(super) fn remember_all(&self, id: SessionId, entries: &[Stored]) {
        let known: BTreeSet<Position> =
            self.all().get(&id).into_iter().flat_map(|known| &known.entries).map(|(_, at, _)| *at).collect();
        for stored in entries.iter().filter(|stored| !known.contains(&stored.position)) {
            self.remember(id, stored.position, stored.bytes.clone());
        }
    }

    pub(super) fn forget(&self, id: SessionId) {
        self.all().remove(&id);
    }

    /// What is remembered and not in this state: its numbers are beyond what the state has seen of their origins. In the
    /// order in which it stood in the log.
    pub(super) fn lost(&self, session: &Session) -> Vec<Vec<u8>> {
        let all = self.all();
        let Some(known) = all.get(&session.id()) else { return Vec::new() };
        let is_lost = |bytes: &[u8]| {
            Entry::from_bytes(bytes).is_ok_and(|entry| entry.sequence > session.last_of(entry.origin))
        };
        let mut lost: Vec<&(Instant, Position, Vec<u8>)> =
            known.entries.iter().filter(|(_, _, bytes)| is_lost(bytes)).collect();
        lost.sort_by_key(|(_, position, _)| *position);
        lost.into_iter().map(|(_, _, bytes)| bytes.clone()).collect()
    }
}
