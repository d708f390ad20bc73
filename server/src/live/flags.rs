//! When flags come onto the board, and what is kept from showing until then.

use std::time::{Duration, Instant};

use axum::body::Bytes;
use plumbline_shared::{
    ids::{ParticipantId, ProjectId},
    messages::ServerMessage,
};
use tokio::sync::oneshot;

use super::{
    ConnectionId, FLAGS_LATEST, FLAGS_SOONEST,
    connection::{Latest, typed},
    request::{Proposal, Request},
    run::Run,
};
use crate::session::entry::Body;

impl Run {
    /// Has the flags that were raised published, once it is time.
    pub(super) fn heed_flags(&mut self) {
        if !self.session.has_unpublished_flags() {
            self.flags_due = None;
            return;
        }
        let due = *self.flags_due.get_or_insert_with(|| Instant::now() + rest());
        if due <= Instant::now() {
            self.flags_due = None;
            // Nobody waits for it. If it cannot be saved, it is time again later.
            let (reply, _) = oneshot::channel();
            let body = Body::FlagsPublished { seed: drawn() };
            self.waiting.push_back(Request::Propose(Proposal { body, since: Instant::now(), reply }));
        }
    }

    /// Tells somebody their own flags, on all their pages and on no other.
    pub(super) fn tell_flags(&mut self, who: ParticipantId) {
        let frame = self.own_flags(who);
        for connection in self.connections.values_mut() {
            if connection.identity.participant == Some(who) {
                connection.tell_latest(Latest::Flags, frame.clone());
            }
        }
        self.hide_flagging(Some(who));
    }

    /// Somebody's own flags as they are told: encoded once for all their pages.
    pub(super) fn own_flags(&self, who: ParticipantId) -> Bytes {
        typed(&ServerMessage::Flags { own: self.session.own_flags(who) })
    }

    /// Takes on which cards people are flagging, or one of them is. What is to be hidden is with what they show next, and not
    /// now: the moment would tell.
    pub(super) fn hide_flagging(&mut self, whose: Option<ParticipantId>) {
        let all: Vec<(ConnectionId, ParticipantId, u64)> = self
            .connections
            .iter()
            .filter_map(|(id, connection)| Some((*id, connection.identity.participant?, connection.presence)))
            .collect();
        for (_, who, presence) in all {
            if whose.is_none_or(|whose| whose == who) {
                self.presences.hide(presence, names(&self.session.is_flagging(who)));
            }
        }
    }
}

/// Projects as presence names them.
pub(super) fn names(projects: &[ProjectId]) -> Vec<String> {
    projects.iter().map(ToString::to_string).collect()
}

/// How long flags wait this time.
fn rest() -> Duration {
    let span = FLAGS_LATEST.saturating_sub(FLAGS_SOONEST).as_millis();
    let more = u128::from(drawn()) % span.max(1);
    FLAGS_SOONEST + Duration::from_millis(u64::try_from(more).unwrap_or(0))
}

pub(super) fn drawn() -> u64 {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).expect("the system gives random numbers");
    u64::from_le_bytes(bytes)
}
