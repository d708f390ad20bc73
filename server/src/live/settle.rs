//! What becomes of a round: applied, answered, sent; or not saved.

use std::{ops::Bound, time::Instant};

use plumbline_shared::{ids::ParticipantId, messages::ServerMessage, wire::CloseCode};

use super::{
    ConnectionId, LOGGED_WITHIN, SAVED_WITHIN,
    append::Saved,
    batch::{Round, Waiting, denied, fault},
    closes::closed_by,
    connection::Connection,
    load,
    request::{Reply, Request},
    run::{Run, Saving},
};
use crate::{
    session::{
        Done, Effect, Outcome, Refusal,
        entry::{Body, Entry},
    },
    store::{Position, StoreError},
};

impl Run {
    /// The round that was being saved is, or cannot be.
    pub(super) async fn settle(&mut self, saved: Result<Saved, StoreError>) {
        let Some(Saving { mut round, .. }) = self.saving.take() else { return };
        match saved {
            Ok(Saved::At(positions)) => self.apply(&mut round, positions).await,
            Ok(Saved::Read(entries)) => {
                self.apply_read(&mut round, entries).await;
                // What is left stands in the log for the second time, or was read in between.
                for (_, waiting) in std::mem::take(&mut round.proposed) {
                    self.conclude(&mut round, waiting, Outcome::Nothing);
                }
            }
            Ok(Saved::Torn) => {
                for (_, waiting) in round.proposed.drain(..) {
                    if let Waiting::Reply(reply) = waiting {
                        // Whoever asked may have gone.
                        let _ = reply.send(Err(not_saved_yet()));
                    }
                }
                self.torn().await;
            }
            Err(error) => {
                tracing::error!(log = %self.log, %error, "cannot save");
                for (_, waiting) in round.proposed.drain(..) {
                    if let Waiting::Reply(reply) = waiting {
                        // Whoever asked may have gone.
                        let _ = reply.send(Err(not_saved()));
                    }
                }
                // Nobody may go on from what is not in the log.
                self.close_all(CloseCode::Fault);
                return;
            }
        }
        if !self.broken {
            self.answer_round(round);
        }
    }

    /// Answers what a round was asked, and tells how far everybody is saved.
    pub(super) fn answer_round(&mut self, round: Round) {
        self.heed_step();
        for (id, known) in round.asked {
            self.answer(id, known);
        }
        for (id, message) in round.messages {
            if let Some(connection) = self.connections.get_mut(&id) {
                connection.tell(&message);
            }
        }
        for id in round.sent {
            if let Some(connection) = self.connections.get_mut(&id) {
                // What rests on something missing is not dealt with, nor is what comes after it.
                connection.save(connection.gap.map_or(connection.received, |gap| gap - 1));
            }
        }
        if self.gathered().is_some_and(|at| at <= Instant::now()) {
            self.fan_out();
        }
    }

    async fn apply(&mut self, round: &mut Round, positions: Vec<Position>) {
        for ((entry, waiting), position) in std::mem::take(&mut round.proposed).into_iter().zip(positions) {
            if !self.apply_one(round, position, entry, waiting).await {
                return;
            }
        }
        for (position, entry) in std::mem::take(&mut round.voids) {
            self.session.pass_over(position, &entry);
        }
    }

    /// Applies one entry and concludes it. Whether there is a state to go on from.
    pub(super) async fn apply_one(
        &mut self,
        round: &mut Round,
        position: Position,
        entry: Entry,
        waiting: Waiting,
    ) -> bool {
        self.since_snapshot += 1;
        self.node.metrics().applied(1);
        let outcome = match load::apply(&mut self.session, position, &entry) {
            Ok(outcome) => outcome,
            Err(error) => {
                tracing::error!(log = %self.log, %position, fault = %error, "an entry cannot be applied and is voided");
                let void = self.void(position, &entry).await;
                // Where others append too, it is read anew from the log: what stands behind the entry is more than ours.
                let Some(void) = void.filter(|_| self.following.is_none()) else {
                    self.broken = true;
                    return false;
                };
                round.voids.push(void);
                Outcome::Refused(fault())
            }
        };
        if let (Outcome::Done(done), Waiting::Frame(id, _), Body::Update { by, .. }) =
            (&outcome, &waiting, &entry.body)
            && self.connections.get(id).is_none_or(Connection::is_gone)
        {
            // They may be back already: a line that broke is opened anew within a moment, and saving takes longer.
            let back = self
                .connections
                .range_mut((Bound::Excluded(id), Bound::Unbounded))
                .map(|(_, connection)| connection)
                .find(|later| later.typed && later.identity.participant == Some(*by) && !later.is_gone());
            let told = done.taken_back.iter().map(|refusal| denied(refusal, None, None, true));
            match back {
                Some(back) => told.for_each(|message| back.tell(&message)),
                None => told.for_each(|message| self.untold.keep(*by, message)),
            }
        }
        self.closes.extend(closed_by(&self.session, position, &outcome));
        if !self.closes.is_empty() {
            // Before anybody is told that the session is closed.
            self.log_closes(LOGGED_WITHIN).await;
            self.stagger_erasing();
        }
        self.conclude(round, waiting, outcome);
        true
    }

    /// Says in the log that an entry counts for nothing, and goes back to the state before it. What came after it in
    /// its round is applied then as if it had not been. The entry that says so, unless the state cannot be built anew.
    async fn void(&mut self, position: Position, entry: &Entry) -> Option<(Position, Entry)> {
        let void = self.node.entry(Body::Voided { at: position.at, number: position.n });
        // Once: if it cannot be said now, it is said by whoever loads the session next.
        let appended = self.node.store().append(&self.log, vec![void.to_bytes()]).await;
        let at = match appended {
            Ok(positions) => *positions.first()?,
            Err(error) => {
                tracing::error!(log = %self.log, %error, "an entry cannot be voided now");
                return None;
            }
        };
        match load::load_before(self.node.store(), &self.log, position).await {
            Ok(loaded) => self.session = loaded.session,
            Err(error) => {
                tracing::error!(log = %self.log, %error, "the session cannot be built anew");
                return None;
            }
        }
        self.session.pass_over(position, entry);
        Some((at, void))
    }

    /// Tells whoever waits what became of an entry.
    pub(super) fn conclude(&mut self, round: &mut Round, waiting: Waiting, outcome: Outcome) {
        let mut reply: Reply = Ok(Done::default());
        match outcome {
            Outcome::Nothing => {}
            Outcome::Done(mut done) => {
                if !done.update.is_empty() {
                    self.room.add(done.update.len());
                    self.unsent.push(std::mem::take(&mut done.update));
                    self.unsent_since.get_or_insert_with(Instant::now);
                }
                let from = match &waiting {
                    Waiting::Message(id, _) => Some(*id),
                    _ => None,
                };
                for effect in &done.effects {
                    self.carry_out(effect, from);
                }
                if let Waiting::Frame(id, number) = &waiting {
                    for refusal in &done.taken_back {
                        self.node.metrics().taken_back(refusal.code);
                        round.messages.push((*id, denied(refusal, None, Some(*number), true)));
                    }
                }
                reply = Ok(done);
            }
            Outcome::Gap => {
                if let Waiting::Frame(id, number) = &waiting
                    && let Some(connection) = self.connections.get_mut(id)
                {
                    if connection.refused.is_some() {
                        // What it rested on was refused a moment ago.
                        self.goes_on(*id);
                    } else {
                        let is_first = connection.gap.is_none();
                        connection.gap.get_or_insert(*number);
                        if is_first {
                            self.ask_for_more(*id);
                        }
                    }
                }
                reply = Err(Refusal::new("incomplete", "This change rests on others that never arrived."));
            }
            Outcome::Refused(refusal) => {
                if let Waiting::Frame(id, number) = &waiting {
                    self.refuse(*id, *number, &refusal);
                }
                if !matches!(waiting, Waiting::Frame(..)) {
                    self.node.metrics().refused(refusal.code);
                }
                reply = Err(refusal);
            }
        }
        match waiting {
            Waiting::Frame(..) | Waiting::Nobody => {}
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

    fn carry_out(&mut self, effect: &Effect, from: Option<ConnectionId>) {
        match effect {
            Effect::Balloted(who) => return self.tell_ballot(*who, from),
            Effect::Round => return self.tell_ballots(),
            Effect::Flagged(who) => return self.tell_flags(*who),
            Effect::Flagging(who) => return self.hide_flagging(Some(*who)),
            Effect::FlagsPublished => return self.hide_flagging(None),
            _ => {}
        }
        let quiet = self.is_quiet();
        for connection in self.connections.values_mut() {
            let of = |who: &ParticipantId| connection.identity.participant == Some(*who);
            match effect {
                Effect::Removed(who) if of(who) => connection.close(CloseCode::Refused),
                // They come back by themselves, with the same token, and are told who they are; or why they are not let in.
                Effect::Merged(who) if of(who) => {
                    let stays = self.session.people().identify(&connection.token).is_some();
                    connection.close(if stays { CloseCode::GoingAway } else { CloseCode::NotAdmitted });
                }
                Effect::Entered(who) if of(who) => connection.tell(&ServerMessage::Entered),
                Effect::RoleChanged(who) if of(who) => {
                    let member = self.session.people().get(*who);
                    if let Some(member) = member {
                        connection.identity.role = member.role;
                    }
                    self.presences.rename(connection.presence, member, quiet);
                }
                Effect::Rotated(_) | Effect::Left
                    if self.session.people().identify(&connection.token).is_none() =>
                {
                    connection.close(CloseCode::NotAdmitted);
                }
                _ => {}
            }
        }
    }

    /// Whoever waits over HTTP is not left waiting while nothing can be saved.
    pub(super) fn tell_who_waits_too_long(&mut self) {
        let Some(saving) = &mut self.saving else { return };
        if saving.since.elapsed() >= SAVED_WITHIN {
            for (_, waiting) in &mut saving.round.proposed {
                if matches!(waiting, Waiting::Reply(_))
                    && let Waiting::Reply(reply) = std::mem::replace(waiting, Waiting::Nobody)
                {
                    // It is on its way and may still get there.
                    let _ = reply.send(Err(not_saved_yet()));
                }
            }
        }
        self.refuse_proposals(|since| since.elapsed() >= SAVED_WITHIN);
    }

    /// Nothing more is saved: who waits is told.
    pub(super) fn give_up_waiting(&mut self) {
        for (_, waiting) in self.saving.take().into_iter().flat_map(|saving| saving.round.proposed) {
            if let Waiting::Reply(reply) = waiting {
                let _ = reply.send(Err(not_saved_yet()));
            }
        }
        self.refuse_proposals(|_| true);
        self.waiting.clear();
    }

    /// Takes proposals back that have not been on their way yet.
    fn refuse_proposals(&mut self, which: impl Fn(Instant) -> bool) {
        for request in std::mem::take(&mut self.waiting) {
            match request {
                Request::Propose(proposal) if which(proposal.since) => {
                    let _ = proposal.reply.send(Err(not_saved()));
                }
                other => self.waiting.push_back(other),
            }
        }
    }
}

pub(super) fn not_saved() -> Refusal {
    Refusal::new("not_saved", "The server cannot save at the moment, and this was not saved. Try again soon.")
}

fn not_saved_yet() -> Refusal {
    Refusal::new(
        "not_saved",
        "The server cannot save at the moment. This may still be saved when it can: look before you repeat it.",
    )
}
