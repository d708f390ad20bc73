//! Ballots while they are given: who is told what of them; and their end, when nothing of them is left on the disk.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Instant,
};

use axum::body::Bytes;
use futures_util::FutureExt;
use plumbline_shared::{agenda::done_as_told, ids::ParticipantId, messages::ServerMessage};
use tokio::sync::oneshot;

use super::{
    ConnectionId, ERASE_AGAIN, LAST_SAVE, Node,
    connection::{Latest, typed},
    flags::drawn,
    request::{Proposal, Request},
    run::Run,
    snapshot::checked,
};
use crate::{
    session::entry::Body,
    store::{LogId, Position},
};

impl Run {
    /// Somebody's own ballot as it is told.
    pub(super) fn own_ballot(&self, who: ParticipantId) -> Bytes {
        typed(&ServerMessage::Ballot(self.session.own_ballot(who)))
    }

    /// Tells somebody their own ballot, on all their pages and on no other; but not on the page from which they have just
    /// answered, which knows.
    pub(super) fn tell_ballot(&mut self, who: ParticipantId, but: Option<ConnectionId>) {
        let theirs = |(id, connection): &(&ConnectionId, &super::connection::Connection)| {
            connection.identity.participant == Some(who) && Some(**id) != but
        };
        if !self.connections.iter().any(|pair| theirs(&pair)) {
            return;
        }
        let frame = self.own_ballot(who);
        for (id, connection) in &mut self.connections {
            if connection.identity.participant == Some(who) && Some(*id) != but {
                connection.tell_latest(Latest::Ballot, frame.clone());
            }
        }
    }

    /// Tells everybody their own ballot.
    pub(super) fn tell_ballots(&mut self) {
        let here: Vec<ParticipantId> = self.here().into_iter().collect();
        let frames: BTreeMap<ParticipantId, Bytes> = self
            .session
            .own_ballots(&here)
            .into_iter()
            .map(|(who, ballot)| (who, typed(&ServerMessage::Ballot(ballot))))
            .collect();
        for connection in self.connections.values_mut() {
            let frame = connection.identity.participant.and_then(|who| frames.get(&who));
            if let Some(frame) = frame {
                connection.tell_latest(Latest::Ballot, frame.clone());
            }
        }
    }

    fn here(&self) -> BTreeSet<ParticipantId> {
        self.connections.values().filter_map(|connection| connection.identity.participant).collect()
    }

    /// Tells everybody how many have finished, if that is another number now: in steps that point at nobody.
    pub(super) fn heed_progress(&mut self) {
        let Some((done, of)) = self.session.progress(&self.participants()) else {
            self.told = None;
            return;
        };
        let (step, round) = self.session.at();
        let small = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let now = ServerMessage::Progress { step, round, done: small(done_as_told(done, of)), of: small(of) };
        if self.told.as_ref() == Some(&now) {
            return;
        }
        let frame = typed(&now);
        self.told = Some(now);
        for connection in self.connections.values_mut() {
            connection.tell_latest(Latest::Progress, frame.clone());
        }
    }

    /// Has the answers of a closed session erased from the store, and says so in the log once they are.
    pub(super) fn heed_erasing(&mut self) {
        if let Some(erasing) = &mut self.erasing {
            let Some(erased) = erasing.now_or_never() else { return };
            self.erasing = None;
            if matches!(erased, Ok(true)) {
                let (reply, _) = oneshot::channel();
                let proposal = Proposal { body: Body::BallotsErased, since: Instant::now(), reply };
                self.waiting.push_back(Request::Propose(proposal));
            }
            // Until the log says so, or if it failed: not at once again.
            self.erase_at = Instant::now() + ERASE_AGAIN;
            return;
        }
        // Not before the decisions are in the log: it is from the entry of the close that they are made again.
        let rests = self.saving.is_none() && self.waiting.is_empty() && !self.owes_records();
        if self.session.owes_erasing() && rests && self.erase_at <= Instant::now() {
            let bytes = self.session.snapshot();
            let (node, log, at) = (Arc::clone(&self.node), self.log.clone(), self.session.position());
            self.erasing = Some(tokio::spawn(erase(node, log, at, bytes)));
        }
    }

    /// Where several nodes would begin at once, each waits for another while: the first that is done says so, and others
    /// have come to the close by then.
    pub(super) fn stagger_erasing(&mut self) {
        if self.following.is_some() {
            self.erase_at = Instant::now()
                + ERASE_AGAIN
                + ERASE_AGAIN.mul_f64(f64::from(drawn() as u32) / f64::from(u32::MAX));
        }
    }

    /// Before the session ends, what is owed is tried once more. What then is still owed is done when it is loaded next.
    pub(super) async fn last_erasing(&mut self) {
        let under_way = self.erasing.take();
        if let Some(erasing) = under_way {
            // The log has not heard of it, and it is done again: that does no harm.
            let _ = tokio::time::timeout(LAST_SAVE, erasing).await;
        } else if self.session.owes_erasing() && !self.owes_records() {
            let bytes = self.session.snapshot();
            let erasing = erase(Arc::clone(&self.node), self.log.clone(), self.session.position(), bytes);
            let _ = tokio::time::timeout(LAST_SAVE, erasing).await;
        }
    }
}

/// Makes the state, which has no answers any more, the beginning of the log. Whether it was done.
async fn erase(node: Arc<Node>, log: LogId, at: Position, bytes: Vec<u8>) -> bool {
    let checked = tokio::task::spawn_blocking(move || checked(&bytes)).await;
    let Ok(Ok(Some(bytes))) = checked else {
        tracing::error!(%log, "the state does not read back, and the ballots before it are not erased");
        return false;
    };
    match node.store().begin_anew(&log, at, bytes).await {
        Ok(done) => done,
        Err(error) => {
            tracing::warn!(%log, %error, "the ballots of a closed session are not erased yet");
            false
        }
    }
}
