//! The workspace where several nodes share its log: each takes in what the others have appended before it answers, and
//! appends only behind what it knows.

use std::{
    collections::VecDeque,
    sync::PoisonError,
    time::{Duration, Instant},
};

use super::{
    Pen, Workspace, WorkspaceError,
    entry::{Body, Entry},
    state::State,
};
use crate::{
    codes::JoinCode,
    store::{Condition, LogId, Position, Store, StoreError},
};

/// Entries read at a time.
const PAGE: usize = 4_096;

/// How often an entry is put behind what others have appended meanwhile.
const TRIES: usize = 64;

/// How often it is looked whether an append of which no answer came has landed, before that is told.
const LOOKED_FOR: usize = 3;

/// How long own entries are remembered, in case the store goes back to an older state, and how many.
const REMEMBERED: Duration = Duration::from_secs(600);
const REMEMBERED_MOST: usize = 1_024;

/// How often a log is read that begins anew while it is read.
const READ_ANEW: usize = 8;

/// What this node has appended lately.
#[derive(Default)]
pub(super) struct Own(VecDeque<(Instant, u64, Vec<u8>)>);

impl Own {
    fn remember(&mut self, sequence: u64, bytes: Vec<u8>) {
        self.0.push_back((Instant::now(), sequence, bytes));
        while self.0.front().is_some_and(|(since, ..)| since.elapsed() > REMEMBERED)
            || self.0.len() > REMEMBERED_MOST
        {
            self.0.pop_front();
        }
    }
}

/// The state out of the log, and what it leaves to be erased.
pub(super) async fn fold(store: &dyn Store) -> Result<(State, Pen), WorkspaceError> {
    let log = LogId::workspace();
    for _ in 0..READ_ANEW {
        let (mut state, begun) = match store.snapshots(&log).await?.into_iter().next() {
            Some((at, bytes)) => (State::restore(&bytes)?, at),
            None => (State::default(), Position::ZERO),
        };
        let mut pen = Pen { last: begun, ..Pen::default() };
        loop {
            let page = store.read(&log, pen.last, PAGE).await?;
            let Some(last) = page.last() else { break };
            pen.last = last.position;
            for stored in &page {
                let entry = Entry::from_bytes(&stored.bytes)?;
                pen.note(&entry.body);
                state.apply(stored.position, &entry);
            }
        }
        // A snapshot that another node has written meanwhile may have taken entries with it that were not read yet.
        if store.shared().is_none() || store.snapshot_at(&log).await? == begun {
            return Ok((state, pen));
        }
    }
    let what = "it begins anew faster than it can be read".to_owned();
    Err(StoreError::Unreachable { place: "the store".to_owned(), what }.into())
}

impl Workspace {
    /// Whether the workspace is the same in two stores.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn same(one: &dyn Store, other: &dyn Store) -> Result<bool, WorkspaceError> {
        Ok(fold(one).await?.0 == fold(other).await?.0)
    }

    /// Takes in what other nodes have appended, where there are some.
    ///
    /// It may be given up at any moment, and goes on from there the next time.
    ///
    /// # Errors
    /// When the log cannot be read; what is known stays.
    pub async fn catch_up(&self, store: &dyn Store) -> Result<(), WorkspaceError> {
        if store.shared().is_none() {
            return Ok(());
        }
        let mut pen = self.pen.lock().await;
        self.read_on(store, &mut pen).await
    }

    async fn read_on(&self, store: &dyn Store, pen: &mut Pen) -> Result<(), WorkspaceError> {
        let log = LogId::workspace();
        loop {
            let page = store.read(&log, pen.last, PAGE).await?;
            let holds = match pen.last {
                Position::ZERO => store.snapshot_at(&log).await? == Position::ZERO,
                last => store.append_if(&log, Condition::Holds(last), Vec::new()).await?.is_some(),
            };
            if !holds {
                self.read_anew(store, pen).await?;
                continue;
            }
            let Some(last) = page.last() else {
                if !pen.went_back || self.say_again(store, pen).await? {
                    return Ok(());
                }
                continue;
            };
            let entries = page.iter().map(|stored| Ok((stored.position, Entry::from_bytes(&stored.bytes)?)));
            let entries = entries.collect::<Result<Vec<_>, WorkspaceError>>()?;
            let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
            for (position, entry) in entries {
                pen.note(&entry.body);
                state.apply(position, &entry);
            }
            pen.last = last.position;
        }
    }

    /// The log does not hold what we know of it: it began anew, or the store went back to an older state. It is folded
    /// from its beginning; what this node has appended and it does not hold any more is said again once it was read to its end.
    async fn read_anew(&self, store: &dyn Store, pen: &mut Pen) -> Result<(), WorkspaceError> {
        let (state, known) = fold(store).await?;
        // From here on whoever reads on knows that it is not over, however soon this call is given up.
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = state;
        (pen.last, pen.owes, pen.owes_requests) = (known.last, known.owes, known.owes_requests);
        pen.went_back = true;
        Ok(())
    }

    /// Says again what this node has appended and the log, read to its end, does not hold: under its first numbers, before
    /// anything else of this node's, whose number would make the lost ones old. Whether there was nothing. If others were
    /// first, it is to be read on and asked again.
    async fn say_again(&self, store: &dyn Store, pen: &mut Pen) -> Result<bool, WorkspaceError> {
        let seen = self.read().last_of(self.origin);
        let own = pen.own.0.iter().filter(|(_, sequence, _)| *sequence > seen);
        let lost: Vec<Vec<u8>> = own.map(|(.., bytes)| bytes.clone()).collect();
        if lost.is_empty() {
            pen.went_back = false;
            return Ok(true);
        }
        tracing::error!(
            entries = lost.len(),
            "the store went back to an older state: what this node has said of the workspace is proposed again"
        );
        store.append_if(&LogId::workspace(), Condition::Last(pen.last), lost).await?;
        Ok(false)
    }

    /// Appends behind everything there is, if it is `still` wanted then. Whether it was.
    pub(super) async fn append_behind(
        &self,
        store: &dyn Store,
        pen: &mut Pen,
        body: Body,
        still: impl Fn(&State) -> bool,
    ) -> Result<bool, WorkspaceError> {
        pen.sequence += 1;
        let mut entry = Entry { origin: self.origin, sequence: pen.sequence, body };
        let mut unanswered = 0;
        for _ in 0..TRIES {
            self.read_on(store, pen).await?;
            // One of which no answer came has landed.
            if self.read().last_of(self.origin) >= entry.sequence {
                pen.own.remember(entry.sequence, entry.to_bytes());
                return Ok(true);
            }
            if !still(&self.read()) {
                return Ok(false);
            }
            self.see_to_code(&mut entry.body);
            let bytes = entry.to_bytes();
            match store.append_if(&LogId::workspace(), Condition::Last(pen.last), vec![bytes.clone()]).await {
                Ok(Some(positions)) => {
                    let position = positions.first().copied().unwrap_or(pen.last);
                    pen.last = position;
                    pen.note(&entry.body);
                    pen.own.remember(entry.sequence, bytes);
                    self.state.write().unwrap_or_else(PoisonError::into_inner).apply(position, &entry);
                    return Ok(true);
                }
                Ok(None) => {}
                Err(error) if error.may_have_landed() && unanswered < LOOKED_FOR => unanswered += 1,
                Err(error) => return Err(error.into()),
            }
        }
        let what = "others are always first".to_owned();
        Err(StoreError::Unreachable { place: "the store".to_owned(), what }.into())
    }

    /// A code that another node has given meanwhile is replaced by one that is free.
    fn see_to_code(&self, body: &mut Body) {
        if let Body::Entered { session, code, .. } | Body::Coded { session, code } = body {
            while self.read().by_code(code).is_some_and(|other| other != *session) {
                *code = JoinCode::fresh().compact();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Arc;

    use plumbline_shared::ids::SessionId;
    use uuid::Uuid;

    use super::*;
    use crate::store::{RedisStore, redis::server::Server};

    fn id(n: u128) -> SessionId {
        SessionId(Uuid::from_u128(n))
    }

    #[tokio::test]
    async fn nodes_that_begin_at_once_have_one_key_and_one_record() {
        let server = Server::start().await;
        let mut nodes = Vec::new();
        for _ in 0..3 {
            nodes.push(Arc::new(RedisStore::open(&server.url()).await.unwrap()));
        }
        let opened =
            futures_util::future::join_all(nodes.iter().map(|store| Workspace::open(&**store, None))).await;
        let (workspaces, keys): (Vec<_>, Vec<_>) = opened.into_iter().map(Result::unwrap).unzip();
        let keys: Vec<_> = keys.into_iter().flatten().collect();
        assert_eq!(keys.len(), 1, "the key is made and shown once");
        let entering = workspaces.iter().zip(&nodes).enumerate().flat_map(|(n, (workspace, store))| {
            (0..20).map(move |m| async move {
                let title = format!("{n}-{m}");
                workspace
                    .enter(&**store, id((n * 100 + m + 1) as u128), &title, false, None, None)
                    .await
                    .unwrap();
            })
        });
        futures_util::future::join_all(entering).await;
        workspaces[0].strike(&*nodes[0], id(1)).await.unwrap();
        let code = workspaces[1].rotate_code(&*nodes[1], id(2)).await.unwrap();
        for (workspace, store) in workspaces.iter().zip(&nodes) {
            workspace.catch_up(&**store).await.unwrap();
            assert!(workspace.admits(&keys[0].hash()));
            assert_eq!(workspace.list(None, 1_000).len(), 59);
            assert_eq!(workspace.get(id(1)), None);
            assert_eq!(workspace.by_code(&code), Some(id(2)));
            assert_eq!(workspace.read().snapshot(), workspaces[0].read().snapshot());
        }
    }

    /// A server, and a replica of it that was cut off: what is appended from now on is lost once `fail_over` was called.
    async fn cut_off(server: &Server) -> Server {
        let other = Server::start().await;
        other.tell(&["REPLICAOF", "127.0.0.1", &server.port.to_string()]).await;
        other.follows(server).await;
        other.tell(&["REPLICAOF", "NO", "ONE"]).await;
        other
    }

    async fn fail_over(server: &Server, other: &Server) {
        server.tell(&["REPLICAOF", "127.0.0.1", &other.port.to_string()]).await;
        server.follows(other).await;
        server.tell(&["REPLICAOF", "NO", "ONE"]).await;
    }

    #[tokio::test]
    async fn what_the_store_has_lost_is_said_again_by_all_who_know_of_it() {
        let server = Server::start().await;
        let mut nodes = Vec::new();
        for _ in 0..3 {
            let store = RedisStore::open(&server.url()).await.unwrap();
            nodes.push((Workspace::open(&store, None).await.unwrap().0, store));
        }
        let enter = async |n: usize, of: u128| {
            let (workspace, store) = &nodes[n];
            workspace.enter(store, id(of), "a session", false, None, None).await.unwrap();
        };
        enter(0, 1).await;
        let other = cut_off(&server).await;
        for of in 2..=7 {
            enter(of as usize % 3, of).await;
        }
        let key = nodes[1].0.make_key(&nodes[1].1).await.unwrap();
        fail_over(&server, &other).await;
        // All have noticed it before the first of them says anything: what the others say then is refused.
        for (workspace, store) in &nodes {
            let mut pen = workspace.pen.lock().await;
            workspace.read_anew(store, &mut pen).await.unwrap();
        }
        for (workspace, store) in &nodes {
            let mut pen = workspace.pen.lock().await;
            assert!(!workspace.say_again(store, &mut pen).await.unwrap());
        }
        // And of the calls that come now some are given up in the middle.
        for patience in 0..12 {
            let impatient = nodes.iter().map(|(workspace, store)| {
                tokio::time::timeout(Duration::from_micros(100 << patience), workspace.catch_up(store))
            });
            futures_util::future::join_all(impatient).await;
        }
        for _ in 0..2 {
            for (workspace, store) in &nodes {
                workspace.catch_up(store).await.unwrap();
            }
        }
        let (afresh, _) = Workspace::open(&nodes[0].1, None).await.unwrap();
        for of in 1..=7 {
            assert!(afresh.get(id(of)).is_some(), "session {of} is lost");
        }
        assert!(afresh.admits(&key.hash()));
        for (workspace, _) in &nodes {
            assert_eq!(workspace.read().snapshot(), afresh.read().snapshot());
        }
        // And nothing of it is said a second time.
        let last = nodes[0].1.last(&LogId::workspace()).await.unwrap();
        for (workspace, store) in &nodes {
            workspace.catch_up(store).await.unwrap();
        }
        assert_eq!(nodes[0].1.last(&LogId::workspace()).await.unwrap(), last);
    }
}
