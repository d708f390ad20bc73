//! Where logs live.
//!
//! Everything that changes a session, or the workspace, is an entry in its log. A [`Store`] keeps logs: it appends
//! entries and says where they stand, reads them back in order, keeps snapshots and trims what they make
//! superfluous, and erases. It knows bytes and positions, and nothing of what they mean.
//!
//! Two rules hold for every store, and the conformance suite (`suite.rs`) holds each one to them:
//!
//! - **What `append` has returned is durable**, as [`Store::promise`] words it. Nothing is shown to anybody before.
//! - **An `append` that failed may still be proposed again**, unchanged: its entries are either not in the log or,
//!   when the answer was lost on the way, in it once. Entries carry (origin, sequence) so that the fold ignores the
//!   second one.

mod error;
mod position;
pub mod redis;
pub mod shared;
pub mod sqlite;
#[cfg(test)]
pub(crate) mod suite;

use std::{borrow::Cow, fmt, str::FromStr};

use async_trait::async_trait;
use uuid::Uuid;

pub use error::{OpenError, StoreError};
pub use position::{NotAPosition, Position};
pub use redis::RedisStore;
pub use shared::Shared;
pub use sqlite::SqliteStore;

/// The largest entry that a store takes, in bytes. An imported file (5 MiB, unpacked 50 MiB) is stored as the board
/// update that it becomes, which the limit on a board document (16 MiB) bounds.
pub const ENTRY_BYTES: usize = 16 * 1024 * 1024;

/// The largest snapshot that a store takes, in bytes: a board of 16 MiB, the guard's index and the ballots.
pub const SNAPSHOT_BYTES: usize = 256 * 1024 * 1024;

/// How many bytes of entries one [`Store::read`] returns at most, as long as it returns one entry.
pub const READ_BYTES: usize = 16 * 1024 * 1024;

/// How many snapshots of a log are kept.
pub const SNAPSHOTS_KEPT: usize = 2;

/// The name of a log: `workspace`, `decisions`, `webhooks`, or `session:` and the session's UUID.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogId(String);

impl LogId {
    const WORKSPACE: &str = "workspace";
    const DECISIONS: &str = "decisions";
    const WEBHOOKS: &str = "webhooks";
    const SESSION: &str = "session:";

    /// The workspace's own log.
    pub fn workspace() -> Self {
        Self(Self::WORKSPACE.to_owned())
    }

    /// The workspace's decisions: a log of their own, which never begins anew and is never trimmed.
    pub fn decisions() -> Self {
        Self(Self::DECISIONS.to_owned())
    }

    /// Who outside is told of what, and how that went.
    pub fn webhooks() -> Self {
        Self(Self::WEBHOOKS.to_owned())
    }

    /// The log of one session.
    pub fn session(id: Uuid) -> Self {
        Self(format!("{}{id}", Self::SESSION))
    }

    /// The session whose log this is; `None` for the workspace's.
    pub fn session_id(&self) -> Option<Uuid> {
        self.0.strip_prefix(Self::SESSION).and_then(|id| Uuid::try_parse(id).ok())
    }

    /// The name as it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LogId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is not the name of a log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not the name of a log: it is `workspace`, `decisions`, `webhooks`, or `session:` and a UUID"
)]
pub struct NotALogId(String);

impl FromStr for LogId {
    type Err = NotALogId;

    fn from_str(text: &str) -> Result<Self, NotALogId> {
        if text == Self::WORKSPACE {
            return Ok(Self::workspace());
        }
        if text == Self::DECISIONS {
            return Ok(Self::decisions());
        }
        if text == Self::WEBHOOKS {
            return Ok(Self::webhooks());
        }
        let id = text.strip_prefix(Self::SESSION).and_then(|id| Uuid::try_parse(id).ok());
        // The one spelling of a UUID that we write; another one would be a second log of the same session.
        id.map(Self::session).filter(|log| log.as_str() == text).ok_or_else(|| NotALogId(text.to_owned()))
    }
}

/// An entry as it stands in its log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Where it stands.
    pub position: Position,
    /// What was appended.
    pub bytes: Vec<u8>,
}

/// What *saved* means in a store, for `/readyz` and the first lines of the server's output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Durability {
    /// Whether what was acknowledged survives the loss of any process and of power. If not, the sentence says what
    /// can be lost.
    pub full: bool,
    /// The promise, in a sentence.
    pub sentence: Cow<'static, str>,
}

/// What has to be so for an append to be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The last entry of the log stands here; [`Position::ZERO`]: the log is unknown. For whoever has to know all that
    /// came before.
    Last(Position),
    /// The log holds the entry that stands here, or begins with a snapshot at it. It does not if the store went back to an
    /// older state, or has trimmed that far: whoever knows the log up to here is then to read it anew before going on.
    Holds(Position),
}

/// Refuses what is larger than a store takes.
fn within(limit: usize, size: usize) -> Result<(), StoreError> {
    if size > limit { Err(StoreError::TooLarge { size, limit }) } else { Ok(()) }
}

/// A home for logs. All calls may be made from many tasks at once.
///
/// Dropping the future of a call does not undo the call: it may still be carried out.
#[async_trait]
pub trait Store: Send + Sync {
    /// Appends entries to a log, in order and next to each other, and makes the log if there is none. Returns the
    /// position of each; they are durable when it returns.
    ///
    /// All of one call or none of it: a call that fails leaves nothing in the log, except where the error itself
    /// leaves that open (see [`StoreError`]). No entries are no error and make no log.
    async fn append(&self, log: &LogId, entries: Vec<Vec<u8>>) -> Result<Vec<Position>, StoreError>;

    /// Appends as [`Store::append`] does if a condition holds, in one atomic step; `None` if it does not, and nothing was
    /// appended. Without entries it only tells whether the condition holds.
    async fn append_if(
        &self,
        log: &LogId,
        condition: Condition,
        entries: Vec<Vec<u8>>,
    ) -> Result<Option<Vec<Position>>, StoreError>;

    /// The entries after a position, in order: at most `limit` of them and [`READ_BYTES`] bytes, but at least one if
    /// there is one and `limit` is not zero.
    ///
    /// Fewer than `limit` therefore do *not* mean that the end is reached; an empty answer does. A log that is
    /// unknown is an empty log.
    async fn read(&self, log: &LogId, after: Position, limit: usize) -> Result<Vec<Stored>, StoreError>;

    /// Keeps a snapshot of a log's state at a position, in one atomic step: writes it if it is newer than those
    /// there are, keeps the newest [`SNAPSHOTS_KEPT`], and trims the entries at or below the *older* one kept. With
    /// a single snapshot nothing is trimmed.
    ///
    /// Returns whether it was written. It is not if one as new is there already, nor if the log does not reach as
    /// far as `at`: then it was erased meanwhile, and a late snapshot must not bring it back.
    async fn snapshot(&self, log: &LogId, at: Position, bytes: Vec<u8>) -> Result<bool, StoreError>;

    /// The snapshots of a log, the newest first.
    async fn snapshots(&self, log: &LogId) -> Result<Vec<(Position, Vec<u8>)>, StoreError>;

    /// The position of the newest snapshot of a log; [`Position::ZERO`] where there is none.
    async fn snapshot_at(&self, log: &LogId) -> Result<Position, StoreError>;

    /// The names of all logs, in order.
    async fn logs(&self) -> Result<Vec<LogId>, StoreError>;

    /// The position of the last entry appended, trimmed or not; [`Position::ZERO`] for a log that is unknown.
    async fn last(&self, log: &LogId) -> Result<Position, StoreError>;

    /// Erases a log with its snapshots, so that the store's files do not hold their bytes any more. A log that is
    /// unknown is erased already. After an error it is to be called again: the log is gone for readers, but its
    /// bytes may still be in the files.
    ///
    /// Whoever still appends to the log brings a new one into being; it is for the caller to stop that first.
    async fn erase(&self, log: &LogId) -> Result<(), StoreError>;

    /// Makes a snapshot the beginning of a log: the entries up to its position and all other snapshots are erased as
    /// [`Store::erase`] erases a log, the entries after it stay. For what has to be forgotten within a log that goes on.
    ///
    /// Returns whether it was done. It is not if the log does not reach as far as `at`, nor if entries after `at` are
    /// gone already. After an error it is to be called again, with a newer snapshot or the same.
    async fn begin_anew(&self, log: &LogId, at: Position, bytes: Vec<u8>) -> Result<bool, StoreError>;

    /// What *saved* means here.
    fn promise(&self) -> Durability;

    /// What processes that share this store do together; none where one process has it for itself.
    fn shared(&self) -> Option<&dyn Shared> {
        None
    }
}
