//! What a close has decided goes into the decision log, that there was one to the webhooks, and what it leaves undecided back
//! to the requests that wait: before anything is done that
//! would let it be forgotten.
//!
//! A close stands in the session's log as an entry like any other. Until its records are in the decision log, no snapshot
//! is taken beyond it and its ballots are not erased, so that whoever loads the session next, after a crash in between,
//! comes upon the entry again, with the board as it was. The decision log knows which closes it has.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{LOG_AGAIN, Node, run::Run};
use crate::{
    log::record::Closed,
    session::{Effect, Outcome, Session},
    store::{LogId, Position},
    webhooks::Closing,
};

/// The session as it is now, if the entry at `position` has just closed it.
pub(super) fn closed_by(session: &Session, position: Position, outcome: &Outcome) -> Option<Closed> {
    let Outcome::Done(done) = outcome else { return None };
    // What is only shown is nobody's decision.
    let closes = done.effects.contains(&Effect::Closed) && !session.is_demonstration();
    closes.then(|| Closed::of(session, position))
}

impl Run {
    /// Whether there is a close of which the records are not known to be in the decision log.
    pub(super) fn owes_records(&self) -> bool {
        !self.closes.is_empty() || self.logging.is_some()
    }

    /// Brings the closes that are owed into the decision log, and waits so long for that. What takes longer goes on, and
    /// what cannot be saved now is tried again.
    pub(super) async fn log_closes(&mut self, patience: Duration) {
        if self.logging.is_none() && !self.closes.is_empty() && self.log_at <= Instant::now() {
            let closes = std::mem::take(&mut self.closes);
            // In a task of its own: an append that somebody stops waiting for may still be done, and would then be done twice.
            self.logging = Some(tokio::spawn(log(Arc::clone(&self.node), self.log.clone(), closes)));
        }
        let Some(logging) = &mut self.logging else { return };
        let Ok(rest) = tokio::time::timeout(patience, logging).await else { return };
        self.logging = None;
        match rest {
            Ok(rest) => {
                if !rest.is_empty() {
                    self.log_at = Instant::now() + LOG_AGAIN;
                }
                // What has been closed meanwhile comes after it.
                self.closes = rest.into_iter().chain(std::mem::take(&mut self.closes)).collect();
            }
            Err(_) => {
                // Its hook has told of the panic. The log of the session still has the close.
                tracing::error!(log = %self.log, "the decisions of a closed session could not be logged");
                self.broken = true;
            }
        }
    }
}

/// Logs closes in their order; those that are left could not be saved.
async fn log(node: Arc<Node>, log: LogId, mut closes: VecDeque<Closed>) -> VecDeque<Closed> {
    while let Some(closed) = closes.front() {
        match node.decisions().log(node.store(), closed).await {
            Ok(records) => {
                tracing::info!(%log, at = %closed.at, records, "what was decided is in the decision log")
            }
            Err(error) => {
                tracing::error!(%log, %error, "the decisions of a closed session are not in the log yet");
                break;
            }
        }
        let closing = Closing { session: closed.session, at: closed.at.at, n: closed.at.n };
        if let Err(error) = node.webhooks().closed(node.store(), closing).await {
            tracing::error!(%log, %error, "who waits for the close of a session is not told yet");
            break;
        }
        if let Some(workspace) = node.workspace()
            && let Err(error) = workspace.session_closed(node.store(), closed.session).await
        {
            tracing::error!(%log, %error, "requests that a closed session has not decided do not wait again yet");
            break;
        }
        closes.pop_front();
    }
    closes
}
