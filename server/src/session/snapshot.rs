//! A session's whole state as bytes: what a replica starts from, and what two replicas are compared by.

use std::collections::{BTreeMap, VecDeque};

use minicbor::{Decode, Encode, bytes::ByteVec};
use plumbline_shared::{ids::SessionId, words::StepKind};
use yrs::{ReadTxn, StateVector, Transact, Update, updates::decoder::Decode as _};

use super::{
    Answered, RULES, Session, Stand,
    ballots::Ballots,
    codec, empty_document,
    entry::Origin,
    flags::Flags,
    guard::{self, CorruptIndex},
    kept::Kept,
    ledger::Ledger,
    people::People,
};
use crate::store::Position;

/// The format of snapshots that this release writes: their first byte.
const FORMAT: u8 = 1;

/// Bytes that are no snapshot, or none that this release can go on from. The log before it still can.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The first byte names another format.
    #[error("this snapshot has another format than {FORMAT}: use the release that wrote it")]
    Format,
    /// It needs rules that this release does not have.
    #[error("this snapshot needs version {0} of the rules: use a newer release")]
    Rules(u32),
    /// The content does not read.
    #[error("the snapshot cannot be read: {0}")]
    Content(#[from] minicbor::decode::Error),
    /// The guard's index in it is damaged.
    #[error(transparent)]
    Index(#[from] CorruptIndex),
    /// The document in it is damaged.
    #[error("the document in the snapshot cannot be read: {0}")]
    Document(String),
}

/// What stands in a snapshot.
#[derive(Decode)]
struct Whole {
    #[cbor(n(0), with = "codec::id")]
    id: SessionId,
    #[n(1)]
    rules: u32,
    #[n(2)]
    at: u64,
    #[n(3)]
    number: u64,
    #[n(4)]
    clock: u64,
    #[n(5)]
    seen: BTreeMap<Origin, u64>,
    #[n(6)]
    stand: Stand,
    #[n(7)]
    people: People,
    #[n(8)]
    messages: BTreeMap<ByteVec, VecDeque<Answered>>,
    #[n(9)]
    ledger: Ledger,
    #[n(10)]
    guard: ByteVec,
    #[n(11)]
    document: ByteVec,
    #[cbor(n(12), with = "codec::word")]
    kind: StepKind,
    #[cbor(n(13), default)]
    flags: Flags,
    #[cbor(n(14), default)]
    shown: (u64, u64),
    #[cbor(n(15), default)]
    ballots: Ballots,
    #[cbor(n(16), default)]
    kept: Kept,
}

/// The same as it is written: borrowed, since a state may be large.
#[derive(Encode)]
struct WholeOf<'s> {
    #[cbor(n(0), with = "codec::id")]
    id: SessionId,
    #[n(1)]
    rules: u32,
    #[n(2)]
    at: u64,
    #[n(3)]
    number: u64,
    #[n(4)]
    clock: u64,
    #[n(5)]
    seen: &'s BTreeMap<Origin, u64>,
    #[n(6)]
    stand: &'s Stand,
    #[n(7)]
    people: &'s People,
    #[n(8)]
    messages: BTreeMap<ByteVec, &'s VecDeque<Answered>>,
    #[n(9)]
    ledger: &'s Ledger,
    #[n(10)]
    guard: ByteVec,
    #[n(11)]
    document: ByteVec,
    #[cbor(n(12), with = "codec::word")]
    kind: StepKind,
    #[n(13)]
    flags: &'s Flags,
    #[n(14)]
    shown: (u64, u64),
    #[n(15)]
    ballots: &'s Ballots,
    #[n(16)]
    kept: &'s Kept,
}

impl Session {
    /// The whole state.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        let whole = WholeOf {
            id: self.id,
            rules: self.rules,
            at: self.position.at,
            number: self.position.n,
            clock: self.clock,
            seen: &self.seen,
            stand: &self.stand,
            people: &self.people,
            messages: self.messages.iter().map(|(who, answers)| (who.to_vec().into(), answers)).collect(),
            ledger: &self.ledger,
            guard: self.guard.encode().into(),
            document: self.doc.transact().encode_state_as_update_v1(&StateVector::default()).into(),
            kind: self.kind,
            flags: &self.flags,
            shown: (self.shown.at, self.shown.n),
            ballots: &self.ballots,
            kept: &self.kept,
        };
        let mut bytes = vec![FORMAT];
        minicbor::encode(&whole, &mut bytes).expect("writing to memory does not fail");
        bytes
    }

    /// Reads a state back. The bytes are our own; damage is noticed, malice is not looked for.
    ///
    /// # Errors
    /// When the bytes are no snapshot of this format, or are damaged.
    pub fn restore(bytes: &[u8]) -> Result<Self, SnapshotError> {
        let Some((&FORMAT, rest)) = bytes.split_first() else { return Err(SnapshotError::Format) };
        let whole: Whole = minicbor::decode(rest)?;
        if !RULES.contains(&whole.rules) {
            return Err(SnapshotError::Rules(whole.rules));
        }
        let doc = empty_document();
        let damaged = |error: &dyn std::fmt::Display| SnapshotError::Document(error.to_string());
        let update = Update::decode_v1(&whole.document).map_err(|error| damaged(&error))?;
        doc.transact_mut().apply_update(update).map_err(|error| damaged(&error))?;
        let messages = whole
            .messages
            .into_iter()
            .map(|(who, answers)| {
                let who: [u8; 16] = who.as_slice().try_into().map_err(|_| SnapshotError::Format)?;
                Ok((who, answers))
            })
            .collect::<Result<_, SnapshotError>>()?;
        Ok(Self {
            id: whole.id,
            rules: whole.rules,
            position: Position { at: whole.at, n: whole.number },
            clock: whole.clock,
            seen: whole.seen,
            stand: whole.stand,
            people: whole.people,
            messages,
            ledger: whole.ledger,
            flags: whole.flags,
            ballots: whole.ballots,
            kept: whole.kept,
            shown: Position { at: whole.shown.0, n: whole.shown.1 },
            guard: guard::Index::decode(&whole.guard)?,
            doc,
            kind: whole.kind,
            written: Vec::new(),
        })
    }

    /// The state in the bytes by which replicas are compared: encoded, reloaded and encoded again. A live document
    /// and a reloaded one split their blocks differently; after a reload they do not.
    ///
    /// # Errors
    /// When the state does not read back, which is a fault.
    pub fn canonical(&self) -> Result<Vec<u8>, SnapshotError> {
        Ok(Self::restore(&self.snapshot())?.snapshot())
    }
}
