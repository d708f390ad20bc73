//! One round: what has come up is examined, appended in one call, applied, and answered.

use std::collections::BTreeMap;

use axum::body::Bytes;
use plumbline_shared::{
    ids::{MessageId, ParticipantId},
    limits,
    messages::{ClientMessage, ServerMessage},
    policy::Denied,
    wire::{CloseCode, Frame},
    words::Role,
};
use tokio::sync::oneshot;
use yrs::{StateVector, updates::encoder::Encode};

use super::{
    ASKS_FOR_MORE, ConnectionId, FRAMES_UNDER_WAY,
    append::append,
    load,
    run::{Reply, Request, Run},
};
use crate::{
    session::{
        Ahead, Done, Effect, Examined, Outcome, Refusal,
        entry::{Body, Entry},
        guard,
    },
    store::Position,
};

/// Who waits for what becomes of an entry.
enum Waiting {
    /// A connection that sent a frame: which of its frames with content it was.
    Frame(ConnectionId, u64),
    /// A connection that sent a typed message.
    Message(ConnectionId, MessageId),
    /// A request over HTTP.
    Reply(oneshot::Sender<Reply>),
}

/// What is being put together to be appended.
#[derive(Default)]
struct Round {
    ahead: Ahead,
    entries: Vec<(Entry, Waiting)>,
    /// Connections that have sent frames with content: they are told how far they are saved.
    sent: BTreeMap<ConnectionId, ()>,
    /// State vectors to answer, once what came before is applied.
    asked: Vec<(ConnectionId, StateVector)>,
    messages: Vec<(ConnectionId, ServerMessage)>,
    end: Option<(CloseCode, oneshot::Sender<()>)>,
}

impl Run {
    /// Deals with what has come up. Whoever ended the session is told when everything is done.
    pub(super) async fn deal(&mut self, requests: &mut Vec<Request>) -> Option<oneshot::Sender<()>> {
        let mut round = Round::default();
        let mut questions = Vec::new();
        for request in requests.drain(..) {
            match request {
                Request::Connect(connect) => self.connect(connect),
                Request::Disconnect(id) => self.disconnect(id),
                Request::Frame(id, bytes) => self.take(&mut round, id, &bytes),
                Request::Propose(proposal) => {
                    self.propose(&mut round, proposal.body, Waiting::Reply(proposal.reply));
                }
                Request::Ask(question) => questions.push(question),
                Request::End(code, done) => round.end = Some((code, done)),
            }
        }
        self.append_and_apply(&mut round).await;
        for (id, known) in round.asked {
            self.answer(id, &known);
        }
        for (id, message) in round.messages {
            self.tell(id, &message);
        }
        self.tell_saved(round.sent.keys().copied());
        if self.gathered().is_some_and(|at| at <= std::time::Instant::now()) {
            self.fan_out();
        }
        for question in questions {
            self.ask(question);
        }
        round.end.map(|(code, done)| {
            self.fan_out();
            self.refuse_all(code);
            done
        })
    }

    fn propose(&mut self, round: &mut Round, body: Body, waiting: Waiting) {
        self.sequence += 1;
        let entry = Entry { origin: self.origin, sequence: self.sequence, body };
        round.entries.push((entry, waiting));
    }

    /// Takes one frame from a connection.
    fn take(&mut self, round: &mut Round, id: ConnectionId, bytes: &Bytes) {
        let quiet = self.quiet();
        let Some(connection) = self.connections.get_mut(&id).filter(|connection| !connection.is_closing())
        else {
            return;
        };
        match Frame::decode(bytes) {
            Ok(Frame::Step1(vector)) => match guard::decode_state_vector(vector) {
                Ok(clocks) => {
                    // The client begins anew: what it sent before its refusal has all arrived.
                    connection.refused = None;
                    let known = clocks.into_iter().map(|(client, clock)| (yrs::ClientID::new(client), clock));
                    round.asked.push((
                        id,
                        known.fold(StateVector::default(), |mut known, (client, clock)| {
                            known.set_max(client, clock);
                            known
                        }),
                    ));
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
                let frame: Bytes = self.presences.frame(self.presences.shown(), without).into();
                // Presence that finds no room is renewed in a moment.
                let _ = connection.send(&frame);
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
        let number = connection.received;
        let identity = connection.identity;
        let going_on = connection.refused;
        round.sent.insert(id, ());
        let frame = self.guard_frame();
        let by = identity.participant.unwrap_or_default();
        let examined = match identity.participant {
            Some(by) => self.session.examine(&mut round.ahead, by, update, frame),
            None => self.session.examine_onlooker(&round.ahead, update, frame),
        };
        let Some(connection) = self.connections.get_mut(&id) else { return };
        match examined {
            Examined::Nothing => {
                if answers {
                    (connection.gap, connection.asked) = (None, 0);
                }
            }
            Examined::Pass(update) => {
                if answers {
                    (connection.gap, connection.asked) = (None, 0);
                }
                let body = Body::Update { by, update: update.into() };
                self.propose(round, body, Waiting::Frame(id, number));
            }
            Examined::Gap if going_on.is_some() => self.goes_on(id),
            Examined::Gap => {
                connection.gap.get_or_insert(number);
                if answers {
                    connection.asked += 1;
                }
                if connection.asked > ASKS_FOR_MORE {
                    let refusal = Refusal::new(
                        "incomplete",
                        "This change rests on others that never arrived. Reload the page.",
                    );
                    self.refuse(id, number, &refusal);
                    return;
                }
                let ours = self.session.state_vector().encode_v1();
                let _ = connection.send(&Frame::Step1(&ours).encode().into());
            }
            Examined::Refused(refusal) => self.refuse(id, number, &refusal),
        }
    }

    /// The whole frame that one connection may send: the board, and a little.
    fn guard_frame(&self) -> usize {
        limits::BOARD + limits::FRAME_SLACK
    }

    /// Refuses a frame. A client that was told so once and was not seen to begin anew is closed.
    fn refuse(&mut self, id: ConnectionId, number: u64, refusal: &Refusal) {
        tracing::info!(log = %self.log, code = refusal.code, "an update was refused");
        let Some(connection) = self.connections.get_mut(&id) else { return };
        if connection.refused.is_some() {
            connection.close(CloseCode::Refused);
            return;
        }
        connection.refused = Some(0);
        connection.gap = None;
        connection.tell(&denied(refusal, None, Some(number), false));
    }

    /// A client sends on after a refusal. Ours had frames under way; an unmodified one does not know better.
    fn goes_on(&mut self, id: ConnectionId) {
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

    fn take_message(&mut self, round: &mut Round, id: ConnectionId, json: &str) {
        let Some(connection) = self.connections.get(&id) else { return };
        let identity = connection.identity;
        let message: ClientMessage = match serde_json::from_str(json) {
            Ok(message) => message,
            Err(_) => {
                #[derive(serde::Deserialize)]
                struct Named {
                    id: MessageId,
                }
                let re = serde_json::from_str::<Named>(json).ok().map(|named| named.id);
                let refusal = Refusal::new("unknown_message", "This server does not know this message.");
                round.messages.push((id, denied(&refusal, re, None, false)));
                return;
            }
        };
        let Some(by) = identity.participant.filter(|_| identity.role == Role::Facilitator) else {
            let refusal = Denied::FacilitatorOnly.into();
            round.messages.push((id, denied(&refusal, Some(message.id), None, false)));
            return;
        };
        if let Some(answer) = self.session.answered(by, message.id) {
            let told = match answer {
                Ok(()) => ServerMessage::Ok { re: message.id },
                Err((code, sentence)) => ServerMessage::Denied {
                    re: Some(message.id),
                    frame: None,
                    code: code.to_owned(),
                    reason: sentence.to_owned(),
                    taken_back: false,
                },
            };
            round.messages.push((id, told));
            return;
        }
        let body = commanded(by, &message);
        self.propose(round, body, Waiting::Message(id, message.id));
    }

    async fn append_and_apply(&mut self, round: &mut Round) {
        if round.entries.is_empty() {
            return;
        }
        let entries = std::mem::take(&mut round.entries);
        let bytes = entries.iter().map(|(entry, _)| entry.to_bytes()).collect();
        let positions = match append(self.node.store(), &self.log, bytes).await {
            Ok(positions) => positions,
            Err(error) => {
                tracing::error!(log = %self.log, %error, "cannot save");
                let refusal = Refusal::new("not_saved", error.to_string());
                for (_, waiting) in entries {
                    if let Waiting::Reply(reply) = waiting {
                        let _ = reply.send(Err(refusal.clone()));
                    }
                }
                // Nobody may go on from what is not in the log.
                round.sent.clear();
                self.refuse_all(CloseCode::Fault);
                return;
            }
        };
        for ((entry, waiting), position) in entries.into_iter().zip(positions) {
            self.since_snapshot += 1;
            match load::apply(&mut self.session, position, &entry) {
                Ok(outcome) => self.conclude(round, waiting, outcome),
                Err(fault) => {
                    tracing::error!(log = %self.log, %position, %fault, "an entry cannot be applied and is voided");
                    self.void(position).await;
                    let refusal =
                        Refusal::new("fault", "The server could not apply this change. Reload the page.");
                    self.conclude(round, waiting, Outcome::Refused(refusal));
                }
            }
        }
    }

    /// Says in the log that an entry counts for nothing, and builds the state anew.
    async fn void(&mut self, position: Position) {
        self.sequence += 1;
        let body = Body::Voided { at: position.at, number: position.n };
        let entry = Entry { origin: self.origin, sequence: self.sequence, body };
        let voided = append(self.node.store(), &self.log, vec![entry.to_bytes()]).await;
        let rebuilt = match voided {
            Ok(_) => load::load(self.node.store(), &self.log).await.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match rebuilt {
            Ok(session) => self.session = session,
            Err(error) => {
                // What is in memory is not to be trusted, and there is nothing else: nobody goes on from it.
                tracing::error!(log = %self.log, %error, "the session cannot be built anew");
                self.refuse_all(CloseCode::Fault);
            }
        }
    }

    /// Tells whoever waits what became of an entry.
    fn conclude(&mut self, round: &mut Round, waiting: Waiting, outcome: Outcome) {
        let mut reply: Reply = Ok(Done::default());
        match outcome {
            Outcome::Nothing => {}
            Outcome::Done(mut done) => {
                if !done.update.is_empty() {
                    self.unsent.push(std::mem::take(&mut done.update));
                }
                for effect in &done.effects {
                    self.carry_out(effect);
                }
                if let Waiting::Frame(id, number) = &waiting {
                    for refusal in &done.taken_back {
                        round.messages.push((*id, denied(refusal, None, Some(*number), true)));
                    }
                }
                reply = Ok(done);
            }
            Outcome::Gap => {
                if let Waiting::Frame(id, number) = &waiting
                    && let Some(connection) = self.connections.get_mut(id)
                {
                    connection.gap.get_or_insert(*number);
                    let ours = self.session.state_vector().encode_v1();
                    let _ = connection.send(&Frame::Step1(&ours).encode().into());
                }
                reply = Err(Refusal::new("incomplete", "This change rests on others that never arrived."));
            }
            Outcome::Refused(refusal) => {
                if let Waiting::Frame(id, number) = &waiting {
                    self.refuse(*id, *number, &refusal);
                }
                reply = Err(refusal);
            }
        }
        match waiting {
            Waiting::Frame(..) => {}
            Waiting::Message(id, re) => {
                let message = match &reply {
                    Ok(_) => ServerMessage::Ok { re },
                    Err(refusal) => denied(refusal, Some(re), None, false),
                };
                round.messages.push((id, message));
            }
            // Whoever asked may have gone; what they asked for is done all the same.
            Waiting::Reply(waits) => drop(waits.send(reply)),
        }
    }

    fn carry_out(&mut self, effect: &Effect) {
        let quiet = self.quiet();
        for connection in self.connections.values_mut() {
            let of = |who: &ParticipantId| connection.identity.participant == Some(*who);
            match effect {
                Effect::Removed(who) if of(who) => connection.close(CloseCode::Refused),
                Effect::RoleChanged(who) if of(who) => {
                    let member = self.session.people().get(*who);
                    if let Some(member) = member {
                        connection.identity.role = member.role;
                    }
                    self.presences.rename(connection.presence, member, quiet);
                }
                Effect::Rotated(_) if self.session.people().identify(&connection.token).is_none() => {
                    connection.close(CloseCode::NotAdmitted);
                }
                _ => {}
            }
        }
    }

    fn tell(&mut self, id: ConnectionId, message: &ServerMessage) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.tell(message);
        }
    }

    /// Tells connections how many of their frames are dealt with. What rests on something missing is not.
    fn tell_saved(&mut self, ids: impl Iterator<Item = ConnectionId>) {
        for id in ids {
            let Some(connection) = self.connections.get_mut(&id) else { continue };
            let through = connection.gap.map_or(connection.received, |gap| gap - 1);
            if through > connection.saved {
                connection.saved = through;
                connection.tell(&ServerMessage::Saved { through });
            }
        }
    }
}

/// A command as it stands in the log.
pub(crate) fn commanded(by: ParticipantId, message: &ClientMessage) -> Body {
    let json = serde_json::to_string(&message.command).expect("commands are plain data");
    Body::Commanded { by, message: message.id, json }
}

fn denied(refusal: &Refusal, re: Option<MessageId>, frame: Option<u64>, taken_back: bool) -> ServerMessage {
    ServerMessage::Denied {
        re,
        frame,
        code: refusal.code.to_owned(),
        reason: refusal.sentence.clone().into_owned(),
        taken_back,
    }
}
