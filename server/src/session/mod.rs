//! The fold: a session's log in, its state out.
//!
//! [`Session::apply`] is a pure function of the state and the entry. It does no I/O, reads no clock (an entry's
//! position carries the log's own stamp) and draws no random number (ids are in the entry), so that every replica
//! that has applied the same entries holds the same state, in canonical bytes.
//!
//! ```text
//! bytes ──▶ Session::examine ──▶ entry ──▶ LOG ──▶ Session::apply ──▶ Outcome ──▶ hub
//!           (a cheap no, and                        (the final word)
//!            the guard's re-encoding)
//! ```

mod agenda;
mod apply;
mod ballots;
mod chance;
mod checkpoint;
pub(crate) mod codec;
mod commands;
mod doors;
pub mod entry;
mod flags;
pub mod guard;
mod import;
mod kept;
mod ledger;
mod merge;
mod people;
mod refusal;
mod snapshot;
#[cfg(test)]
mod tests;
mod update;
mod writer;

use std::collections::{BTreeMap, VecDeque};

use minicbor::{Decode, Encode};
use plumbline_shared::{
    board::Board,
    ids::{MessageId, ParticipantId, ProjectId, SessionId, StepId},
    policy::{self, Actor, Moment},
    schema::Root,
    wire::SERVER_CLIENT,
    words::{StepKind, StepState},
};
use yrs::{Doc, OffsetKind, Options, ReadTxn, StateVector, Transact};

pub use ballots::SponsorHere;
pub use doors::Invitation;
pub use flags::FLAG_REST;
pub use import::{Fate, Imported};
pub use kept::{Attended, ImportNote};
pub use people::{Identity, Member, People};
pub use refusal::Refusal;
pub use snapshot::SnapshotError;
pub use update::{Ahead, Examined};

use crate::store::Position;
use ballots::Ballots;
use entry::Origin;
use flags::Flags;
use kept::Kept;
use ledger::Ledger;
use people::ByPerson;

/// How many of a person's messages are remembered, so that each can be repeated safely. A client waits for its
/// answers and has far fewer under way.
pub const MESSAGES_REMEMBERED: usize = 256;

/// The versions of the rules that this release can fold.
pub const RULES: std::ops::RangeInclusive<u32> = 1..=policy::VERSION;

/// The version of the rules since which there are ballots, and a time that each step was entered.
const BALLOTS_SINCE: u32 = 2;

/// The version of the rules since which a decision says what else was weighed, who was heard and who is to know.
const RECORD_SINCE: u32 = plumbline_shared::schema::RECORD_SINCE;

/// The version of the rules since which there are checkpoints, and scales that are answered in words.
const CHECKPOINTS_SINCE: u32 = 4;

/// The version of the rules since which nobody gets a token by what somebody else does, and a close forgets who has asked
/// whether something is a hobby.
const SEATS_SINCE: u32 = 4;

/// The state of one session.
pub struct Session {
    id: SessionId,
    rules: u32,
    position: Position,
    /// The time of the last entry, never running backwards.
    clock: u64,
    /// The highest sequence seen of each origin.
    seen: BTreeMap<Origin, u64>,
    stand: Stand,
    people: People,
    messages: ByPerson<VecDeque<Answered>>,
    ledger: Ledger,
    flags: Flags,
    ballots: Ballots,
    /// What the record of its decisions says about how they came about.
    kept: Kept,
    /// The position of the last entry that changed the board. Others do not: somebody who reads positions would learn
    /// of every flag when it is raised.
    shown: Position,
    guard: guard::Index,
    doc: Doc,
    /// What is done in the current step, as the agenda says; read anew when the agenda changes.
    kind: StepKind,
    /// What the entry that is being applied has written to the board so far.
    written: Vec<u8>,
}

/// Where a session stands.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
struct Stand {
    #[n(0)]
    title: String,
    #[cbor(n(1), with = "codec::id")]
    step: StepId,
    #[n(2)]
    round: u32,
    #[cbor(n(3), with = "codec::word")]
    state: StepState,
    #[n(4)]
    locked: bool,
    #[n(5)]
    closed: bool,
    #[n(6)]
    deadline: Option<u64>,
    #[n(7)]
    founded_at: u64,
    /// Whether a close has published all flags since the last step change. A second one publishes what has rested.
    #[cbor(n(8), default)]
    all_published: bool,
    /// When the current step was entered, in milliseconds since 1970; none before anybody has gone on.
    #[n(9)]
    entered: Option<u64>,
    /// How many seconds the steps so far have taken more than was planned.
    #[cbor(n(10), default)]
    late: i64,
    /// The one project that may be placed meanwhile.
    #[n(11)]
    only: Option<Only>,
    /// Whether the session is only shown.
    #[cbor(n(12), default)]
    demonstration: bool,
}

/// The project that is discussed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
struct Only(#[cbor(n(0), with = "codec::id")] ProjectId);

/// A message that was answered.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
struct Answered {
    #[cbor(n(0), with = "codec::id")]
    message: MessageId,
    /// The code and the sentence of the refusal, if it was one.
    #[n(1)]
    refused: Option<(String, String)>,
}

/// What an entry came to.
#[derive(Debug, PartialEq)]
pub enum Outcome {
    /// It was applied before, or has nothing new.
    Nothing,
    /// It was applied.
    Done(Done),
    /// It rests on what is not here. Not an offence: the sender is asked for more.
    Gap,
    /// It was refused; the state is as it was.
    Refused(Refusal),
}

/// What an applied entry leaves to be done.
#[derive(Debug, Default, PartialEq)]
pub struct Done {
    /// The board's change as an update for every client; empty when the board did not change.
    pub update: Vec<u8>,
    /// Why parts of a client's change were taken back in the same breath.
    pub taken_back: Vec<Refusal>,
    /// What others have to do about it.
    pub effects: Vec<Effect>,
    /// What an import came to.
    pub imported: Option<Imported>,
}

/// What others have to do about an entry. Carrying an effect out twice does no harm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Somebody was removed: their connections are closed.
    Removed(ParticipantId),
    /// Somebody was found to be somebody else: their connections are closed, to come back as that one.
    Merged(ParticipantId),
    /// Somebody's own flags have changed: they are told, and nobody else is.
    Flagged(ParticipantId),
    /// Somebody's flags have changed, and nothing of what they are told: only what they show is held back anew.
    Flagging(ParticipantId),
    /// The board says of flags what there is now.
    FlagsPublished,
    /// Somebody's own ballot has changed: they are told, and nobody else is.
    Balloted(ParticipantId),
    /// A round has gone on, or the step is another one: everybody is told their own ballot.
    Round,
    /// The session was closed: its decisions go to the decision log, and its answers are erased from the store.
    Closed,
    /// Somebody's name or role changed: their connections take it on.
    RoleChanged(ParticipantId),
    /// Tokens were replaced: connections that came with an old one are closed.
    Rotated(entry::Whose),
    /// Somebody has come in by a link on one more device: their other pages are told.
    Entered(ParticipantId),
    /// A device has left: its pages are closed.
    Left,
}

/// Something that the fold cannot go on from: the log or the state is damaged, or a rule of ours is broken. The
/// state must be built anew.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The log does not begin with a session's founding.
    #[error("this log does not begin with a session")]
    Unfounded,
    /// The log needs rules that this release does not have.
    #[error("this session needs version {0} of the rules: use a newer release")]
    Rules(u32),
    /// The document library refused what the guard had passed.
    #[error("the document refused an update that the guard had passed: {0}")]
    Document(String),
    /// The guard and the document disagree on what stands where.
    #[error("the guard's index and the document disagree: {0}")]
    Disagreement(String),
    /// The entry cannot be read.
    #[error(transparent)]
    Entry(#[from] entry::EntryError),
}

impl Session {
    /// The session's id.
    #[must_use]
    pub fn id(&self) -> SessionId {
        self.id
    }

    /// The version of the rules by which it goes.
    pub fn rules(&self) -> u32 {
        self.rules
    }

    /// Its title.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.stand.title
    }

    /// The position of the last entry applied.
    #[must_use]
    pub fn position(&self) -> Position {
        self.position
    }

    /// The position of the last entry that changed the board: all that may be told of positions.
    #[must_use]
    pub fn shown(&self) -> Position {
        self.shown
    }

    /// Whether links are good for one use here, as they are since version 4 of the rules.
    #[must_use]
    pub fn has_seats(&self) -> bool {
        self.rules >= SEATS_SINCE
    }

    /// Since when a token that is used or made by this entry has not been used.
    fn seen_now(&self) -> u64 {
        if self.has_seats() { self.clock } else { 0 }
    }

    /// Who has joined.
    #[must_use]
    pub fn people(&self) -> &People {
        &self.people
    }

    /// Whether the session is closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.stand.closed
    }

    /// Whether it is only shown, with simulated people in it: nothing of it goes to the decision log.
    #[must_use]
    pub fn is_demonstration(&self) -> bool {
        self.stand.demonstration
    }

    /// When it was founded, in milliseconds since 1970.
    #[must_use]
    pub fn founded_at(&self) -> u64 {
        self.stand.founded_at
    }

    /// Where the session stands, as the policy asks it.
    #[must_use]
    pub fn moment(&self) -> Moment {
        let knows_ballots = self.rules >= BALLOTS_SINCE;
        Moment {
            step: knows_ballots.then_some(self.stand.step),
            kind: self.kind,
            state: self.stand.state,
            locked: self.stand.locked,
            closed: self.stand.closed,
            only: self.stand.only.map(|only| only.0).filter(|_| knows_ballots),
        }
    }

    /// Whether answers of this session, which is closed, may still stand in the store's files.
    #[must_use]
    pub fn owes_erasing(&self) -> bool {
        self.ballots.owes_erasing()
    }

    /// Whether private answers of this session stand in the store's files.
    #[must_use]
    pub fn has_secrets(&self) -> bool {
        self.ballots.has_secrets() || self.ballots.owes_erasing()
    }

    /// The person who acts, unless they are not in the session.
    #[must_use]
    pub fn actor(&self, participant: ParticipantId) -> Option<Actor> {
        let member = self.people.get(participant).filter(|member| !member.removed)?;
        Some(Actor { participant, role: member.role })
    }

    /// The board as people read it.
    #[must_use]
    pub fn board(&self) -> Board {
        Board::read(&self.doc.transact())
    }

    /// The document itself, for tests that do to it what nothing else may.
    #[cfg(test)]
    pub(crate) fn document(&self) -> &Doc {
        &self.doc
    }

    /// What a client with this state vector lacks, as an update.
    #[must_use]
    pub fn since(&self, known: &StateVector) -> Vec<u8> {
        self.doc.transact().encode_state_as_update_v1(known)
    }

    /// What the document knows.
    #[must_use]
    pub fn state_vector(&self) -> StateVector {
        self.doc.transact().state_vector()
    }

    /// The last sequence applied of an origin; 0 when there is none.
    #[must_use]
    pub fn last_of(&self, origin: Origin) -> u64 {
        self.seen.get(&origin).copied().unwrap_or(0)
    }

    /// How a message was answered, if it has been.
    #[must_use]
    pub fn answered(&self, by: ParticipantId, message: MessageId) -> Option<Result<(), (&str, &str)>> {
        let answers = self.messages.get(by.0.as_bytes())?;
        let answer = answers.iter().find(|answer| answer.message == message)?;
        Some(match &answer.refused {
            None => Ok(()),
            Some((code, sentence)) => Err((code, sentence)),
        })
    }
}

/// An empty document as the fold uses it: the server's client id, and positions counted as Yjs counts them.
fn empty_document() -> Doc {
    let doc = Doc::with_options(Options {
        offset_kind: OffsetKind::Utf16,
        ..Options::with_client_id(yrs::ClientID::new(SERVER_CLIENT))
    });
    {
        let mut txn = doc.transact_mut();
        for root in Root::ALL {
            yrs::WriteTxn::get_or_insert_map(&mut txn, root.name());
        }
    }
    doc
}
