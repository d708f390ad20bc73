//! The final word on every entry.

use std::collections::BTreeMap;

use plumbline_shared::{
    ids::{MessageId, ParticipantId},
    limits,
    messages::Command,
    order, policy,
    schema::Root,
    words::{Role, StepKind, StepState},
};
use yrs::Transact;

use super::{
    Answered, BALLOTS_SINCE, CHECKPOINTS_SINCE, Done, Effect, Fault, MESSAGES_REMEMBERED, Outcome, RULES,
    Session, Stand,
    ballots::Ballots,
    doors::Held,
    empty_document,
    entry::{Body, By, Entry, Founded, Joined, Whose},
    flags::Flags,
    guard,
    kept::Kept,
    ledger::Ledger,
    people::People,
    refusal::Refusal,
    writer::Writer,
};
use crate::store::Position;

impl Session {
    /// Begins a session from the first entry of its log.
    ///
    /// # Errors
    /// When the entry is not a founding, or needs rules that this release does not have.
    pub fn found(position: Position, entry: &Entry) -> Result<(Self, Done), Fault> {
        let Body::Founded(founded) = &entry.body else { return Err(Fault::Unfounded) };
        if !RULES.contains(&founded.rules) {
            return Err(Fault::Rules(founded.rules));
        }
        let mut session = Self {
            id: founded.session,
            rules: founded.rules,
            position,
            clock: position.at,
            seen: BTreeMap::from([(entry.origin, entry.sequence)]),
            stand: Stand {
                title: founded.title.clone(),
                step: founded.step,
                round: 1,
                state: StepState::Open,
                locked: false,
                closed: false,
                deadline: None,
                founded_at: position.at,
                all_published: false,
                entered: None,
                late: 0,
                only: None,
                demonstration: founded.demonstration,
            },
            people: People::default(),
            messages: BTreeMap::new(),
            ledger: Ledger::default(),
            flags: Flags::default(),
            ballots: Ballots::default(),
            kept: Kept::default(),
            shown: position,
            guard: guard::Index::default(),
            doc: empty_document(),
            kind: StepKind::Board,
            written: Vec::new(),
        };
        session.write_founding(founded);
        let done = session.done();
        Ok((session, done))
    }

    /// Applies one entry: accepted with effects, or refused with a reason. Everything that every replica must agree
    /// on is decided here and nowhere else.
    ///
    /// # Errors
    /// When the state cannot be trusted any more and has to be built anew.
    pub fn apply(&mut self, position: Position, entry: &Entry) -> Result<Outcome, Fault> {
        let outcome = self.fold(position, entry)?;
        if matches!(&outcome, Outcome::Done(done) if !done.update.is_empty()) {
            self.shown = position;
        }
        Ok(outcome)
    }

    fn fold(&mut self, position: Position, entry: &Entry) -> Result<Outcome, Fault> {
        if position <= self.position {
            return Ok(Outcome::Nothing);
        }
        self.position = position;
        self.clock = self.clock.max(position.at);
        let seen = self.seen.entry(entry.origin).or_insert(0);
        if entry.sequence <= *seen {
            return Ok(Outcome::Nothing);
        }
        *seen = entry.sequence;
        self.written.clear();
        let outcome = match &entry.body {
            Body::Update { by, update } => return self.update(*by, update),
            Body::Commanded { by, message, json } => self.commanded(*by, *message, json),
            Body::Joined(joined) => self.join(joined),
            Body::Imported { by, rows, currency, file } => match self.may_import(*by) {
                Ok(()) => {
                    let imported = self.import(rows, currency.as_deref());
                    if let Some(file) = file {
                        self.kept.import(file, rows.len(), self.clock);
                    }
                    let mut done = self.done();
                    done.imported = Some(imported);
                    return Ok(Outcome::Done(done));
                }
                Err(refusal) => Err(refusal),
            },
            Body::PillarsImported { by, rows } => match self.may_import(*by) {
                Ok(()) => {
                    let imported = self.import_pillars(rows);
                    let mut done = self.done();
                    done.imported = Some(imported);
                    return Ok(Outcome::Done(done));
                }
                Err(refusal) => Err(refusal),
            },
            Body::Linked { participant, token, with } if self.has_seats() => {
                self.people.offer(*participant, *token, with.map(|with| with.0)).map(|()| Vec::new())
            }
            Body::Linked { participant, token, .. } => {
                self.people.link(*participant, *token).map(|()| Vec::new())
            }
            Body::Rotated { whose, token, by, with } if self.has_seats() => {
                self.renew(*whose, *token, by.map(|by| by.0), with.map(|with| with.0))
            }
            Body::Rotated { whose, token, by, .. } => self.rotate(*whose, *token, by.map(|by| by.0)),
            Body::Entered { link, token } => self.come_in(link, *token),
            Body::Left { .. } | Body::Used { .. } if !self.has_seats() => return Ok(Outcome::Nothing),
            Body::Left { token } => self.people.leave(token).map(|_| vec![Effect::Left]),
            Body::Used { tokens } => {
                tokens.iter().for_each(|token| self.people.saw(&token.0, self.clock));
                Ok(Vec::new())
            }
            Body::AgendaImported { by, steps } => self.import_agenda(*by, steps),
            Body::Earlier(earlier) => {
                self.may_import(earlier.by).and_then(|()| self.open_checkpoint(earlier)).map(|()| Vec::new())
            }
            Body::BallotsErased => {
                self.ballots.erased();
                Ok(Vec::new())
            }
            Body::Attended { here } => {
                self.attended(here);
                Ok(Vec::new())
            }
            Body::FlagsPublished { seed } => Ok(self.publish_rested_flags(*seed)),
            Body::Rules { version } => {
                if !RULES.contains(version) {
                    return Err(Fault::Rules(*version));
                }
                self.rules = *version;
                Ok(Vec::new())
            }
            // A second founding changes nothing; voided entries are left out before they get here.
            Body::Founded(_) | Body::Voided { .. } => return Ok(Outcome::Nothing),
        };
        Ok(match outcome {
            Ok(effects) => {
                let mut done = self.done();
                done.effects = effects;
                Outcome::Done(done)
            }
            Err(refusal) => Outcome::Refused(refusal),
        })
    }

    /// Passes over an entry that counts for nothing, as a later one says. Its number is used up all the same: should
    /// it stand in the log a second time, that one counts for nothing either.
    pub fn pass_over(&mut self, position: Position, entry: &Entry) {
        if position > self.position {
            self.position = position;
            self.clock = self.clock.max(position.at);
            let seen = self.seen.entry(entry.origin).or_insert(0);
            *seen = entry.sequence.max(*seen);
        }
    }

    /// Writes to the board as the server, and tells the guard.
    pub(super) fn write(&mut self, write: impl FnOnce(&mut Writer<'_, '_>)) {
        let update = {
            let mut txn = self.doc.transact_mut();
            write(&mut Writer::new(&mut txn));
            txn.encode_update_v1()
        };
        self.learn(&update);
        self.written = if self.written.is_empty() {
            update
        } else {
            yrs::merge_updates_v1([&self.written, &update]).expect("both are updates of our own document")
        };
    }

    fn learn(&mut self, update: &[u8]) {
        self.guard.learn(update).expect("what our own document writes is what the guard understands");
    }

    /// What the entry has come to so far.
    pub(super) fn done(&mut self) -> Done {
        // Two bytes are an update with nothing in it.
        let update = std::mem::take(&mut self.written);
        Done { update: if update.len() > 2 { update } else { Vec::new() }, ..Done::default() }
    }

    fn write_founding(&mut self, founded: &Founded) {
        let member = self.people.found(founded, self.seen_now()).cloned();
        let (step, title) = (founded.step, founded.title.clone());
        let step_title = founded.step_title.clone();
        let (single, demonstration) = (founded.steps.is_empty(), founded.demonstration);
        if single {
            self.ledger.note(Root::Agenda, &step.to_string(), true);
        }
        self.write(|writer| {
            writer.session("title", title);
            writer.session("locked", false);
            writer.session("closed", false);
            if demonstration {
                writer.session("demonstration", true);
            }
            if single {
                writer.step(step, StepKind::Board, &step_title, &order::between(None, None));
                writer.stand(step, 1, StepState::Open);
            }
            if let Ok(member) = &member {
                writer.person(member);
            }
        });
        self.write_agenda(&founded.steps);
    }

    fn join(&mut self, joined: &Joined) -> Result<Vec<Effect>, Refusal> {
        // Whoever hands out a role has it to give now, and not only when they asked.
        let may = match joined.by {
            Some(By(by)) => self.actor(by).is_some_and(|actor| actor.drives()),
            None => joined.role == Role::Participant,
        };
        if !may {
            return Err(policy::Denied::FacilitatorOnly.into());
        }
        if self.stand.closed {
            return Err(Refusal::new("closed", "The session is closed. Ask the facilitator to resume it."));
        }
        let seen = self.seen_now();
        // Whom somebody else has asked in comes by a link, and not by a token that both have.
        let by = joined.by.filter(|_| self.has_seats());
        let token = Held { hash: joined.token, seen };
        let member = self.people.join(joined, by.is_none().then_some(token))?.clone();
        if let Some(By(by)) = by {
            self.people.expect(member.id, joined.token, by);
        }
        self.write(|writer| writer.person(&member));
        Ok(self.may_vote(member.id))
    }

    /// Whoever has come, or has another role, may answer in the rounds that are open, or may not any more.
    pub(super) fn may_vote(&mut self, who: ParticipantId) -> Vec<Effect> {
        match self.actor(who).map(|actor| actor.role) {
            Some(Role::Participant | Role::Scribe | Role::Decider) => self.ballots.welcome(who),
            // A facilitator is counted once they answer, and goes on being so.
            Some(Role::Facilitator) => {}
            Some(Role::Observer) | None => self.ballots.lose(who),
        }
        vec![Effect::Balloted(who)]
    }

    fn rotate(
        &mut self,
        whose: Whose,
        token: [u8; 32],
        by: Option<ParticipantId>,
    ) -> Result<Vec<Effect>, Refusal> {
        if by.is_some_and(|by| !self.actor(by).is_some_and(|actor| actor.drives())) {
            return Err(policy::Denied::FacilitatorOnly.into());
        }
        self.people.rotate(whose, token, by, 0)?;
        let mut effects = vec![Effect::Rotated(whose)];
        if let Whose::Participant(id) = whose
            && by != Some(id)
        {
            // Whoever made the new token could come in by it, and must not read a flag by that.
            self.flags.withhold(id);
            self.ballots.withhold(id);
            effects.push(Effect::Flagged(id));
            effects.push(Effect::Balloted(id));
        }
        Ok(effects)
    }

    /// Replaces tokens, so that nobody has one that somebody else has, too: see `doors`.
    fn renew(
        &mut self,
        whose: Whose,
        token: [u8; 32],
        by: Option<ParticipantId>,
        with: Option<[u8; 32]>,
    ) -> Result<Vec<Effect>, Refusal> {
        let by = by.filter(|by| self.actor(*by).is_some_and(|actor| actor.drives()));
        let by = by.ok_or(policy::Denied::FacilitatorOnly)?;
        // Whoever was replaced meanwhile must not get a way in by what they asked for before.
        self.people.opens(by, with)?;
        let mut effects = vec![Effect::Rotated(whose)];
        match whose {
            Whose::Participant(id) if id == by => self.people.replace(id, token, self.clock)?,
            Whose::Participant(id) => {
                self.people.renew(id, token, Some(by))?;
                self.withhold_all(id);
                effects.extend([Effect::Flagged(id), Effect::Balloted(id)]);
            }
            Whose::Facilitator | Whose::Observer => {
                self.people.rotate(whose, token, Some(by), self.clock)?;
            }
        }
        Ok(effects)
    }

    /// Nobody is told any more what somebody has answered or asked in private, since others may sit in their seat from
    /// now on; nor can they find it out by answering.
    pub(super) fn withhold_all(&mut self, who: ParticipantId) {
        self.flags.unsign(who);
        self.ballots.withhold(who);
        self.ballots.unsign(who);
        self.ballots.forget_recusals(who);
    }

    /// Somebody uses a link that is good once.
    fn come_in(&mut self, link: &[u8; 32], token: [u8; 32]) -> Result<Vec<Effect>, Refusal> {
        let (who, by_another) = self.people.come_in(link, token, self.clock)?;
        if by_another
            && let (Some(member), Some(by)) = (self.people.get(who).cloned(), self.people.let_in_by(who))
        {
            self.write(|writer| writer.let_in(&member, &by));
        }
        Ok(vec![Effect::Entered(who)])
    }

    fn may_import(&self, by: ParticipantId) -> Result<(), Refusal> {
        let actor = self.actor(by).filter(policy::Actor::drives);
        if actor.is_none() {
            return Err(policy::Denied::FacilitatorOnly.into());
        }
        if self.stand.closed {
            return Err(Refusal::new("closed", "The session is closed. Resume it first."));
        }
        Ok(())
    }

    /// A command, unless this message has been answered before: then the answer stands.
    fn commanded(
        &mut self,
        by: ParticipantId,
        message: MessageId,
        json: &str,
    ) -> Result<Vec<Effect>, Refusal> {
        match self.answered(by, message) {
            Some(Ok(())) => return Ok(Vec::new()),
            Some(Err((code, sentence))) => return Err(Refusal::recalled(code, sentence)),
            None => {}
        }
        let result = self.drive(by, message, json);
        let answers = self.messages.entry(*by.0.as_bytes()).or_default();
        if answers.len() >= MESSAGES_REMEMBERED {
            answers.pop_front();
        }
        let refused = result
            .as_ref()
            .err()
            .map(|refusal| (refusal.code.to_owned(), refusal.sentence.clone().into_owned()));
        answers.push_back(Answered { message, refused });
        result
    }

    fn drive(&mut self, by: ParticipantId, message: MessageId, json: &str) -> Result<Vec<Effect>, Refusal> {
        let actor = self.actor(by).ok_or(policy::Denied::FacilitatorOnly)?;
        if json.len() > limits::MESSAGE {
            return Err(Refusal::new("too_large", "This message is too large."));
        }
        let command: Command = serde_json::from_str(json)
            .map_err(|_| Refusal::new("unknown_message", "This server does not know this message."))?;
        if self.rules < BALLOTS_SINCE && command.is_of_ballots() {
            return Err(Refusal::new(
                "older_session",
                "This session began under an older release, which had no ballots. Begin a new one.",
            ));
        }
        if self.rules < CHECKPOINTS_SINCE && matches!(command, Command::Recognise { .. }) {
            // As the release answered under which it began.
            return Err(Refusal::new("unknown_message", "This server does not know this message."));
        }
        if self.has_seats() && command.is_private() {
            // It stands in the log, refused or not.
            if self.stand.closed { self.ballots.owe() } else { self.ballots.keeps_a_secret() }
        }
        policy::commands(&actor, &self.moment(), &command)?;
        policy::texts(&command)?;
        self.command(by, message, &command)
    }
}
