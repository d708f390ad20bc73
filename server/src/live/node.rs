//! One process's share of the work: the store, and the sessions that it runs.

use std::{
    collections::{HashMap, hash_map},
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use plumbline_shared::{ids::SessionId, wire::CloseCode};
use tokio::sync::{OwnedMutexGuard, mpsc, oneshot};
use uuid::Uuid;

use super::{
    ANSWERED_WITHIN, Connected, ConnectionId, INBOX, Line, Reply,
    load::{LoadError, Loaded, load},
    recent::Recent,
    request::{Admitted, Connect, End, Proposal, Request},
    run::Run,
};
use crate::{
    log::decisions::DecisionLog,
    metrics::Metrics,
    session::{
        Fault, Refusal, Session,
        entry::{Body, Entry, Founded, Origin},
    },
    store::{Condition, LogId, Position, Store, StoreError},
    webhooks::Webhooks,
    workspace::Workspace,
};

/// How often a request is sent anew to a session that was put away in the moment of asking.
const TRIES: usize = 3;

/// The store and the sessions that run here.
pub struct Node {
    store: Box<dyn Store>,
    origin: Origin,
    /// The sequence of the last entry that was proposed, in whatever log. One for all runs: an entry of an earlier
    /// run that gets into the log late is older than what a later run has proposed, and never takes its number.
    sequence: AtomicU64,
    connections: AtomicU64,
    sessions: Mutex<Sessions>,
    stopping: AtomicBool,
    decisions: DecisionLog,
    metrics: Arc<Metrics>,
    webhooks: Webhooks,
    /// The workspace, once it was read.
    workspace: OnceLock<Arc<Workspace>>,
    /// What was read of logs lately, where a store that is shared could go back to an older state.
    recent: Recent,
    /// The rules that all nodes knew when it was asked last.
    pub(super) common_rules: AtomicU32,
    /// Whether this process ends.
    pub(super) is_leaving: AtomicBool,
}

type Sessions = HashMap<SessionId, Place>;

/// A session's place among the running ones. The lock is held while it is loaded, so that it is loaded once, and
/// while it is erased, so that nobody loads what is going.
type Place = Arc<tokio::sync::Mutex<Option<Running>>>;

/// The ways to a running session.
#[derive(Clone)]
struct Running {
    inbox: mpsc::Sender<Request>,
    end: mpsc::Sender<End>,
}

/// A running session, for whoever wants something of it.
#[derive(Clone)]
pub struct SessionHandle {
    node: Arc<Node>,
    id: SessionId,
}

/// Why a session could not be reached.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// It cannot be run.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// It has more to do than it can.
    #[error("The session is busy or the server is stopping. Try again in a moment.")]
    Busy,
}

impl From<StoreError> for NodeError {
    fn from(error: StoreError) -> Self {
        Self::Load(error.into())
    }
}

impl Node {
    /// A node on a store.
    #[must_use]
    pub fn new(store: Box<dyn Store>) -> Arc<Self> {
        Arc::new(Self {
            store,
            origin: Origin(Uuid::now_v7()),
            sequence: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            sessions: Mutex::default(),
            stopping: AtomicBool::new(false),
            decisions: DecisionLog::default(),
            metrics: Arc::default(),
            webhooks: Webhooks::default(),
            workspace: OnceLock::new(),
            recent: Recent::default(),
            common_rules: AtomicU32::new(0),
            is_leaving: AtomicBool::new(false),
        })
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// What the closes of sessions have decided.
    #[must_use]
    pub fn decisions(&self) -> &DecisionLog {
        &self.decisions
    }

    /// What is counted of its work.
    #[must_use]
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.metrics
    }

    /// Who outside is told of what.
    #[must_use]
    pub fn webhooks(&self) -> &Webhooks {
        &self.webhooks
    }

    /// Whose sessions these are: closes that are carried out from now on are told to it.
    pub fn belongs_to(&self, workspace: Arc<Workspace>) {
        // It is opened once, before any session is.
        let _ = self.workspace.set(workspace);
    }

    /// The workspace, if this node has one.
    pub(super) fn workspace(&self) -> Option<&Workspace> {
        self.workspace.get().map(|workspace| &**workspace)
    }

    /// A session by its id. Whether there is one shows when it is asked something.
    #[must_use]
    pub fn session(self: &Arc<Self>, id: SessionId) -> SessionHandle {
        SessionHandle { node: Arc::clone(self), id }
    }

    /// Begins a session. It is in its log when this returns.
    ///
    /// # Errors
    /// When it cannot be saved.
    pub async fn found(&self, founded: Founded) -> Result<(), NodeError> {
        let log = LogId::session(founded.session.0);
        let entry = self.entry(Body::Founded(founded));
        self.store.append(&log, vec![entry.to_bytes()]).await?;
        Ok(())
    }

    /// Ends a session for good: its connections are told, and nothing of it is left in the store. It is to be carried
    /// to its end: a caller who may go away has it done in a task of its own.
    ///
    /// # Errors
    /// When it could not be erased; it is to be called again then.
    pub async fn erase(&self, id: SessionId) -> Result<(), NodeError> {
        let held = self.end(id, CloseCode::NoSuchSession).await;
        self.forget(id);
        let erased = self.store.erase(&LogId::session(id.0)).await;
        self.places().remove(&id);
        drop(held);
        Ok(erased?)
    }

    /// Takes up the sessions among these that were running when the last process ended without putting them away: what
    /// they owe, records of a close or the erasing of ballots, is done by whoever loads them.
    pub async fn take_up(self: &Arc<Self>, sessions: impl IntoIterator<Item = SessionId>) {
        for id in sessions {
            let log = LogId::session(id.0);
            let left = match (self.store.last(&log).await, self.store.snapshot_at(&log).await) {
                (Ok(last), Ok(snapshot)) => last > snapshot,
                (Err(error), _) | (_, Err(error)) => {
                    tracing::error!(%log, %error, "it cannot be seen whether this session owes anything");
                    continue;
                }
            };
            if !left {
                continue;
            }
            match self.session(id).ask(|_| ()).await {
                Ok(()) => {}
                Err(NodeError::Busy) if self.stopping.load(Ordering::Acquire) => return,
                Err(error) => tracing::error!(%log, %error, "this session cannot be taken up"),
            }
        }
    }

    /// Ends all sessions: connections are told that the server goes away, and snapshots are written. None is loaded
    /// from now on.
    pub async fn shut_down(self: &Arc<Self>) {
        let ids: Vec<SessionId> = {
            let places = self.places();
            self.stopping.store(true, Ordering::Release);
            places.keys().copied().collect()
        };
        let ends: Vec<_> = ids
            .into_iter()
            .map(|id| {
                let node = Arc::clone(self);
                tokio::spawn(async move {
                    let held = node.end(id, CloseCode::GoingAway).await;
                    node.places().remove(&id);
                    drop(held);
                })
            })
            .collect();
        for end in ends {
            // A task that panicked has logged it.
            let _ = end.await;
        }
    }

    /// Ends the run of a session, if there is one, and holds its place: nobody loads it until that is let go.
    async fn end(&self, id: SessionId, code: CloseCode) -> OwnedMutexGuard<Option<Running>> {
        loop {
            let place = Arc::clone(self.places().entry(id).or_default());
            let mut running = Arc::clone(&place).lock_owned().await;
            if let Some(Running { end, .. }) = running.clone() {
                let (done, ended) = oneshot::channel();
                if end.send(End { code, done }).await.is_ok() {
                    // A run that came to its end by itself says nothing.
                    let _ = ended.await;
                }
                *running = None;
            }
            // A run that ended by itself meanwhile has given up its place, and another may have begun elsewhere.
            if self.has(&self.places(), id, &place) {
                return running;
            }
        }
    }

    /// Has a session loaded anew in a moment, once the run that cannot go on has given up its place: what was lost is not
    /// to wait for somebody to look.
    pub(super) fn load_soon(self: &Arc<Self>, id: SessionId, wait: Duration) {
        let node = Arc::clone(self);
        tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            if let Err(error) = node.session(id).ask(|_| ()).await {
                tracing::error!(session = %id, %error, "the session cannot be loaded anew at the moment");
            }
        });
    }

    /// Who this node is in the logs.
    pub(super) fn origin(&self) -> Origin {
        self.origin
    }

    /// Remembers for a while what was read of a log.
    pub(super) fn remember(&self, id: SessionId, position: Position, bytes: Vec<u8>) {
        self.recent.remember(id, position, bytes);
    }

    /// Forgets what was read of a session that is erased.
    pub(super) fn forget(&self, id: SessionId) {
        self.recent.forget(id);
    }

    /// A run ends: nobody finds it any more, and what is sent to it from here on is told so. One step, so that there
    /// are never two runs of one session.
    pub(super) fn retire(&self, id: SessionId, inbox: &mut mpsc::Receiver<Request>) {
        let mut places = self.places();
        inbox.close();
        places.remove(&id);
    }

    /// An entry that says this, numbered.
    pub(super) fn entry(&self, body: Body) -> Entry {
        let sequence = self.sequence.fetch_add(1, Ordering::Relaxed) + 1;
        Entry { origin: self.origin, sequence, body }
    }

    /// The name of the next connection.
    pub(super) fn next_connection(&self) -> ConnectionId {
        ConnectionId(self.connections.fetch_add(1, Ordering::Relaxed))
    }

    fn places(&self) -> MutexGuard<'_, Sessions> {
        // Nothing that is done under this lock panics halfway.
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has(&self, places: &Sessions, id: SessionId, place: &Place) -> bool {
        places.get(&id).is_some_and(|current| Arc::ptr_eq(current, place))
    }

    /// The ways to a session, loading it if it does not run.
    async fn running(self: &Arc<Self>, id: SessionId) -> Result<Running, NodeError> {
        loop {
            let place = {
                let mut places = self.places();
                if self.stopping.load(Ordering::Acquire) {
                    return Err(NodeError::Busy);
                }
                match places.entry(id) {
                    hash_map::Entry::Occupied(place) => Arc::clone(place.get()),
                    hash_map::Entry::Vacant(place) => Arc::clone(place.insert(Place::default())),
                }
            };
            let mut running = Arc::clone(&place).lock_owned().await;
            {
                // Both under one lock, as in `retire`: a run that ends between the two questions would leave us with
                // a place that nobody else finds.
                let places = self.places();
                if !self.has(&places, id, &place) {
                    continue;
                }
                if let Some(running) = running.as_ref().filter(|running| !running.inbox.is_closed()) {
                    return Ok(running.clone());
                }
            }
            // To its end, however soon whoever asked goes away: what takes longer than they wait is there for the next one.
            let node = Arc::clone(self);
            let loading = tokio::spawn(async move {
                let loaded = match node.load(id).await {
                    Ok(loaded) => loaded,
                    Err(error) => {
                        node.places().remove(&id);
                        return Err(NodeError::from(error));
                    }
                };
                let (inbox, requests) = mpsc::channel(INBOX);
                let (end, ends) = mpsc::channel(1);
                tokio::spawn(Run::new(Arc::clone(&node), loaded).run(requests, ends));
                let ways = Running { inbox, end };
                *running = Some(ways.clone());
                Ok(ways)
            });
            return loading.await.unwrap_or_else(|_| {
                // It panicked, and its hook has told of it: the next one begins with a place of their own.
                self.places().remove(&id);
                Err(NodeError::Busy)
            });
        }
    }

    /// Loads a session. An entry that cannot be applied, and from which nobody has gone on (the process ended before
    /// it could say so), is voided.
    async fn load(&self, id: SessionId) -> Result<Loaded, LoadError> {
        let log = LogId::session(id.0);
        loop {
            match load(self.store(), &log).await {
                Err(LoadError::Fault {
                    position,
                    fault: fault @ (Fault::Document(_) | Fault::Disagreement(_)),
                    gone_on: false,
                }) => {
                    tracing::error!(%log, %position, %fault, "an entry cannot be applied and is voided");
                    let void = self.entry(Body::Voided { at: position.at, number: position.n });
                    self.store.append(&log, vec![void.to_bytes()]).await?;
                }
                Ok(loaded) => match self.recent.lost(&loaded.session) {
                    lost if lost.is_empty() => {
                        self.recent.remember_all(id, &loaded.read);
                        return Ok(loaded);
                    }
                    lost => self.propose_again(&log, loaded.session.position(), lost).await?,
                },
                other => return other,
            }
        }
    }

    /// The store went back to an older state: what this node has read of it and it does not hold any more is proposed
    /// again, under its first origin and sequence, so that several nodes may do so.
    async fn propose_again(&self, log: &LogId, at: Position, lost: Vec<Vec<u8>>) -> Result<(), StoreError> {
        tracing::error!(
            %log, end = %at, entries = lost.len(),
            "the store went back to an older state: what this node knows beyond it is proposed again"
        );
        // If it is not as we have read it any more, it is read again.
        self.store.append_if(log, Condition::Holds(at), lost).await.map(drop)
    }
}

impl SessionHandle {
    /// The session's id.
    #[must_use]
    pub fn id(&self) -> SessionId {
        self.id
    }

    /// Lets a connection in.
    ///
    /// # Errors
    /// When the session cannot be reached, or does not admit the token.
    pub async fn connect(
        &self,
        token: [u8; 32],
        typed: bool,
    ) -> Result<Result<Connected, Refusal>, NodeError> {
        let (admitted, inbox) =
            self.request(|reply| Request::Connect(Connect { token, typed, reply })).await?;
        Ok(admitted.map(|Admitted { id, outgoing, spent, places, frame }| Connected {
            line: Line { id, inbox, spent, places },
            outgoing,
            frame,
        }))
    }

    /// Appends something and tells what it came to, once it is durable.
    ///
    /// # Errors
    /// When the session cannot be reached.
    pub async fn propose(&self, body: Body) -> Result<Reply, NodeError> {
        let since = Instant::now();
        let proposal = |reply| Request::Propose(Proposal { body: body.clone(), since, reply });
        Ok(self.request(proposal).await?.0)
    }

    /// Reads the state.
    ///
    /// # Errors
    /// When the session cannot be reached.
    pub async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Session) -> T + Send + Clone + 'static,
    ) -> Result<T, NodeError> {
        let asked = |reply: oneshot::Sender<T>| {
            let question = question.clone();
            Request::Ask(Box::new(move |session| {
                // Whoever asked may have gone.
                let _ = reply.send(question(session));
            }))
        };
        Ok(self.request(asked).await?.0)
    }

    /// Sends a request and waits for its answer; anew if the session was put away just then. The answer, and the way
    /// to the run that gave it.
    async fn request<T>(
        &self,
        request: impl Fn(oneshot::Sender<T>) -> Request,
    ) -> Result<(T, mpsc::Sender<Request>), NodeError> {
        let asking = async {
            for _ in 0..TRIES {
                let Running { inbox, .. } = self.node.running(self.id).await?;
                let (reply, answer) = oneshot::channel();
                if inbox.send(request(reply)).await.is_ok()
                    && let Ok(answer) = answer.await
                {
                    return Ok((answer, inbox));
                }
            }
            Err(NodeError::Busy)
        };
        tokio::time::timeout(ANSWERED_WITHIN, asking).await.unwrap_or(Err(NodeError::Busy))
    }
}
