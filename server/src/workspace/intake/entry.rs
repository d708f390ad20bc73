//! What the workspace's log says of requests for new work.

use minicbor::{Decode, Encode};
use plumbline_shared::ids::{ProjectId, SessionId};

use crate::{
    session::codec,
    tokens::{Salt, TokenHash},
};

/// The way in: one link for everybody who may ask for new work.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Door {
    /// What the link's token is derived from, together with the workspace key: so it can be shown again to whoever
    /// holds the key, and does not stand anywhere.
    #[n(0)]
    pub salt: Salt,
    /// The hash of the link's token.
    #[n(1)]
    pub link: TokenHash,
    /// Whether requests are taken.
    #[n(2)]
    pub open: bool,
    /// Whether the form names the projects of the portfolio; otherwise what stops is typed.
    #[n(3)]
    pub names: bool,
}

/// What somebody asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Wanted {
    /// What the work is called.
    #[n(0)]
    pub name: String,
    /// What it is for.
    #[n(1)]
    pub purpose: String,
    /// The pillar that would miss its goal without it, by its name; empty: none of them.
    #[n(2)]
    pub pillar: String,
    /// Which measure would move.
    #[n(3)]
    pub measure: String,
    /// By how much.
    #[n(4)]
    pub target: String,
    /// What stops or waits for it; none: nothing.
    #[n(5)]
    pub instead: Option<Instead>,
    /// The one who would answer for it.
    #[n(6)]
    pub owner: String,
    /// What it costs, in whole units, if that is known.
    #[n(7)]
    pub cost: Option<i64>,
    /// The currency of the cost: that of the portfolio when it was asked.
    #[n(8)]
    pub currency: String,
    /// How many people it takes, if that is known.
    #[n(9)]
    pub people: Option<i64>,
    /// Who asks.
    #[n(10)]
    pub asked_by: String,
}

/// A project that would stop or wait.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Instead {
    /// Its name.
    #[n(0)]
    pub name: String,
    /// What the organisation calls it by; can be empty.
    #[n(1)]
    pub reference: String,
}

/// What becomes of a request, as it is entered.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Says {
    /// It stands on a session's board.
    #[n(0)]
    Taken {
        /// Of which session.
        #[cbor(n(0), with = "codec::id")]
        session: SessionId,
        /// As which project.
        #[cbor(n(1), with = "codec::id")]
        project: ProjectId,
    },
    /// It is not done, without a session.
    #[n(1)]
    Declined {
        /// Who says so.
        #[n(0)]
        by: String,
        /// Why.
        #[n(1)]
        reason: String,
    },
    /// It is the same as another one.
    #[n(2)]
    Duplicate {
        /// The number of the other one.
        #[n(0)]
        of: u64,
        /// Who says so.
        #[n(1)]
        by: String,
        /// Why; can be empty.
        #[n(2)]
        reason: String,
    },
    /// It waits again: what was said of it without a session is taken back.
    #[n(3)]
    Waits,
    /// The session that has it was closed. If that has not decided on it, it waits.
    #[n(4)]
    Closed {
        /// Which.
        #[cbor(n(0), with = "codec::id")]
        session: SessionId,
    },
}
