//! Who of the simulated people has finished: they are in one process, and their facilitator need not guess.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use plumbline_shared::ids::StepId;
use tokio::sync::Notify;

/// How many have finished each round.
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

    /// How many have.
    pub(super) fn of(&self, step: StepId, round: u32) -> usize {
        let rounds = self.rounds.lock().unwrap_or_else(PoisonError::into_inner);
        rounds.get(&(step, round)).copied().unwrap_or(0)
    }

    /// Until one more has.
    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }
}
