//! Whom a token lets in, now.

use std::time::Instant;

use tokio::sync::oneshot;

use super::{
    TOKEN_IDLE, TOKEN_NOTED,
    request::{Proposal, Request},
    run::Run,
};
use crate::{
    clock::now,
    session::{
        Identity, Refusal, Session,
        entry::{Body, Shown},
    },
};

/// Whom a token lets in. `now`: milliseconds since 1970.
///
/// # Errors
/// Says in words why it lets nobody in, where that is known.
pub(crate) fn admitted(session: &Session, token: &[u8; 32], now: u64) -> Result<Identity, Refusal> {
    let people = session.people();
    let Some(identity) = people.identify(token) else {
        return Err(people.why_dead(token).unwrap_or_else(unknown));
    };
    let idle = people.last_seen(token).map(|seen| now.saturating_sub(seen));
    if idle.is_some_and(|idle| u128::from(idle) > TOKEN_IDLE.as_millis()) {
        return Err(Refusal::new(
            "expired",
            "This link has not been used for 180 days and is not valid any more. Join again with the code, or ask the \
             facilitator for a new link.",
        ));
    }
    Ok(identity)
}

fn unknown() -> Refusal {
    Refusal::new(
        "not_admitted",
        "This needs a valid token. Open your link again, or join again with the code.",
    )
}

impl Run {
    /// A token was shown. The log is to hear of it, unless it has lately.
    pub(super) fn note_use(&mut self, token: [u8; 32]) {
        let seen = self.session.people().last_seen(&token);
        let noted = u64::try_from(TOKEN_NOTED.as_millis()).unwrap_or(u64::MAX);
        if seen.is_some_and(|seen| now().saturating_sub(seen) > noted) {
            self.used.insert(Shown(token));
        }
    }

    /// Says in the log which tokens were used.
    pub(super) fn heed_use(&mut self) {
        if self.used.is_empty() {
            return;
        }
        let tokens = std::mem::take(&mut self.used).into_iter().collect();
        // Nobody waits for it: should it not be saved, it is said with the next use.
        let (reply, _) = oneshot::channel();
        let proposal = Proposal { body: Body::Used { tokens }, since: Instant::now(), reply };
        self.waiting.push_back(Request::Propose(proposal));
    }
}
