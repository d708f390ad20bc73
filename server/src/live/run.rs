//! The task that runs one session.

use std::{collections::BTreeMap, sync::Arc, time::Instant};

use axum::body::Bytes;
use plumbline_shared::{
    ids::SessionId,
    limits,
    messages::{Limits, PROTOCOL, ServerMessage},
    wire::{CloseCode, Frame},
    words::{Role, StepKind},
};
use tokio::{
    sync::{mpsc, oneshot},
    time::MissedTickBehavior,
};
use yrs::{StateVector, updates::encoder::Encode};

use super::{
    BATCH, Connected, ConnectionId, ENTRIES_PER_SNAPSHOT, IDLE, NodeError, PRESENCE_RENEWAL, TICK,
    connection::Connection,
    node::{Node, now},
    presence::Presences,
};
use crate::{
    session::{
        Done, Refusal, Session,
        entry::{Body, Origin},
    },
    store::LogId,
};

/// A wish to take part.
pub struct Connect {
    /// The hash of the token that was shown.
    pub token: [u8; 32],
    /// Whether typed messages are wanted.
    pub typed: bool,
    /// Where to answer.
    pub reply: oneshot::Sender<Result<Connected, Refusal>>,
}

/// Something to append that comes over HTTP.
pub struct Proposal {
    /// What it says.
    pub body: Body,
    /// Where to answer.
    pub reply: oneshot::Sender<Reply>,
}

/// What a proposal came to: durable when it is told.
pub type Reply = Result<Done, Refusal>;

/// Something that reads the state.
pub(super) type Question = Box<dyn FnOnce(&Session) + Send>;

/// What comes into a session's inbox.
pub(super) enum Request {
    Connect(Connect),
    Frame(ConnectionId, Bytes),
    Disconnect(ConnectionId),
    Propose(Proposal),
    Ask(Question),
    /// Tell everybody why, close all connections, and end.
    End(CloseCode, oneshot::Sender<()>),
}

/// A session that is being run.
pub(super) struct Run {
    pub(super) node: Arc<Node>,
    pub(super) log: LogId,
    pub(super) session: Session,
    pub(super) origin: Origin,
    pub(super) sequence: u64,
    pub(super) connections: BTreeMap<ConnectionId, Connection>,
    pub(super) made: u64,
    pub(super) presences: Presences,
    /// Updates that have been applied and not sent yet.
    pub(super) unsent: Vec<Vec<u8>>,
    /// What everybody who keeps up has been sent.
    pub(super) sent: StateVector,
    /// When changes went out last.
    pub(super) sent_at: Instant,
    pub(super) since_snapshot: u64,
    renewed_at: Instant,
    idle_since: Instant,
}

impl Run {
    pub(super) fn new(node: Arc<Node>, session: Session) -> Self {
        let origin = node.origin();
        Self {
            log: LogId::session(session.id().0),
            origin,
            sequence: session.last_of(origin),
            connections: BTreeMap::new(),
            made: 0,
            presences: Presences::default(),
            unsent: Vec::new(),
            sent: session.state_vector(),
            sent_at: Instant::now(),
            since_snapshot: 0,
            renewed_at: Instant::now(),
            idle_since: Instant::now(),
            node,
            session,
        }
    }

    /// Runs until the session has been idle for long enough, or is told to end.
    pub(super) async fn run(mut self, mut inbox: mpsc::Receiver<Request>) {
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut requests = Vec::with_capacity(BATCH);
        loop {
            let gathered = self.gathered();
            tokio::select! {
                biased;
                () = async { match gathered { Some(at) => tokio::time::sleep_until(at.into()).await, None => std::future::pending().await } } => {
                    self.fan_out();
                }
                count = inbox.recv_many(&mut requests, BATCH) => {
                    if count == 0 {
                        return;
                    }
                    if let Some(done) = self.deal(&mut requests).await {
                        self.leave(&mut inbox).await;
                        let _ = done.send(());
                        return;
                    }
                }
                _ = tick.tick() => {
                    self.tick();
                    if self.since_snapshot >= ENTRIES_PER_SNAPSHOT {
                        self.snapshot().await;
                    }
                    if self.connections.is_empty() && self.idle_since.elapsed() >= IDLE {
                        if self.since_snapshot > 0 {
                            self.snapshot().await;
                        }
                        // What has come up in this moment is not lost: its sender finds nobody and asks anew.
                        self.node.retire(self.session.id(), &mut inbox);
                        return;
                    }
                }
            }
        }
    }

    /// Ends: nothing is taken any more, and what was appended is in a snapshot, so that the next start is quick.
    async fn leave(&mut self, inbox: &mut mpsc::Receiver<Request>) {
        self.node.retire(self.session.id(), inbox);
        if self.since_snapshot > 0 {
            self.snapshot().await;
        }
    }

    fn tick(&mut self) {
        if self.renewed_at.elapsed() >= PRESENCE_RENEWAL {
            self.renewed_at = Instant::now();
            self.presences.renew(self.quiet());
            self.show_presence(true);
        } else {
            self.show_presence(false);
        }
        self.catch_up();
        self.connections.retain(|_, connection| !connection.is_closing());
        if !self.connections.is_empty() {
            self.idle_since = Instant::now();
        }
    }

    /// Whether presence names no item now: in a ballot it would tell on people.
    pub(super) fn quiet(&self) -> bool {
        self.session.moment().kind == StepKind::Ballot
    }

    pub(super) fn connect(&mut self, connect: Connect) {
        let Some(identity) = self.session.people().identify(&connect.token) else {
            let refusal = Refusal::new("not_admitted", CloseCode::NotAdmitted.sentence());
            let _ = connect.reply.send(Err(refusal));
            return;
        };
        let member = identity.participant.and_then(|id| self.session.people().get(id));
        let presence = self.presences.make(member);
        let (mut connection, outgoing) = Connection::new(identity, connect.token, connect.typed, presence);
        self.made += 1;
        let id = ConnectionId(self.made);
        if connect.reply.send(Ok(Connected { id, outgoing })).is_err() {
            self.presences.leave(presence);
            return;
        }
        connection.tell(&welcome(self.session.id(), &connection));
        let ours = self.session.state_vector().encode_v1();
        connection.send(&Frame::Step1(&ours).encode().into());
        connection.send(&self.presences.frame(self.presences.shown(), None).into());
        self.connections.insert(id, connection);
        self.idle_since = Instant::now();
    }

    pub(super) fn disconnect(&mut self, id: ConnectionId) {
        if let Some(connection) = self.connections.remove(&id) {
            self.presences.leave(connection.presence);
        }
    }

    /// Writes the state down, having made sure that it reads back as what it is.
    async fn snapshot(&mut self) {
        self.since_snapshot = 0;
        let position = self.session.position();
        let bytes = match self.session.canonical() {
            Ok(bytes) => bytes,
            Err(error) => {
                tracing::error!(log = %self.log, %error, "the state does not read back: no snapshot is written");
                return;
            }
        };
        let same = Session::restore(&bytes).is_ok_and(|read| read.snapshot() == bytes);
        if !same {
            tracing::error!(log = %self.log, "the state does not read back as what it is: no snapshot is written");
            return;
        }
        if let Err(error) = self.node.store().snapshot(&self.log, position, bytes).await {
            // The log has everything; the next one may be written.
            tracing::warn!(log = %self.log, %error, "no snapshot was written");
        }
    }

    /// Answers what only reads.
    pub(super) fn ask(&self, question: Question) {
        question(&self.session);
    }

    pub(super) fn refuse_all(&mut self, code: CloseCode) {
        for connection in self.connections.values_mut() {
            connection.close(code);
        }
    }
}

fn welcome(session: SessionId, connection: &Connection) -> ServerMessage {
    let facilitates = connection.identity.role == Role::Facilitator;
    ServerMessage::Welcome {
        protocol: PROTOCOL,
        session,
        participant: connection.identity.participant,
        role: connection.identity.role,
        presence: connection.presence,
        now: now(),
        limits: Limits {
            new_content: if facilitates { limits::NEW_CONTENT_FACILITATOR } else { limits::NEW_CONTENT },
            updates_per_second: limits::UPDATES_PER_SECOND,
            update_burst: limits::UPDATE_BURST,
            presence: limits::PRESENCE,
        },
    }
}

/// A request found the session gone; whoever sent it tries again, or tells.
impl From<mpsc::error::SendError<Request>> for NodeError {
    fn from(_: mpsc::error::SendError<Request>) -> Self {
        Self::Busy
    }
}
