//! What a facilitator's commands do.

use plumbline_shared::{
    ids::{MessageId, ParticipantId, StepId},
    messages::{Command, Seen},
    words::StepState,
};
use yrs::Transact;

use super::{Effect, Session, refusal::Refusal, writer::kind_of};

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
                if !self.go_to(seen, *step)? {
                    return Ok(Vec::new());
                }
                return Ok(self.publish_rested_flags(seed));
            }
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
                self.write(|writer| {
                    writer.session("focus", focus.clone());
                    writer.session("focus_only", only);
                });
            }
            Command::Close { seen } => {
                self.current(seen)?;
                self.stand.closed = true;
                self.stand.deadline = None;
                self.write(|writer| {
                    writer.session("closed", true);
                    writer.session("deadline", milliseconds(None));
                });
                // Or closing and resuming would show each flag as it is raised.
                if std::mem::replace(&mut self.stand.all_published, true) {
                    return Ok(self.publish_rested_flags(seed));
                }
                return Ok(self.publish_all_flags(seed));
            }
            Command::Resume { seen } => {
                self.current(seen)?;
                self.stand.closed = false;
                self.write(|writer| writer.session("closed", false));
            }
            Command::Name { participant, role } => {
                let member = self.people.name_as(*participant, *role)?.clone();
                self.write(|writer| writer.person(&member));
                return Ok(vec![Effect::RoleChanged(*participant)]);
            }
            Command::Rename { participant, name } => {
                let member = self.people.rename(*participant, name)?.clone();
                self.write(|writer| writer.person(&member));
                return Ok(vec![Effect::RoleChanged(*participant)]);
            }
            Command::Remove { participant } => {
                self.people.remove(*participant)?;
                let participant = *participant;
                self.write(|writer| writer.forget(participant));
                return Ok(vec![Effect::Removed(participant)]);
            }
            Command::Merge { from, into } => return self.merge_people(*from, *into),
            Command::Person { name } => {
                // The message's id is drawn by its sender and unique in the session: so is the person's.
                let member = self.people.enter(ParticipantId(message.0), name)?.clone();
                self.write(|writer| writer.person(&member));
            }
            Command::MergeProjects { from, into } => return self.merge_projects(*from, *into, seed),
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
        self.stand.step = step;
        self.kind = kind;
        self.stand.round = 1;
        self.stand.state = StepState::Open;
        self.stand.deadline = None;
        self.write(|writer| {
            writer.stand(step, 1, StepState::Open);
            writer.session("deadline", milliseconds(None));
        });
        Ok(true)
    }

    /// Whether what the facilitator saw is what is.
    fn current(&self, seen: &Seen) -> Result<(), Refusal> {
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
