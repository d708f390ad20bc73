//! The same where several nodes share a store: a proxy may send the repetition of a call to another node than the call.
//!
//! A call is claimed in the store before it is made, and its answer kept there, sealed. What is made elsewhere is waited for;
//! a node that has died over a call keeps it claimed for a while, and then it may be made anew.

use std::{sync::Arc, time::Duration};

use data_encoding::HEXLOWER;
use uuid::Uuid;

use super::{
    answers::{Content, Name, another_content},
    sealed::Sealed,
    still_being_made,
};
use crate::{live::Node, web::problem::AppError};

/// For how long a call is claimed. Longer than they take.
const CLAIMED_FOR: Duration = Duration::from_secs(120);

/// For how long its answer is kept for all nodes: what they share has to hold every session as well.
const SHARED_FOR: Duration = Duration::from_secs(10 * 60);

/// How often it is looked whether another node has finished.
const LOOKED: Duration = Duration::from_millis(50);

/// The largest answer that is kept for all nodes, in bytes. A larger one is that of an import with hundreds of rows left out,
/// and repeated by the node that gave it.
const SHARED_BYTES: usize = 64 * 1024;

/// How long a caller waits until the answer is kept for all nodes, and how often that is tried, with how long a pause.
const KEPT_WITHIN: Duration = Duration::from_secs(2);
const TRIES: usize = 20;
const PAUSE: Duration = Duration::from_secs(2);

/// A call that this node has claimed, or may have. Dropping it without an answer gives it free.
pub(super) struct Claim {
    node: Arc<Node>,
    name: String,
    /// What is sent, hashed, and a number that no other claim has.
    own: Vec<u8>,
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
    /// Claims a call, or waits until the node that has claimed it has made it. Where nothing is shared there is nothing to be
    /// claimed.
    ///
    /// # Errors
    /// If that was another call, or is not finished by `until`, or the store cannot be asked.
    pub(super) async fn of(
        node: Arc<Node>,
        name: Name,
        content: Content,
        until: tokio::time::Instant,
    ) -> Result<Claimed, AppError> {
        let own = [&content[..], Uuid::new_v4().as_bytes()].concat();
        let name = format!("call:{}", HEXLOWER.encode(&name));
        // Before it is sent: an answer that is lost on the way may be that it is ours.
        let claim = Self { node, name, own, is_settled: false };
        loop {
            let Some(shared) = claim.node.store().shared() else { return Ok(Claimed::Ours(claim)) };
            let Some(there) = shared.claim(&claim.name, &claim.own, CLAIMED_FOR).await? else {
                return Ok(Claimed::Ours(claim));
            };
            if !there.starts_with(&content) {
                return Err(another_content());
            }
            match there.get(claim.own.len()..) {
                Some([]) => {}
                Some(answer) => {
                    let sealed = Sealed::from_bytes(answer);
                    return sealed
                        .map(Claimed::Made)
                        .ok_or_else(|| AppError::fault("a kept answer is cut short"));
                }
                None => return Err(AppError::fault("a claim is cut short")),
            }
            if tokio::time::Instant::now() >= until {
                return Err(still_being_made());
            }
            tokio::time::sleep(LOOKED).await;
        }
    }

    /// Tells all nodes what is answered. Where the store does not answer, that is tried on while the caller gets theirs.
    pub(super) async fn settle(mut self, answer: &Sealed) {
        let came = answer.to_bytes();
        if came.len() > SHARED_BYTES || self.node.store().shared().is_none() {
            return;
        }
        self.is_settled = true;
        let keeping = tokio::spawn(async move {
            for _ in 0..TRIES {
                let Some(shared) = self.node.store().shared() else { return };
                match shared.settle(&self.name, &self.own, Some(&came), SHARED_FOR).await {
                    Ok(true) => return,
                    Ok(false) => {
                        tracing::warn!("a call took so long that another server may have made it as well");
                        return;
                    }
                    Err(error) => {
                        tracing::warn!(%error, "that a call was made is not known to the other servers yet");
                        tokio::time::sleep(PAUSE).await;
                    }
                }
            }
        });
        // What takes longer goes on.
        let _ = tokio::time::timeout(KEPT_WITHIN, keeping).await;
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if self.is_settled || self.node.store().shared().is_none() {
            return;
        }
        let node = Arc::clone(&self.node);
        let (name, own) = (std::mem::take(&mut self.name), std::mem::take(&mut self.own));
        // Without a runtime the process ends, and the claim with it, in time.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            if let Some(shared) = node.store().shared() {
                // If it cannot be given free now, it is in time.
                let _ = shared.settle(&name, &own, None, Duration::ZERO).await;
            }
        });
    }
}
