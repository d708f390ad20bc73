//! What stands in the log of the webhooks: one byte for the format, then CBOR with numbered fields, never renumbered.
//!
//! Every entry can stand there twice, or come from two servers at once, and changes something once: it names what it follows
//! upon (a place, the number of an attempt), and the fold lets go what does not follow any more.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    event::{Closing, Happened, Kind},
    secret::Secret,
};
use crate::session::codec;

/// The format of entries that this release writes.
pub(super) const FORMAT: u8 = 1;

/// What an endpoint's events tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = WebhookContent)]
pub enum Content {
    /// Numbers and links: what stands behind them is for whoever holds a key.
    #[default]
    #[n(0)]
    Thin,
    /// What everybody may know, too: names, verdicts, owners, and of a stop nothing before those whom it concerns have been
    /// told.
    #[n(1)]
    Everyone,
}

/// How far an endpoint has been told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Place {
    /// The number of the last entry of the decision log.
    #[n(0)]
    pub entry: u64,
    /// How many closes of sessions.
    #[n(1)]
    pub closes: u64,
    /// The last day, counted from 1 January 1970.
    #[n(2)]
    pub day: i32,
}

/// Why nothing is delivered to an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = WhyOff)]
pub enum Off {
    /// Somebody has turned it off.
    #[n(0)]
    ByHand,
    /// It has said that it is gone: 410.
    #[n(1)]
    Gone,
    /// It has taken nothing for days.
    #[n(2)]
    Failing,
}

/// What came of an attempt, if no answer did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// It leads to where nothing is delivered.
    #[n(0)]
    Refused,
    /// Its name is not known.
    #[n(1)]
    Unresolved,
    /// Nobody listens there.
    #[n(2)]
    Unreachable,
    /// It does not show a certificate that this machine trusts.
    #[n(3)]
    Certificate,
    /// It took too long.
    #[n(4)]
    TimedOut,
    /// The connection broke, or what came was no answer.
    #[n(5)]
    Broken,
}

/// One attempt.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Attempt {
    /// When it began, in milliseconds since 1970.
    #[n(0)]
    pub at: u64,
    /// How long it took, in milliseconds.
    #[n(1)]
    pub took: u64,
    /// The status that was answered.
    #[n(2)]
    pub status: Option<u16>,
    /// What went wrong where nothing was.
    #[n(3)]
    pub trouble: Option<Trouble>,
    /// The beginning of the answer, or the trouble in its own words.
    #[n(4)]
    pub answer: String,
}

/// What follows upon an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Then {
    /// It was taken.
    #[n(0)]
    Delivered,
    /// It is tried again.
    #[n(1)]
    Again {
        /// When, in milliseconds since 1970.
        #[n(0)]
        at: u64,
    },
    /// That was the last attempt.
    #[n(2)]
    GivenUp,
}

/// What an entry says.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub(super) enum Body {
    /// There is another endpoint.
    #[n(0)]
    Made {
        #[cbor(n(0), with = "codec::id")]
        id: Uuid,
        #[n(1)]
        url: String,
        #[n(2)]
        name: String,
        #[n(3)]
        kinds: Vec<Kind>,
        #[n(4)]
        content: Content,
        #[n(5)]
        secret: Secret,
        /// What it is told begins after this.
        #[n(6)]
        place: Place,
    },
    /// An endpoint is otherwise from now on; what is not said stays.
    #[n(1)]
    Changed {
        #[cbor(n(0), with = "codec::id")]
        id: Uuid,
        #[n(1)]
        url: Option<String>,
        #[n(2)]
        name: Option<String>,
        #[n(3)]
        kinds: Option<Vec<Kind>>,
        #[n(4)]
        content: Option<Content>,
    },
    /// It is turned on, or off.
    #[n(2)]
    Turned {
        #[cbor(n(0), with = "codec::id")]
        id: Uuid,
        #[n(1)]
        off: Option<Off>,
    },
    /// It has another secret; until a moment, in milliseconds since 1970, deliveries are signed by both.
    #[n(3)]
    Rotated {
        #[cbor(n(0), with = "codec::id")]
        id: Uuid,
        #[n(1)]
        secret: Secret,
        #[n(2)]
        until: u64,
    },
    /// The secret before is not used any more.
    #[n(4)]
    Forgot {
        #[cbor(n(0), with = "codec::id")]
        id: Uuid,
    },
    /// There is no such endpoint any more.
    #[n(5)]
    Removed {
        #[cbor(n(0), with = "codec::id")]
        id: Uuid,
    },
    /// A session was closed.
    #[n(6)]
    Closed(#[n(0)] Closing),
    /// What is new for an endpoint, between two places.
    #[n(7)]
    Gathered {
        #[cbor(n(0), with = "codec::id")]
        id: Uuid,
        #[n(1)]
        from: Place,
        #[n(2)]
        to: Place,
        #[n(3)]
        happened: Vec<Happened>,
    },
    /// Something for one endpoint alone: a test.
    #[n(8)]
    Added {
        #[cbor(n(0), with = "codec::id")]
        id: Uuid,
        #[n(1)]
        happened: Happened,
    },
    /// An attempt was made.
    #[n(9)]
    Tried {
        #[n(0)]
        delivery: u64,
        /// How many attempts there had been before it.
        #[n(1)]
        before: u32,
        #[n(2)]
        attempt: Attempt,
        #[n(3)]
        then: Then,
        /// Whether the endpoint is turned off by what came of it.
        #[n(4)]
        off: Option<Off>,
    },
    /// What was given up, or taken already, is delivered again.
    #[n(10)]
    Replayed {
        #[n(0)]
        deliveries: Vec<u64>,
    },
    /// What was to be told does not hold any more.
    #[n(11)]
    Lapsed {
        #[n(0)]
        delivery: u64,
    },
}

/// Bytes that are no entry.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// The first byte names another format.
    #[error("an entry has a format that this release does not read: use a newer release")]
    Format,
    /// The content does not read.
    #[error("an entry is damaged: {0}")]
    Content(#[from] minicbor::decode::Error),
}

impl Body {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![FORMAT];
        minicbor::encode(self, &mut bytes).expect("writing to memory does not fail");
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, EntryError> {
        match bytes.split_first() {
            Some((&FORMAT, rest)) => Ok(minicbor::decode(rest)?),
            _ => Err(EntryError::Format),
        }
    }
}
