//! What happens to a decision after it has left the room: a further entry, never an edit.

use plumbline_shared::ids::SessionId;
use serde::{Deserialize, Serialize};

use super::{Close, Deed, Status};

/// The version of a change's form. It rises when something that was there goes or changes its meaning, and when an entry can
/// say something that changes what is due. Changes of version 1 never say that something is done.
pub const CHANGE_VERSION: u32 = 2;

/// What a change looks like: JSON Schema, 2020-12.
pub const CHANGE_SCHEMA: &str = include_str!("../../../schemas/change.json");

/// What a change looked like before: there are entries of that form, and they are read.
pub const CHANGE_SCHEMA_1: &str = include_str!("../../../schemas/change-1.json");

/// A further entry about a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// [`CHANGE_VERSION`].
    pub schema: u32,
    /// The number of this entry in the workspace's log.
    pub number: u64,
    /// The number of the decision that it is about.
    pub decision: u64,
    /// When it was entered: RFC 3339, UTC.
    pub changed_on: String,
    /// Who says so, as they are called; empty if nobody said.
    pub by: String,
    /// What it says.
    pub says: Says,
}

/// What a change says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Says {
    /// The decision stands otherwise from now on.
    Status {
        /// How.
        status: Status,
        /// Why; empty if nobody said.
        reason: String,
        /// The decision that takes its place, where it is superseded.
        superseded_by: Option<u64>,
    },
    /// Those whom it concerns have been told.
    Told {
        /// Who told them.
        told_by: String,
        /// On which day: `2026-12-01`.
        told_on: String,
    },
    /// Something that it asks for is done.
    Done {
        /// What.
        what: Deed,
        /// Who has done it.
        done_by: String,
        /// On which day: `2026-12-01`.
        done_on: String,
        /// What came of it; empty if nobody said.
        note: String,
        /// On which day it is looked at again, where that was agreed on.
        next_review: Option<String>,
    },
    /// A checkpoint has looked at it, and it still holds.
    Confirmed {
        /// The checkpoint.
        session: SessionId,
        /// Its title.
        title: String,
        /// The close that it came with.
        close: Close,
    },
}
