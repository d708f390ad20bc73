//! What others ask of a running session.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use axum::body::Bytes;
use plumbline_shared::wire::CloseCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use super::{ConnectionId, NodeError, Outgoing};
use crate::session::{Done, Refusal, Session, entry::Body};

/// A wish to take part.
pub(super) struct Connect {
    /// The hash of the token that was shown.
    pub(super) token: [u8; 32],
    /// Whether typed messages are wanted.
    pub(super) typed: bool,
    /// Where to answer.
    pub(super) reply: oneshot::Sender<Result<Admitted, Refusal>>,
}

/// A connection that was let in.
pub(super) struct Admitted {
    pub(super) id: ConnectionId,
    pub(super) outgoing: Outgoing,
    pub(super) spent: Arc<AtomicU64>,
    pub(super) places: Arc<Semaphore>,
    pub(super) frame: usize,
}

/// Something to append that comes over HTTP.
pub(super) struct Proposal {
    /// What it says.
    pub(super) body: Body,
    /// Since when its sender waits.
    pub(super) since: Instant,
    /// Where to answer.
    pub(super) reply: oneshot::Sender<Reply>,
}

/// What a proposal came to: durable when it is told.
pub type Reply = Result<Done, Refusal>;

/// Something that reads the state.
pub(super) type Question = Box<dyn FnOnce(&Session) + Send>;

/// What comes into a session's inbox.
pub(super) enum Request {
    Connect(Connect),
    /// A frame, and its place among those that may wait.
    Frame(ConnectionId, Bytes, OwnedSemaphorePermit),
    Disconnect(ConnectionId),
    Propose(Proposal),
    Ask(Question),
}

/// Tell everybody why, close all connections, and end.
pub(super) struct End {
    pub(super) code: CloseCode,
    pub(super) done: oneshot::Sender<()>,
}

/// What a socket gets when it has been let in.
pub struct Connected {
    /// The way to the session.
    pub line: Line,
    /// What to send.
    pub outgoing: Outgoing,
    /// How many bytes one frame of theirs may have.
    pub frame: usize,
}

/// The way from one socket to the run of its session that let it in, and to no other: a later run does not know it.
pub struct Line {
    pub(super) id: ConnectionId,
    pub(super) inbox: mpsc::Sender<Request>,
    pub(super) spent: Arc<AtomicU64>,
    /// Frames that may wait, of all connections: what else comes in finds room however many frames cannot be saved.
    pub(super) places: Arc<Semaphore>,
}

impl Line {
    /// Hands in a frame. Waits while the session has too much to do, which slows down who sends too much.
    ///
    /// # Errors
    /// When the session has ended.
    pub async fn frame(&self, bytes: Bytes) -> Result<(), NodeError> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| NodeError::Busy)?;
        Ok(self.inbox.send(Request::Frame(self.id, bytes, place)).await?)
    }

    /// What the changes of this connection have cost the session since this was asked last, in the guard's steps of up
    /// to 0.1 µs. A frame counts once the session has come to it.
    #[must_use]
    pub fn take_spent(&self) -> u64 {
        self.spent.swap(0, Ordering::Relaxed)
    }

    /// The connection is gone.
    pub async fn disconnect(self) {
        // A session that has ended has no connections.
        let _ = self.inbox.send(Request::Disconnect(self.id)).await;
    }
}

/// A request found the session gone; whoever sent it tries again, or tells.
impl From<mpsc::error::SendError<Request>> for NodeError {
    fn from(_: mpsc::error::SendError<Request>) -> Self {
        Self::Busy
    }
}
