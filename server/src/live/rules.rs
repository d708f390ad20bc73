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

/// For how long a node's word holds. One that was killed is waited for as long, which harms nobody; one that only stood still,
/// or a store that was away, must not be taken for one that is gone.
const SAID_FOR: Duration = Duration::from_secs(15 * 60);

/// How often it is said again; and how soon, if it could not be said.
const SAID_EVERY: Duration = Duration::from_secs(15);
const SAID_AGAIN: Duration = Duration::from_secs(1);

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
        // Who goes says nothing any more, whatever calls it still carries to their end.
        let how_long = if self.is_leaving.load(Ordering::Acquire) { Duration::ZERO } else { SAID_FOR };
        // Below our own oldest there is nothing that we could begin.
        let common = shared.least(WHAT, newest, how_long).await?.max(*RULES.start());
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
        let mut wait = SAID_EVERY;
        loop {
            tokio::time::sleep(wait).await;
            wait = match self.rules().await {
                Ok(_) => SAID_EVERY,
                Err(error) => {
                    tracing::debug!(%error, "the other servers cannot be told which rules are known here");
                    SAID_AGAIN
                }
            };
        }
    }

    /// Says it no longer: this node goes. Without a store that answers, its word ends by itself.
    pub(crate) async fn take_back_rules(&self) {
        self.is_leaving.store(true, Ordering::Release);
        if let Some(shared) = self.store().shared() {
            let taking = shared.least(WHAT, *RULES.end(), Duration::ZERO);
            let _ = tokio::time::timeout(TAKEN_BACK_WITHIN, taking).await;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::store::{RedisStore, Store, redis::server::Server};

    #[tokio::test]
    async fn a_session_begins_under_rules_that_every_node_knows() {
        let server = Server::start().await;
        let node = Node::new(Box::new(RedisStore::open(&server.url()).await.unwrap()));
        let (newest, minute) = (*RULES.end(), Duration::from_secs(60));
        assert_eq!(node.rules().await.unwrap(), newest);
        let older = RedisStore::open(&server.url()).await.unwrap();
        let older = older.shared().unwrap();
        older.least(WHAT, newest - 1, minute).await.unwrap();
        assert_eq!(node.rules().await.unwrap(), newest - 1);
        older.least(WHAT, newest + 7, minute).await.unwrap();
        assert_eq!(
            node.rules().await.unwrap(),
            newest,
            "it was upgraded, to a release that is newer than this one"
        );
        older.least(WHAT, 0, minute).await.unwrap();
        assert_eq!(node.rules().await.unwrap(), *RULES.start(), "older than anything that this one knows");
        older.least(WHAT, 0, Duration::ZERO).await.unwrap();
        assert_eq!(node.rules().await.unwrap(), newest, "it has gone");
        // What this node has said goes with it, and is not said again by a call that it carries to its end.
        node.take_back_rules().await;
        assert_eq!(older.least(WHAT, newest + 7, minute).await.unwrap(), newest + 7);
        node.rules().await.unwrap();
        assert_eq!(older.least(WHAT, newest + 7, minute).await.unwrap(), newest + 7);
    }
}
