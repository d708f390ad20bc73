//! One round: what has come up is examined, and put together to be appended in one call.

use std::collections::BTreeSet;

use axum::body::Bytes;
use plumbline_shared::{
    ids::{MessageId, ParticipantId},
    limits,
    messages::{ClientMessage, Command, ServerMessage},
    policy::{self, Actor, Denied, Moment},
    wire::{CloseCode, Frame},
    words::Role,
};
use tokio::sync::oneshot;
use yrs::{StateVector, updates::encoder::Encode};

use super::{
    ASKS_FOR_MORE, ConnectionId, FRAMES_UNDER_WAY, SAVED_WITHIN,
    request::{Proposal, Reply, Request},
    run::Run,
    settle::not_saved,
};
use crate::{
    session::{
        Ahead, Examined, Outcome, Refusal,
        entry::{Body, By, Entry},
        guard,
    },
    store::{ENTRY_BYTES, Position},
};

/// Who waits for what becomes of an entry.
pub(super) enum Waiting {
    /// A connection that sent a frame: which of its frames with content it was.
    Frame(ConnectionId, u64),
    /// A connection that sent a typed message.
    Message(ConnectionId, MessageId),
    /// A request over HTTP.
    Reply(oneshot::Sender<Reply>),
    /// A request over HTTP that was told already that it takes too long.
    Nobody,
}

/// What is being put together to be appended.
#[derive(Default)]
pub(super) struct Round {
    ahead: Ahead,
    /// The entries as they are appended.
    pub(super) entries: Vec<Vec<u8>>,
    /// The same to be applied, and who waits for them.
    pub(super) proposed: Vec<(Entry, Waiting)>,
    /// Connections that have sent frames with content: they are told how far they are saved.
    pub(super) sent: BTreeSet<ConnectionId>,
    /// State vectors to answer, once what came before is applied.
    pub(super) asked: Vec<(ConnectionId, StateVector)>,
    pub(super) messages: Vec<(ConnectionId, ServerMessage)>,
    /// Entries that say that others of this round count for nothing.
    pub(super) voids: Vec<(Position, Entry)>,
}

impl Run {
    /// Puts together what has come up.
    pub(super) fn put_together(&mut self) -> Round {
        let mut round = Round::default();
        for request in std::mem::take(&mut self.waiting) {
            match request {
                Request::Disconnect(id) => self.disconnect(id),
                Request::Frame(id, bytes, _) => {
                    if let Some(connection) = self.connections.get_mut(&id) {
                        connection.waiting -= 1;
                    }
                    self.take(&mut round, id, &bytes);
                }
                // Its sender has been told that it was not saved, or is about to be, and may repeat it.
                Request::Propose(Proposal { since, reply, .. }) if since.elapsed() >= SAVED_WITHIN => {
                    let _ = reply.send(Err(not_saved()));
                }
                Request::Propose(Proposal { body, reply, .. }) => self.take_proposal(&mut round, body, reply),
                Request::Connect(_) | Request::Ask(_) => unreachable!("what only reads waits for no round"),
            }
        }
        round
    }

    fn take_proposal(&mut self, round: &mut Round, body: Body, reply: oneshot::Sender<Reply>) {
        let brings = matches!(
            body,
            Body::Imported { .. } | Body::PillarsImported { .. } | Body::AgendaImported { .. }
        );
        if brings && self.room.is_full(&self.session) {
            // Whoever asked may have gone.
            let _ = reply.send(Err(Denied::TooMany.into()));
            return;
        }
        self.propose(round, body, Waiting::Reply(reply));
    }

    fn propose(&mut self, round: &mut Round, body: Body, waiting: Waiting) {
        let command = command_of(&body);
        // It would stand in the log, refused, with its author and all that it says.
        if self.session.is_closed() && command.as_ref().is_some_and(Command::is_private) {
            self.conclude(round, waiting, Outcome::Refused(Denied::Closed.into()));
            return;
        }
        if command.is_some_and(|command| leaves_step(&command)) {
            self.note_attendance(round);
        }
        let entry = self.node.entry(body);
        let bytes = entry.to_bytes();
        if bytes.len() > ENTRY_BYTES {
            // The store would refuse it, and all that is appended with it.
            let refusal = Refusal::new("too_large", "That was too much at once. Send it in smaller parts.");
            self.conclude(round, waiting, Outcome::Refused(refusal));
            return;
        }
        round.entries.push(bytes);
        round.proposed.push((entry, waiting));
    }

    /// Says in the log who was here in the step that is about to be left. Should the session stay in it after all, it is
    /// said again when it goes on, and each person counts once.
    fn note_attendance(&mut self, round: &mut Round) {
        let now = self.participants();
        let mut here = std::mem::take(&mut self.attended);
        here.extend(&now);
        self.attended = now;
        let entry = self.node.entry(Body::Attended { here: here.into_iter().map(By).collect() });
        round.entries.push(entry.to_bytes());
        round.proposed.push((entry, Waiting::Nobody));
    }

    /// Takes one frame from a connection.
    pub(super) fn take(&mut self, round: &mut Round, id: ConnectionId, bytes: &Bytes) {
        let quiet = self.is_quiet();
        let Some(connection) = self.connections.get_mut(&id).filter(|connection| !connection.is_closing())
        else {
            return;
        };
        match Frame::decode(bytes) {
            Ok(Frame::Step1(vector)) => match guard::decode_state_vector(vector) {
                Ok(clocks) => {
                    // The client begins anew: what it sent before its refusal has all arrived.
                    connection.refused = None;
                    let mut known = StateVector::default();
                    for (client, clock) in clocks {
                        known.set_max(yrs::ClientID::new(client), clock);
                    }
                    round.asked.push((id, known));
                }
                Err(_) => self.offend(id),
            },
            Ok(Frame::Step2(update)) => self.take_update(round, id, update, true),
            Ok(Frame::Update(update)) => self.take_update(round, id, update, false),
            Ok(Frame::Awareness(update)) => {
                let presence = connection.presence;
                if connection.identity.participant.is_some()
                    && !self.presences.receive(presence, update, quiet)
                {
                    let refusal =
                        Refusal::new("bad_presence", "This presence is too large or cannot be read.");
                    round.messages.push((id, denied(&refusal, None, None, true)));
                }
            }
            Ok(Frame::QueryAwareness) => {
                let without = (!connection.typed).then_some(connection.presence);
                connection.show(&self.presences.frame(self.presences.shown(), without).into());
            }
            Ok(Frame::Typed(json)) => {
                connection.typed = true;
                self.take_message(round, id, json);
            }
            Err(_) => self.offend(id),
        }
    }

    fn take_update(&mut self, round: &mut Round, id: ConnectionId, update: &[u8], answers: bool) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        connection.received += 1;
        let (number, identity, refused) =
            (connection.received, connection.identity, connection.refused.is_some());
        round.sent.insert(id);
        let steps = round.ahead.steps();
        let examined = self.examine(round, identity.participant, update, identity.role);
        let Some(connection) = self.connections.get_mut(&id) else { return };
        connection.charge(round.ahead.steps() - steps);
        if answers && matches!(examined, Examined::Nothing | Examined::Pass(_)) {
            (connection.gap, connection.asked) = (None, 0);
        }
        match examined {
            Examined::Nothing => {}
            Examined::Pass(update) => {
                let body =
                    Body::Update { by: identity.participant.unwrap_or_default(), update: update.into() };
                self.propose(round, body, Waiting::Frame(id, number));
            }
            Examined::Gap if refused => self.goes_on(id),
            Examined::Gap => {
                let is_first = connection.gap.is_none();
                connection.gap.get_or_insert(number);
                connection.asked += u32::from(answers);
                if connection.asked > ASKS_FOR_MORE {
                    let refusal = Refusal::new(
                        "incomplete",
                        "This change rests on others that never arrived. Reload the page.",
                    );
                    self.refuse(id, number, &refusal);
                } else if is_first || answers {
                    // Asked once: the answer has everything that was sent before it.
                    self.ask_for_more(id);
                }
            }
            Examined::Refused(refusal) => self.refuse(id, number, &refusal),
        }
    }

    fn examine(
        &mut self,
        round: &mut Round,
        by: Option<ParticipantId>,
        update: &[u8],
        role: Role,
    ) -> Examined {
        let frame = self.room.frame();
        let is_full = role != Role::Facilitator && self.room.is_full(&self.session);
        let session = &self.session;
        // The guard never panics. Should it, that is one frame's misfortune and not the session's.
        let examined = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| match by {
            Some(by) if !is_full => session.examine(&mut round.ahead, by, update, frame),
            Some(_) => session.examine_closed(&mut round.ahead, by, update, frame, Denied::TooMany),
            None => session.examine_closed(&mut round.ahead, by, update, frame, Denied::ObserverLooksOn),
        }));
        examined.unwrap_or_else(|_| Examined::Refused(fault()))
    }

    /// Asks a client for what its changes rest on.
    pub(super) fn ask_for_more(&mut self, id: ConnectionId) {
        let ours = self.session.state_vector().encode_v1();
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.say(Frame::Step1(&ours).encode().into());
        }
    }

    /// Refuses a frame. Who was told so once and has not begun anew goes on.
    pub(super) fn refuse(&mut self, id: ConnectionId, number: u64, refusal: &Refusal) {
        self.node.metrics().refused(refusal.code);
        tracing::info!(log = %self.log, code = refusal.code, path = refusal.path, "an update was refused");
        let Some(connection) = self.connections.get_mut(&id) else { return };
        if connection.refused.is_some() {
            if refusal.can_overtake() {
                self.goes_on(id);
            } else {
                connection.close(CloseCode::Refused);
            }
            return;
        }
        connection.refused = Some(0);
        connection.gap = None;
        connection.tell(&denied(refusal, None, Some(number), false));
    }

    /// A client sends on after a refusal. Ours had frames under way, and they share its fate; an unmodified one does
    /// not know better.
    pub(super) fn goes_on(&mut self, id: ConnectionId) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let Some(frames) = &mut connection.refused else { return };
        *frames += 1;
        if !connection.typed || *frames > FRAMES_UNDER_WAY {
            connection.close(CloseCode::Refused);
        }
    }

    /// A frame that no client of ours or of Yjs sends.
    fn offend(&mut self, id: ConnectionId) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.close(CloseCode::Refused);
        }
    }

    /// Refuses a message that does not come into the log.
    fn deny(&self, round: &mut Round, id: ConnectionId, refusal: &Refusal, re: Option<MessageId>) {
        self.node.metrics().refused(refusal.code);
        round.messages.push((id, denied(refusal, re, None, false)));
    }

    fn take_message(&mut self, round: &mut Round, id: ConnectionId, json: &str) {
        let Some(connection) = self.connections.get(&id) else { return };
        let identity = connection.identity;
        if json.len() > limits::MESSAGE {
            let refusal = Refusal::new("too_large", "This message is too large.");
            self.deny(round, id, &refusal, None);
            return;
        }
        let message: ClientMessage = match serde_json::from_str(json) {
            Ok(message) => message,
            Err(_) => {
                #[derive(serde::Deserialize)]
                struct Named {
                    id: MessageId,
                }
                let re = serde_json::from_str::<Named>(json).ok().map(|named| named.id);
                let refusal = Refusal::new("unknown_message", "This server does not know this message.");
                self.deny(round, id, &refusal, re);
                return;
            }
        };
        let role = identity.participant.map_or(Role::Observer, |_| identity.role);
        let by = identity.participant.unwrap_or_default();
        if let Some(answer) = self.session.answered(by, message.id) {
            let told = match answer {
                Ok(()) => ServerMessage::Ok { re: message.id },
                Err((code, sentence)) => {
                    denied(&Refusal::recalled(code, sentence), Some(message.id), None, false)
                }
            };
            round.messages.push((id, told));
            return;
        }
        // Only what will not change soon: whether the session is closed is for the fold to say.
        let actor = Actor { participant: by, role };
        let open = Moment { closed: false, ..self.session.moment() };
        if let Err(reason) = policy::commands(&actor, &open, &message.command) {
            self.deny(round, id, &reason.into(), Some(message.id));
            return;
        }
        // Whatever its length, an entry would stand in the log for good.
        if let Err(too_long) = policy::texts(&message.command) {
            self.deny(round, id, &too_long.into(), Some(message.id));
            return;
        }
        let body = commanded(by, &message);
        self.propose(round, body, Waiting::Message(id, message.id));
    }
}

/// The command that an entry is, if it is one.
fn command_of(body: &Body) -> Option<Command> {
    let Body::Commanded { json, .. } = body else { return None };
    serde_json::from_str(json).ok()
}

/// Whether a command may take the session on to another step, or close it.
fn leaves_step(command: &Command) -> bool {
    matches!(command, Command::GoTo { .. } | Command::Close { .. })
}

/// A command as it stands in the log.
pub(crate) fn commanded(by: ParticipantId, message: &ClientMessage) -> Body {
    let json = serde_json::to_string(&message.command).expect("commands are plain data");
    Body::Commanded { by, message: message.id, json }
}

pub(super) fn denied(
    refusal: &Refusal,
    re: Option<MessageId>,
    frame: Option<u64>,
    taken_back: bool,
) -> ServerMessage {
    ServerMessage::Denied {
        re,
        frame,
        code: refusal.code.to_owned(),
        reason: refusal.sentence.clone().into_owned(),
        path: refusal.path.clone(),
        taken_back,
    }
}

/// The reason when something of ours went wrong.
pub(super) fn fault() -> Refusal {
    Refusal::new("fault", "The server could not apply this change. Reload the page.")
}
