//! Who of the simulated people has finished: they are in one process, and their facilitator need not guess.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use plumbline_shared::ids::StepId;
use tokio::sync::Notify;

/// What is noted of a step in place of a round: no session has so many.
const SIGNED: u32 = u32::MAX;

/// How many have finished each round, and signed in each step.
#[derive(Clone, Default)]
pub(super) struct Finished {
    rounds: Arc<Mutex<BTreeMap<(StepId, u32), usize>>>,
    changed: Arc<Notify>,
}

impl Finished {
    /// One more has.
    pub(super) fn note(&self, step: StepId, round: u32) {
        *self.rounds.lock().unwrap_or_else(PoisonError::into_inner).entry((step, round)).or_default() += 1;
        self.changed.notify_one();
    }

    /// One more has signed, or has decided not to.
    pub(super) fn note_signed(&self, step: StepId) {
        self.note(step, SIGNED);
    }

    /// How many have.
    pub(super) fn signed(&self, step: StepId) -> usize {
        self.of(step, SIGNED)
    }

    /// How many have finished a round.
    pub(super) fn of(&self, step: StepId, round: u32) -> usize {
        let rounds = self.rounds.lock().unwrap_or_else(PoisonError::into_inner);
        rounds.get(&(step, round)).copied().unwrap_or(0)
    }

    /// Until one more has.
    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }
}
