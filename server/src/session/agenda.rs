//! The agenda as a template brings it.

use plumbline_shared::{ids::ParticipantId, order, policy::Denied, schema::Root};

use super::{BALLOTS_SINCE, Effect, Session, entry::StepRow, refusal::Refusal};

impl Session {
    /// Writes the steps of a template and goes to the first of them.
    pub(super) fn write_agenda(&mut self, steps: &[StepRow]) {
        let Some(first) = steps.first() else { return };
        let orders = order::sequence(steps.len());
        for step in steps {
            self.ledger.note(Root::Agenda, &step.id.to_string(), true);
        }
        self.write(|writer| {
            for (step, order) in steps.iter().zip(&orders) {
                writer.step_row(step, order);
            }
        });
        self.enter(first.id, first.kind);
    }

    /// Takes another agenda, as long as no ballot of the one before has been opened.
    pub(super) fn import_agenda(
        &mut self,
        by: ParticipantId,
        steps: &[StepRow],
    ) -> Result<Vec<Effect>, Refusal> {
        if !self.actor(by).is_some_and(|actor| actor.drives()) {
            return Err(Denied::FacilitatorOnly.into());
        }
        if self.stand.closed {
            return Err(Denied::Closed.into());
        }
        if self.rules < BALLOTS_SINCE || steps.is_empty() {
            return Err(Refusal::new("no_agenda", "This session takes no agenda. Begin a new one."));
        }
        if self.ballots.any() {
            return Err(Refusal::new(
                "agenda_in_use",
                "A ballot of this agenda has been opened already. Change its steps one by one, or begin a new session.",
            ));
        }
        let old: Vec<String> = self.board().agenda.iter().map(|step| step.id.to_string()).collect();
        for step in &old {
            self.ledger.note(Root::Agenda, step, false);
        }
        self.write(|writer| {
            for step in &old {
                writer.take_away(Root::Agenda, step);
            }
        });
        self.write_agenda(steps);
        Ok(vec![Effect::Round])
    }
}
