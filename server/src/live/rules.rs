//! Under which rules sessions begin, where nodes of several releases share the store.
//!
//! Nodes are upgraded one after the other, and meanwhile old and new ones run the same sessions. One that has begun goes on
//! under its rules to its end, and every release has those. One that begins must not begin under rules that a node does not
//! know yet: whoever came to that node would find it shut. So nodes say which rules are their newest, and new sessions begin
//! under the newest that all of them know.

use std::{sync::atomic::Ordering, time::Duration};

use super::Node;
use crate::{session::RULES, store::StoreError};

/// What nodes call it.
const WHAT: &str = "rules";

/// For how long a node's word holds: one that was killed is not waited for any longer.
const SAID_FOR: Duration = Duration::from_secs(60);

/// How often it is said again.
const SAID_EVERY: Duration = Duration::from_secs(15);

/// How long a node that goes waits for that to be known.
const TAKEN_BACK_WITHIN: Duration = Duration::from_secs(1);

impl Node {
    /// The version of the rules under which a session begins now: the newest that all nodes know.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn rules(&self) -> Result<u32, StoreError> {
        let newest = *RULES.end();
        let Some(shared) = self.store().shared() else { return Ok(newest) };
        // Below our own oldest there is nothing that we could begin.
        let common = shared.least(WHAT, newest, SAID_FOR).await?.max(*RULES.start());
        if self.common_rules.swap(common, Ordering::Relaxed) != common {
            let all = "sessions begin under the newest rules";
            let some = "sessions begin under the rules that the oldest release here knows, until all servers are upgraded";
            tracing::info!(version = common, newest, "{}", if common < newest { some } else { all });
        }
        Ok(common)
    }

    /// Goes on saying which rules are known here.
    pub(crate) async fn keep_saying_rules(&self) {
        if self.store().shared().is_none() {
            return;
        }
        loop {
            tokio::time::sleep(SAID_EVERY).await;
            if let Err(error) = self.rules().await {
                tracing::debug!(%error, "the other servers cannot be told which rules are known here");
            }
        }
    }

    /// Says it no longer: this node goes. Without a store that answers, its word ends by itself.
    pub(crate) async fn take_back_rules(&self) {
        if let Some(shared) = self.store().shared() {
            let taking = shared.least(WHAT, *RULES.end(), Duration::ZERO);
            let _ = tokio::time::timeout(TAKEN_BACK_WITHIN, taking).await;
        }
    }
}
