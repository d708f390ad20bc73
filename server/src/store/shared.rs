//! What processes need that share a store: to hear of each other, to count together, to remember for a while.
//!
//! Logs rest on nothing of this.

use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::mpsc;

use super::{LogId, Position, StoreError};

/// What is heard of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// There may be more in it now: as far as this position, if that was said.
    Appended(Option<Position>),
    /// A process says something to the others.
    Told(Vec<u8>),
}

/// The listening to one log; it ends when this is dropped.
pub struct Listening {
    heard: mpsc::Receiver<Heard>,
    end: Option<Box<dyn FnOnce() + Send + Sync>>,
}

impl Listening {
    pub(super) fn new(heard: mpsc::Receiver<Heard>, end: Box<dyn FnOnce() + Send + Sync>) -> Self {
        Self { heard, end: Some(end) }
    }

    /// The next that is heard. Never, once there is nobody to hear.
    pub async fn next(&mut self) -> Heard {
        match self.heard.recv().await {
            Some(heard) => heard,
            None => std::future::pending().await,
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some(end) = self.end.take() {
            end();
        }
    }
}

/// The side of a store that several processes share.
#[async_trait]
pub trait Shared: Send + Sync {
    /// Listens to what is said of a log. What is said while the connection is broken is lost; once it is back,
    /// [`Heard::Appended`] is heard.
    fn listen(&self, log: &LogId) -> Listening;

    /// Says something of a log to all who listen, oneself included. It may be lost.
    async fn tell(&self, log: &LogId, bytes: Vec<u8>) -> Result<(), StoreError>;

    /// Whether this process holds something that one process at a time may hold: it takes it if nobody does, and keeps it
    /// for so long from now on.
    async fn hold(&self, what: &str, how_long: Duration) -> Result<bool, StoreError>;

    /// Adds to a counter that begins anew when its time is over, and tells what it comes to.
    async fn count(&self, what: &str, add: u32, within: Duration) -> Result<u64, StoreError>;

    /// Claims a name by bytes that nobody else claims it by: what somebody else has put there; if there is nothing, `claim`
    /// from now on, for so long.
    async fn claim(
        &self,
        name: &str,
        claim: &[u8],
        how_long: Duration,
    ) -> Result<Option<Vec<u8>>, StoreError>;

    /// Puts what came of a claim in its place, the claim before it, for so long from now on; nothing: the name is free again.
    /// Whether that was done: not where somebody else has claimed it since.
    async fn settle(
        &self,
        name: &str,
        claim: &[u8],
        came: Option<&[u8]>,
        how_long: Duration,
    ) -> Result<bool, StoreError>;

    /// Says a number for this process, which holds for so long from now on; not at all any more, if that is no time. The
    /// least of the numbers of all processes that say one, the own included.
    async fn least(&self, what: &str, own: u32, how_long: Duration) -> Result<u32, StoreError>;
}
