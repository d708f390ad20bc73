//! The same where several nodes share a store: a proxy may send the repetition of a call to another node than the call.
//!
//! A call is claimed in the store before it is made, and its answer kept there, sealed. What is made elsewhere is waited for;
//! a node that has died over a call keeps it claimed for a while, and then it may be made anew.

use std::{sync::Arc, time::Duration};

use data_encoding::HEXLOWER;

use super::{
    answers::{Content, KEPT_FOR, Name, another_content},
    sealed::Sealed,
    still_being_made,
};
use crate::{live::Node, store::StoreError, web::problem::AppError};

/// For how long a call is claimed. Longer than any of them takes.
const CLAIMED_FOR: Duration = Duration::from_secs(60);

/// How often it is looked whether another node has finished.
const LOOKED: Duration = Duration::from_millis(50);

/// The largest answer that is kept for all nodes, in bytes. A larger one is that of an import with hundreds of rows left out,
/// and repeated by the node that gave it.
const SHARED_BYTES: usize = 64 * 1024;

/// A call that this node has claimed. Dropping it without an answer gives it free.
pub(super) struct Claim {
    node: Arc<Node>,
    name: String,
    content: Content,
    is_settled: bool,
}

/// What the store says of a call.
pub(super) enum Claimed {
    /// It is for us to make it.
    Ours(Claim),
    /// It was made by another node.
    Made(Sealed),
}

impl Claim {
    /// Claims a call, or waits until the node that has claimed it has made it.
    ///
    /// # Errors
    /// If that was another call, or is not finished by `until`, or the store cannot be asked.
    pub(super) async fn of(
        node: Arc<Node>,
        name: Name,
        content: Content,
        until: tokio::time::Instant,
    ) -> Result<Claimed, AppError> {
        let name = format!("call:{}", HEXLOWER.encode(&name));
        loop {
            let Some(there) = claim(&node, &name, content).await? else {
                return Ok(Claimed::Ours(Self { node, name, content, is_settled: false }));
            };
            let (of, answer) = there.split_at_checked(content.len()).unwrap_or((&[], &[]));
            if of != content {
                return Err(another_content());
            }
            if !answer.is_empty() {
                let sealed = Sealed::from_bytes(answer);
                return sealed
                    .map(Claimed::Made)
                    .ok_or_else(|| AppError::fault("a kept answer is cut short"));
            }
            if tokio::time::Instant::now() >= until {
                return Err(still_being_made());
            }
            tokio::time::sleep(LOOKED).await;
        }
    }

    /// Tells all nodes what is answered.
    pub(super) async fn settle(mut self, answer: &Sealed) {
        let came = [&self.content[..], &answer.to_bytes()].concat();
        if came.len() > SHARED_BYTES {
            return;
        }
        self.is_settled = true;
        if let Some(shared) = self.node.store().shared()
            && let Err(error) = shared.settle(&self.name, Some(came), KEPT_FOR).await
        {
            tracing::warn!(%error, "a repetition of this call on another server will be made anew");
        }
    }
}

async fn claim(node: &Node, name: &str, content: Content) -> Result<Option<Vec<u8>>, StoreError> {
    match node.store().shared() {
        Some(shared) => shared.claim(name, content.to_vec(), CLAIMED_FOR).await,
        None => Ok(None),
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if self.is_settled || self.node.store().shared().is_none() {
            return;
        }
        let (node, name) = (Arc::clone(&self.node), std::mem::take(&mut self.name));
        // Without a runtime the process ends, and the claim with it, in time.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            if let Some(shared) = node.store().shared() {
                // If it cannot be given free now, it is in time.
                let _ = shared.settle(&name, None, Duration::ZERO).await;
            }
        });
    }
}
