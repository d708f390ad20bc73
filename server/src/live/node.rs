//! One process's share of the work: the store, and the sessions that it runs.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use axum::body::Bytes;
use plumbline_shared::{ids::SessionId, wire::CloseCode};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::{
    Connect, Connected, ConnectionId, INBOX, Proposal, Reply,
    append::append,
    load::{LoadError, load},
    run::{Request, Run},
};
use crate::{
    session::{
        Refusal, Session,
        entry::{Body, Entry, Founded, Origin},
    },
    store::{LogId, Store, StoreError},
};

/// How often a request is sent anew to a session that was put away in the moment of asking.
const TRIES: usize = 3;

/// The store and the sessions that run here.
pub struct Node {
    store: Box<dyn Store>,
    origin: Origin,
    sessions: Mutex<HashMap<SessionId, Arc<Place>>>,
}

/// A session's place among the running ones. The lock is held while it is loaded, so that it is loaded once.
#[derive(Default)]
struct Place {
    inbox: tokio::sync::Mutex<Option<mpsc::Sender<Request>>>,
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
        Arc::new(Self { store, origin: Origin(Uuid::now_v7()), sessions: Mutex::default() })
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// Who this run of this process is, in logs.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.origin
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
        let entry = Entry { origin: self.origin, sequence: 1, body: Body::Founded(founded) };
        append(self.store(), &log, vec![entry.to_bytes()]).await?;
        Ok(())
    }

    /// Ends a session for good: its connections are told, and nothing of it is left in the store.
    ///
    /// # Errors
    /// When it could not be erased; it is to be called again then.
    pub async fn erase(self: &Arc<Self>, id: SessionId) -> Result<(), NodeError> {
        self.end(id, CloseCode::NoSuchSession).await;
        self.store.erase(&LogId::session(id.0)).await?;
        Ok(())
    }

    /// Ends all sessions: connections are told that the server goes away, and snapshots are written.
    pub async fn shut_down(self: &Arc<Self>) {
        let ids: Vec<SessionId> = self.places().keys().copied().collect();
        let ends: Vec<_> = ids
            .into_iter()
            .map(|id| {
                let node = Arc::clone(self);
                tokio::spawn(async move { node.end(id, CloseCode::GoingAway).await })
            })
            .collect();
        for end in ends {
            // A task that panicked has logged it.
            let _ = end.await;
        }
    }

    async fn end(self: &Arc<Self>, id: SessionId, code: CloseCode) {
        let place = self.places().get(&id).cloned();
        let Some(place) = place else { return };
        let inbox = place.inbox.lock().await.clone();
        if let Some(inbox) = inbox {
            let (done, wait) = oneshot::channel();
            if inbox.send(Request::End(code, done)).await.is_ok() {
                let _ = wait.await;
            }
        }
    }

    /// A run ends: nobody finds it any more, and what is sent to it from here on is told so. One step, so that there
    /// are never two runs of one session.
    pub(super) fn retire(&self, id: SessionId, inbox: &mut mpsc::Receiver<Request>) {
        let mut places = self.places();
        inbox.close();
        places.remove(&id);
    }

    fn places(&self) -> MutexGuard<'_, HashMap<SessionId, Arc<Place>>> {
        // Nothing that is done under this lock panics halfway.
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The inbox of a session, loading it if it does not run.
    async fn inbox(self: &Arc<Self>, id: SessionId) -> Result<mpsc::Sender<Request>, NodeError> {
        loop {
            let place = Arc::clone(self.places().entry(id).or_default());
            let mut inbox = place.inbox.lock().await;
            if !self.places().get(&id).is_some_and(|current| Arc::ptr_eq(current, &place)) {
                // The run that had this place ended while we waited for it.
                continue;
            }
            if let Some(inbox) = inbox.as_ref().filter(|inbox| !inbox.is_closed()) {
                return Ok(inbox.clone());
            }
            let session = match load(self.store(), &LogId::session(id.0)).await {
                Ok(session) => session,
                Err(error) => {
                    self.places().remove(&id);
                    return Err(error.into());
                }
            };
            let (sender, receiver) = mpsc::channel(INBOX);
            tokio::spawn(Run::new(Arc::clone(self), session).run(receiver));
            *inbox = Some(sender.clone());
            return Ok(sender);
        }
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
        self.request(|reply| Request::Connect(Connect { token, typed, reply })).await
    }

    /// Hands in a frame. Waits while the session has too much to do, which slows down who sends too much.
    ///
    /// # Errors
    /// When the session has ended.
    pub async fn frame(&self, connection: ConnectionId, bytes: Bytes) -> Result<(), NodeError> {
        Ok(self.node.inbox(self.id).await?.send(Request::Frame(connection, bytes)).await?)
    }

    /// The connection is gone.
    pub async fn disconnect(&self, connection: ConnectionId) {
        let inbox = self.running().await;
        if let Some(inbox) = inbox {
            // A session that has ended has no connections.
            let _ = inbox.send(Request::Disconnect(connection)).await;
        }
    }

    /// Appends something and tells what it came to, once it is durable.
    ///
    /// # Errors
    /// When the session cannot be reached.
    pub async fn propose(&self, body: Body) -> Result<Reply, NodeError> {
        self.request(|reply| Request::Propose(Proposal { body: body.clone(), reply })).await
    }

    /// Reads the state.
    ///
    /// # Errors
    /// When the session cannot be reached.
    pub async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Session) -> T + Send + Clone + 'static,
    ) -> Result<T, NodeError> {
        self.request(|reply| {
            let question = question.clone();
            Request::Ask(Box::new(move |session| {
                // Whoever asked may have gone.
                let _ = reply.send(question(session));
            }))
        })
        .await
    }

    async fn running(&self) -> Option<mpsc::Sender<Request>> {
        let place = self.node.places().get(&self.id).cloned()?;
        place.inbox.lock().await.clone()
    }

    /// Sends a request and waits for its answer; anew if the session was put away just then.
    async fn request<T>(&self, request: impl Fn(oneshot::Sender<T>) -> Request) -> Result<T, NodeError> {
        for _ in 0..TRIES {
            let inbox = self.node.inbox(self.id).await?;
            let (reply, answer) = oneshot::channel();
            if inbox.send(request(reply)).await.is_ok()
                && let Ok(answer) = answer.await
            {
                return Ok(answer);
            }
        }
        Err(NodeError::Busy)
    }
}

/// Milliseconds since 1970, by this machine's clock.
pub(super) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
