//! What could not be told because the connection was gone: that something of theirs was taken back.

use std::collections::{BTreeMap, VecDeque};

use plumbline_shared::{ids::ParticipantId, messages::ServerMessage};

/// How many such messages are kept for one person: more than that nobody would read.
const KEPT: usize = 16;

/// Kept in memory, until the person's next connection with typed messages or the end of this run.
#[derive(Default)]
pub(super) struct Untold(BTreeMap<ParticipantId, VecDeque<ServerMessage>>);

impl Untold {
    /// Keeps a message; of too many, the oldest goes.
    pub(super) fn keep(&mut self, who: ParticipantId, message: ServerMessage) {
        let kept = self.0.entry(who).or_default();
        if kept.len() >= KEPT {
            kept.pop_front();
        }
        kept.push_back(message);
    }

    /// Gives out what there is for somebody.
    pub(super) fn take(&mut self, who: ParticipantId) -> VecDeque<ServerMessage> {
        self.0.remove(&who).unwrap_or_default()
    }
}
