//! What a facilitator's commands do.

use plumbline_shared::{
    ids::{MessageId, ParticipantId, StepId},
    messages::{Command, Seen},
    words::{StepKind, StepState},
};
use yrs::Transact;

use super::{BALLOTS_SINCE, Effect, Only, Session, people::is_blank, refusal::Refusal, writer::kind_of};

/// From how many seconds on a step was no step any more, but a session that lay still: three hours.
const LONGEST_STEP: u64 = 3 * 60 * 60;

/// The longest time that a timer can be set to, in seconds: a day.
const LONGEST_TIMER: u32 = 24 * 60 * 60;

impl Session {
    /// Carries out a command; returns what others have to do about it.
    pub(super) fn command(
        &mut self,
        by: ParticipantId,
        message: MessageId,
        command: &Command,
    ) -> Result<Vec<Effect>, Refusal> {
        // A shuffle needs a number that is in the entry. That the client made it does no harm: see `flags`.
        let seed = message.0.as_u64_pair().1;
        match command {
            Command::GoTo { seen, step } => {
                let commits = self.kind == StepKind::Commit;
                if !self.go_to(seen, *step)? {
                    return Ok(Vec::new());
                }
                if commits {
                    self.publish_dissent(seed);
                }
                let mut effects = self.publish_rested_flags(seed);
                effects.push(Effect::Round);
                return Ok(effects);
            }
            Command::Open { seen } => return self.open(seen),
            Command::Seal { seen } => return self.seal(seen),
            Command::Reveal { seen } => return self.reveal(seen, seed),
            Command::Again { seen } => return self.again(seen),
            Command::PlaceAgreed { seen, undo } => return self.place_agreed(seen, *undo),
            Command::DecideAgreed { seen, undo } => return self.decide_agreed(seen, *undo),
            Command::Describe { purpose, decider, rule } => {
                let lines = [("purpose", purpose), ("decider", decider), ("rule", rule)];
                self.write(|writer| {
                    for (name, text) in lines {
                        if let Some(text) = text {
                            writer.session(name, text.trim_matches(is_blank));
                        }
                    }
                });
            }
            Command::Sponsor { sponsor, participant } => return self.match_sponsor(sponsor, *participant),
            Command::Paper { participant, step, round, answers } => {
                return self.paper(*participant, (*step, *round), answers);
            }
            Command::Check { step, item, claim, stands } => {
                return self.check(by, *step, item, *claim, *stands);
            }
            Command::Cast { step, round, item, value } => {
                return self.cast(by, (*step, *round), item, value.as_ref());
            }
            Command::Done { step, round, done } => return self.finish(by, (*step, *round), *done),
            Command::Recuse { project, out } => return self.recuse(by, *project, *out),
            Command::Dissent { about, text } => return self.dissent(by, about, text.as_deref()),
            Command::Sign { about, stance, reason } => return self.sign(by, about, *stance, reason),
            Command::Timer { seen, seconds } => {
                self.current(seen)?;
                if *seconds > LONGEST_TIMER {
                    return Err(Refusal::new("bad_timer", "A timer runs for a day at most."));
                }
                let deadline = (*seconds > 0).then(|| self.clock + u64::from(*seconds) * 1_000);
                self.stand.deadline = deadline;
                self.write(|writer| writer.session("deadline", milliseconds(deadline)));
            }
            Command::Lock { seen, locked } => {
                self.current(seen)?;
                self.stand.locked = *locked;
                self.write(|writer| writer.session("locked", *locked));
            }
            Command::Focus { seen, project, only } => {
                self.current(seen)?;
                let focus = project.map(|project| project.to_string());
                let only = *only && focus.is_some();
                self.stand.only = project.filter(|_| only).map(Only);
                self.write(|writer| {
                    writer.session("focus", focus.clone());
                    writer.session("focus_only", only);
                });
            }
            Command::Show { seen, beat } => {
                self.current(seen)?;
                if self.stand.state != StepState::Revealed {
                    return Err(Refusal::new("not_revealed", "Reveal this round first."));
                }
                self.write(|writer| writer.session("beat", beat.as_str()));
            }
            Command::Close { seen } => {
                self.current(seen)?;
                self.stand.closed = true;
                self.stand.deadline = None;
                self.write(|writer| {
                    writer.session("closed", true);
                    writer.session("deadline", milliseconds(None));
                });
                self.publish_dissent(seed);
                self.forget_ballots();
                self.forget_refusals();
                // Or closing and resuming would show each flag as it is raised.
                let mut effects = if std::mem::replace(&mut self.stand.all_published, true) {
                    self.publish_rested_flags(seed)
                } else {
                    self.publish_all_flags(seed)
                };
                effects.extend([Effect::Round, Effect::Closed]);
                return Ok(effects);
            }
            Command::Resume { seen } => {
                self.current(seen)?;
                self.stand.closed = false;
                self.write(|writer| writer.session("closed", false));
                return Ok(vec![Effect::Round]);
            }
            Command::Name { participant, role } => {
                let member = self.people.name_as(*participant, *role)?.clone();
                self.write(|writer| writer.person(&member));
                let mut effects = vec![Effect::RoleChanged(*participant)];
                effects.extend(self.may_vote(*participant));
                return Ok(effects);
            }
            Command::Rename { participant, name } => {
                let member = self.people.rename(*participant, name)?.clone();
                self.write(|writer| writer.person(&member));
                return Ok(vec![Effect::RoleChanged(*participant)]);
            }
            Command::Remove { participant } => {
                self.people.remove(*participant, self.has_seats())?;
                let participant = *participant;
                self.ballots.lose(participant);
                self.write(|writer| writer.forget(participant));
                return Ok(vec![Effect::Removed(participant), Effect::Balloted(participant)]);
            }
            Command::Merge { from, into } => return self.merge_people(*from, *into),
            Command::Person { name } => {
                // The message's id is drawn by its sender and unique in the session: so is the person's.
                let member = self.people.enter(ParticipantId(message.0), name)?.clone();
                self.write(|writer| writer.person(&member));
                return Ok(self.may_vote(member.id));
            }
            Command::MergeProjects { from, into } => return self.merge_projects(*from, *into, seed),
            Command::Recognise { project, row, is } => return self.recognise(*project, *row, *is, seed),
            Command::Flag { project, reason } => return self.flag(by, *project, reason.as_deref()),
        }
        Ok(Vec::new())
    }

    /// Whether the session was not at that step already: then nothing changes.
    fn go_to(&mut self, seen: &Seen, step: StepId) -> Result<bool, Refusal> {
        self.current(seen)?;
        let Some(kind) = kind_of(&self.doc.transact(), step) else {
            return Err(Refusal::new("no_such_step", "The agenda has no such step. Reload the page."));
        };
        if step == self.stand.step {
            return Ok(false);
        }
        self.stand.all_published = false;
        self.leave();
        self.enter(step, kind);
        Ok(true)
    }

    /// The current step is left: what it took beyond its plan counts, unless the session lay still.
    fn leave(&mut self) {
        let Some(entered) = self.stand.entered else { return };
        let spent = self.clock.saturating_sub(entered) / 1_000;
        let planned = self.planned(self.stand.step) * 60;
        if spent < LONGEST_STEP {
            let over = i64::try_from(spent).unwrap_or(0) - i64::try_from(planned).unwrap_or(0);
            self.stand.late = self.stand.late.saturating_add(over);
        }
    }

    /// The minutes that the agenda plans for a step.
    fn planned(&self, step: StepId) -> u64 {
        let board = self.board();
        board.agenda.iter().find(|known| known.id == step).map_or(0, |step| step.minutes.into())
    }

    /// The session is at this step from now on.
    pub(super) fn enter(&mut self, step: StepId, kind: StepKind) {
        let (round, state) = self.stand_of(step);
        self.stand.step = step;
        self.kind = kind;
        self.stand.round = round;
        self.stand.state = state;
        let timed = self.rules >= BALLOTS_SINCE;
        let minutes = if timed { self.planned(step) } else { 0 };
        // The first step of all begins when somebody sets its time, or goes on: a session is made days ahead.
        let began = self.clock > self.stand.founded_at;
        self.stand.deadline = (minutes > 0 && began).then(|| self.clock + minutes * 60_000);
        self.stand.entered = (timed && began).then_some(self.clock);
        self.stand.only = None;
        let (deadline, entered, late) = (self.stand.deadline, self.stand.entered, self.stand.late);
        self.write(|writer| {
            writer.stand(step, round, state);
            writer.session("deadline", milliseconds(deadline));
            if timed {
                writer.session("entered", milliseconds(entered));
                writer.session("late", late as f64);
                writer.session("focus", Option::<String>::None);
                writer.session("focus_only", false);
                writer.begin_telling();
            }
        });
    }

    /// Whether what the facilitator saw is what is.
    pub(super) fn current(&self, seen: &Seen) -> Result<(), Refusal> {
        if seen.step == self.stand.step && seen.round == self.stand.round {
            return Ok(());
        }
        Err(Refusal::new("stale", "Somebody was faster: the session is at another step already. Look again."))
    }
}

/// A moment as the board has it: JavaScript's numbers hold milliseconds exactly.
#[allow(clippy::cast_precision_loss)]
fn milliseconds(at: Option<u64>) -> Option<f64> {
    at.map(|at| at as f64)
}
