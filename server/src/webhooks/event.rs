//! What endpoints are told of, and by which name.
//!
//! An event's id is made of what has happened alone, so that it is the same whoever derives it and however often: a
//! receiver that has seen an id has seen the event.

use data_encoding::HEXLOWER;
use minicbor::{Decode, Encode};
use plumbline_shared::{day::Day, ids::SessionId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{log::record::stamp, session::codec, store::Position};

/// The kinds of events.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize, ToSchema,
)]
#[schema(as = EventKind)]
pub enum Kind {
    /// A session was closed.
    #[n(0)]
    #[serde(rename = "session.closed")]
    SessionClosed,
    /// A decision came into the log, or one that takes an earlier one back.
    #[n(1)]
    #[serde(rename = "decision.logged")]
    DecisionLogged,
    /// A further entry says something of a decision.
    #[n(2)]
    #[serde(rename = "decision.changed")]
    DecisionChanged,
    /// The day has come by which something is to be done about a decision.
    #[n(3)]
    #[serde(rename = "decision.due")]
    DecisionDue,
    /// Somebody tries the endpoint.
    #[n(4)]
    #[serde(rename = "webhook.test")]
    Test,
}

impl Kind {
    /// Those that an endpoint can ask for. A test comes to whoever is tested.
    pub const ASKED: [Self; 4] =
        [Self::SessionClosed, Self::DecisionLogged, Self::DecisionChanged, Self::DecisionDue];

    /// Its name: `type` in the body.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SessionClosed => "session.closed",
            Self::DecisionLogged => "decision.logged",
            Self::DecisionChanged => "decision.changed",
            Self::DecisionDue => "decision.due",
            Self::Test => "webhook.test",
        }
    }
}

/// The beginning of an entry's hash: enough to tell it from every other one, in this log and in others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct Mark(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 8]);

/// What has happened.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Happened {
    /// A session was closed.
    #[n(0)]
    Closed(#[n(0)] Closing),
    /// A decision came into the log.
    #[n(1)]
    Logged {
        /// Its number.
        #[n(0)]
        decision: u64,
        /// Of its hash.
        #[n(1)]
        mark: Mark,
    },
    /// An entry says something of a decision.
    #[n(2)]
    Changed {
        /// The decision's number.
        #[n(0)]
        decision: u64,
        /// The entry's.
        #[n(1)]
        entry: u64,
        /// Of the entry's hash.
        #[n(2)]
        mark: Mark,
    },
    /// A day has come.
    #[n(3)]
    Due(#[n(0)] Due),
    /// The endpoint is tried.
    #[n(4)]
    Test {
        /// Which time.
        #[cbor(n(0), with = "codec::id")]
        id: Uuid,
        /// When, in milliseconds since 1970.
        #[n(1)]
        at: u64,
    },
}

/// The close of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Closing {
    /// Which.
    #[cbor(n(0), with = "codec::id")]
    pub session: SessionId,
    /// Where it stands in that session's log: the stamp, in milliseconds since 1970.
    #[n(1)]
    pub at: u64,
    /// And the number.
    #[n(2)]
    pub n: u64,
}

/// A day of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Due {
    /// The decision's number.
    #[n(0)]
    pub decision: u64,
    /// Which of its days: its place in [`crate::log::decisions::DUE`].
    #[n(1)]
    pub what: u8,
    /// The day, counted from 1 January 1970.
    #[n(2)]
    pub day: i32,
    /// The session that decided.
    #[cbor(n(3), with = "codec::id")]
    pub session: SessionId,
}

impl Happened {
    /// Of which kind it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Closed(_) => Kind::SessionClosed,
            Self::Logged { .. } => Kind::DecisionLogged,
            Self::Changed { .. } => Kind::DecisionChanged,
            Self::Due(_) => Kind::DecisionDue,
            Self::Test { .. } => Kind::Test,
        }
    }

    /// The event's id, `webhook-id`: letters, digits and hyphens. It says nothing that the event itself would not tell
    /// everybody: of what is due about a decision there is a number.
    pub fn id(&self) -> String {
        match self {
            Self::Closed(Closing { session, at, n }) => format!("closed-{session}-{at}-{n}"),
            Self::Logged { decision: entry, mark } | Self::Changed { entry, mark, .. } => {
                format!("entry-{entry}-{}", HEXLOWER.encode(&mark.0))
            }
            Self::Due(Due { decision, what, day, session }) => {
                format!("due-{decision}-{what}-{}-{session}", Day(*day))
            }
            Self::Test { id, .. } => format!("test-{id}"),
        }
    }

    /// The decision that it is about.
    pub fn decision(&self) -> Option<u64> {
        match self {
            Self::Logged { decision, .. } | Self::Changed { decision, .. } => Some(*decision),
            Self::Due(due) => Some(due.decision),
            Self::Closed(_) | Self::Test { .. } => None,
        }
    }
}

/// A moment as a body tells it: RFC 3339, UTC.
pub(super) fn moment(at: u64) -> String {
    stamp(Position { at, n: 0 })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_id_is_made_of_what_has_happened_alone() {
        let session = SessionId(Uuid::from_u128(7));
        let mark = Mark([0xab; 8]);
        let all = [
            Happened::Closed(Closing { session, at: 1_700_000_000_000, n: 3 }),
            Happened::Logged { decision: 12, mark },
            Happened::Changed { decision: 12, entry: 14, mark },
            Happened::Due(Due { decision: 12, what: 1, day: Day::parse("2026-12-01").unwrap().0, session }),
        ];
        let ids = [
            "closed-00000000-0000-0000-0000-000000000007-1700000000000-3",
            "entry-12-abababababababab",
            "entry-14-abababababababab",
            "due-12-1-2026-12-01-00000000-0000-0000-0000-000000000007",
        ];
        for (happened, id) in all.iter().zip(ids) {
            assert_eq!(happened.id(), id);
            let bytes = minicbor::to_vec(happened).unwrap();
            assert_eq!(&minicbor::decode::<Happened>(&bytes).unwrap(), happened);
            // The signature is of `id.time.body`: a dot in the id could be taken for the one after it.
            assert!(id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'), "{id}");
        }
        for kind in Kind::ASKED {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }
}
