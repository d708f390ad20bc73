//! What stands in the workspace's log: one byte for the format, then CBOR with numbered fields, never renumbered.

use minicbor::{Decode, Encode};
use plumbline_shared::ids::SessionId;
use uuid::Uuid;

use super::intake::{Door, Says, Wanted};
use super::keys::{ApiKey, KeySays};
use crate::{
    session::{codec, entry::Origin},
    tokens::TokenHash,
};

/// The format of entries that this release writes.
pub(super) const FORMAT: u8 = 1;

/// One entry.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub(super) struct Entry {
    /// Who proposed it.
    #[n(0)]
    pub(super) origin: Origin,
    /// Its number among what that one proposed, ascending.
    #[n(1)]
    pub(super) sequence: u64,
    /// What it says.
    #[n(2)]
    pub(super) body: Body,
}

/// A session that a checkpoint looks back on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct Checked(#[cbor(n(0), with = "codec::id")] pub SessionId);

/// What an entry says.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub(super) enum Body {
    /// The workspace has another key.
    #[n(0)]
    Keyed {
        /// Its hash.
        #[n(0)]
        key: TokenHash,
    },
    /// A session was founded.
    #[n(1)]
    Entered {
        /// Its id.
        #[cbor(n(0), with = "codec::id")]
        session: SessionId,
        /// Its title.
        #[n(1)]
        title: String,
        /// Its code, in one piece.
        #[n(2)]
        code: String,
        /// Whether it is only shown, and erased after a while.
        #[cbor(n(3), default)]
        demonstration: bool,
        /// The template of its agenda, by its id.
        #[n(4)]
        template: Option<String>,
        /// The earlier session of which this is a checkpoint.
        #[n(5)]
        checks: Option<Checked>,
    },
    /// A session has another code.
    #[n(2)]
    Coded {
        /// Its id.
        #[cbor(n(0), with = "codec::id")]
        session: SessionId,
        /// The code, in one piece.
        #[n(1)]
        code: String,
    },
    /// A session was erased.
    #[n(3)]
    Struck {
        /// Its id.
        #[cbor(n(0), with = "codec::id")]
        session: SessionId,
    },
    /// An API key was made.
    #[n(4)]
    KeyMade {
        /// The key, without the time: that is the entry's.
        #[n(0)]
        key: Box<ApiKey>,
    },
    /// What becomes of an API key.
    #[n(5)]
    KeySaid {
        /// Its id.
        #[cbor(n(0), with = "codec::id")]
        id: Uuid,
        /// What.
        #[n(1)]
        says: KeySays,
    },
    /// The way in for requests was set.
    #[n(10)]
    IntakeSet {
        /// As it is from now on.
        #[n(0)]
        door: Door,
    },
    /// Somebody asks for new work.
    #[n(11)]
    Requested {
        /// The hash of the token that opens its status, by which it is known when it comes a second time.
        #[n(0)]
        token: TokenHash,
        /// What is asked for.
        #[n(1)]
        wanted: Box<Wanted>,
    },
    /// What becomes of a request.
    #[n(12)]
    Said {
        /// Its number.
        #[n(0)]
        number: u64,
        /// What is said of it.
        #[n(1)]
        says: Says,
    },
    /// A request was erased.
    #[n(13)]
    RequestErased {
        /// Its number.
        #[n(0)]
        number: u64,
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

impl Entry {
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
