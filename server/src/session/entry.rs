//! What stands in a session's log.
//!
//! An entry is one byte for the format, then CBOR with numbered fields: a later release may add fields and kinds,
//! and may never renumber or reuse one. A log is read for as long as it is kept.

use minicbor::{Decode, Encode, bytes::ByteVec};
use plumbline_shared::{
    ids::{MessageId, ParticipantId, PillarId, ProjectId, SessionId, StepId},
    words::{Origin as Family, Role, StepKind},
};
use uuid::Uuid;

use super::codec;

/// The format of entries that this release writes: their first byte.
pub const FORMAT: u8 = 1;

/// Who proposed an entry: one run of one process. With the sequence it names the entry, so that an append that was
/// repeated because its answer got lost counts once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Origin(#[cbor(n(0), with = "codec::id")] pub Uuid);

/// One entry.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Entry {
    /// Who proposed it.
    #[n(0)]
    pub origin: Origin,
    /// Its number among what that one proposed to this log, ascending.
    #[n(1)]
    pub sequence: u64,
    /// What it says.
    #[n(2)]
    pub body: Body,
}

/// What an entry says.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub enum Body {
    /// The session begins. The first entry of every log.
    #[n(0)]
    Founded(#[n(0)] Founded),
    /// Somebody changed the board. The bytes are the guard's own re-encoding.
    #[n(1)]
    Update {
        /// Who.
        #[cbor(n(0), with = "codec::id")]
        by: ParticipantId,
        /// The update, v1.
        #[n(1)]
        update: ByteVec,
    },
    /// A facilitator drove the session.
    #[n(2)]
    Commanded {
        /// Who.
        #[cbor(n(0), with = "codec::id")]
        by: ParticipantId,
        /// The message's id.
        #[cbor(n(1), with = "codec::id")]
        message: MessageId,
        /// The command, as JSON: the same text as on the wire.
        #[n(2)]
        json: String,
    },
    /// Somebody joined.
    #[n(3)]
    Joined(#[n(0)] Joined),
    /// A portfolio was imported.
    #[n(4)]
    Imported {
        /// By whom.
        #[cbor(n(0), with = "codec::id")]
        by: ParticipantId,
        /// Its rows.
        #[n(1)]
        rows: Vec<Row>,
        /// The currency of the costs, where the file says it.
        #[n(2)]
        currency: Option<String>,
        /// The file that they stood in. None in old logs, and where there was no file.
        #[n(3)]
        file: Option<File>,
    },
    /// Pillars were imported.
    #[n(5)]
    PillarsImported {
        /// By whom.
        #[cbor(n(0), with = "codec::id")]
        by: ParticipantId,
        /// The pillars, in their order.
        #[n(1)]
        rows: Vec<PillarRow>,
    },
    /// Somebody got a personal link for another device.
    #[n(6)]
    Linked {
        /// Who.
        #[cbor(n(0), with = "codec::id")]
        participant: ParticipantId,
        /// The hash of the link's token; since version 4 of the rules, of the link itself.
        #[cbor(n(1), with = "minicbor::bytes")]
        token: [u8; 32],
        /// The hash of the token by which they asked. None in old logs.
        #[n(2)]
        with: Option<Shown>,
    },
    /// A token was replaced; the old ones of that kind are dead.
    #[n(7)]
    Rotated {
        /// Whose.
        #[n(0)]
        whose: Whose,
        /// The hash of the new one.
        #[cbor(n(1), with = "minicbor::bytes")]
        token: [u8; 32],
        /// The facilitator who did it: a new facilitators' link is theirs. None in old logs.
        #[n(2)]
        by: Option<By>,
        /// The hash of the token by which they asked. None in old logs.
        #[n(3)]
        with: Option<Shown>,
    },
    /// From here on other rules hold.
    #[n(8)]
    Rules {
        /// Their version.
        #[n(0)]
        version: u32,
    },
    /// An entry made the fold fail and counts for nothing.
    #[n(9)]
    Voided {
        /// The voided entry's stamp, in milliseconds since 1970.
        #[n(0)]
        at: u64,
        /// Its number within that millisecond.
        #[n(1)]
        number: u64,
    },
    /// The flags that have rested long enough come onto the board.
    #[n(10)]
    FlagsPublished {
        /// What the order of the reasons comes from.
        #[n(0)]
        seed: u64,
    },
    /// The agenda is another one from here on.
    #[n(11)]
    AgendaImported {
        /// By whom.
        #[cbor(n(0), with = "codec::id")]
        by: ParticipantId,
        /// Its steps, in their order.
        #[n(1)]
        steps: Vec<StepRow>,
    },
    /// The ballots of a closed session have been erased from the store: nothing is owed any more.
    #[n(12)]
    BallotsErased,
    /// Who was connected in the current step, as one node saw it before the session went on.
    #[n(13)]
    Attended {
        /// Who, in the order of their ids.
        #[n(0)]
        here: Vec<By>,
    },
    /// The session is a checkpoint of an earlier one.
    #[n(20)]
    Earlier(#[n(0)] Earlier),
    /// Somebody used a link that is good for one use, and has a token of their own now.
    #[n(14)]
    Entered {
        /// The hash of the link.
        #[cbor(n(0), with = "minicbor::bytes")]
        link: [u8; 32],
        /// The hash of the token.
        #[cbor(n(1), with = "minicbor::bytes")]
        token: [u8; 32],
    },
    /// A device has left: its token is dead.
    #[n(15)]
    Left {
        /// The hash of the token.
        #[cbor(n(0), with = "minicbor::bytes")]
        token: [u8; 32],
    },
    /// Tokens were used, as one node saw it: said once a day of each.
    #[n(16)]
    Used {
        /// Their hashes, in order.
        #[n(0)]
        tokens: Vec<Shown>,
    },
}

/// The session that a checkpoint looks back on, and what it decided.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Earlier {
    /// Who opens the checkpoint.
    #[cbor(n(0), with = "codec::id")]
    pub by: ParticipantId,
    /// The earlier session.
    #[cbor(n(1), with = "codec::id")]
    pub session: SessionId,
    /// Its title.
    #[n(2)]
    pub title: String,
    /// When it was closed, in milliseconds since 1970.
    #[n(3)]
    pub closed_at: u64,
    /// The currency of its costs.
    #[n(4)]
    pub currency: String,
    /// How many were how sure in private, 0 to 5, where that was revealed.
    #[n(5)]
    pub confidence: Option<Vec<u32>>,
    /// How many signed it in public: carry, with a reservation, do not carry.
    #[n(6)]
    pub signed: Vec<u32>,
    /// Its projects.
    #[n(7)]
    pub rows: Vec<EarlierRow>,
}

/// One project of the session that a checkpoint looks back on.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct EarlierRow {
    /// What it was; its id stays.
    #[n(0)]
    pub row: Row,
    /// Where it stood: a pillar's id, `off`, or empty.
    #[n(1)]
    pub pile: String,
    /// Its order key there.
    #[n(2)]
    pub order: String,
    /// The number in the decision log of the decision that holds; 0: there is none.
    #[n(3)]
    pub number: u64,
    /// In how many sessions it has been decided about.
    #[n(4)]
    pub times: u32,
    /// On which day the decision was made.
    #[n(5)]
    pub decided_on: String,
    /// What was decided, by its word; empty: nothing.
    #[n(6)]
    pub verdict: String,
    /// Who answers for it.
    #[n(7)]
    pub owner: String,
    /// Why.
    #[n(8)]
    pub rationale: String,
    /// What the decision says beside that.
    #[n(9)]
    pub fields: Vec<(String, String)>,
}

/// The hash of a token that was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
pub struct Shown(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 32]);

/// A file that was imported, as the record of decisions names it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct File {
    /// The SHA-256 of its bytes, as they came.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub sha256: [u8; 32],
    /// How many bytes it has.
    #[n(1)]
    pub bytes: u64,
    /// What it was read as: `csv`, `json` or `xlsx`.
    #[n(2)]
    pub format: String,
}

/// Somebody, where a field may be without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct By(#[cbor(n(0), with = "codec::id")] pub ParticipantId);

/// How a session begins.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Founded {
    /// Its id.
    #[cbor(n(0), with = "codec::id")]
    pub session: SessionId,
    /// Its title.
    #[n(1)]
    pub title: String,
    /// The version of the rules under which it begins.
    #[n(2)]
    pub rules: u32,
    /// The first facilitator.
    #[cbor(n(3), with = "codec::id")]
    pub facilitator: ParticipantId,
    /// The facilitator's name.
    #[n(4)]
    pub name: String,
    /// The hash of the facilitators' token.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub facilitator_token: [u8; 32],
    /// The hash of the observers' token.
    #[cbor(n(6), with = "minicbor::bytes")]
    pub observer_token: [u8; 32],
    /// The id of the one step of a session without a template.
    #[cbor(n(7), with = "codec::id")]
    pub step: StepId,
    /// The title of that step.
    #[n(8)]
    pub step_title: String,
    /// The steps of the template; with none, there is that one open step.
    #[cbor(n(9), default)]
    pub steps: Vec<StepRow>,
    /// Whether it is only shown, with simulated people in it: nothing of it goes to the decision log.
    #[cbor(n(10), default)]
    pub demonstration: bool,
}

/// Somebody who joins.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Joined {
    /// Their id.
    #[cbor(n(0), with = "codec::id")]
    pub participant: ParticipantId,
    /// Their name.
    #[n(1)]
    pub name: String,
    /// What they do in the organisation; may be empty.
    #[n(2)]
    pub function: String,
    /// What they are in the session.
    #[cbor(n(3), with = "codec::word")]
    pub role: Role,
    /// The hash of their token.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub token: [u8; 32],
    /// The facilitator who had them join; none for who came by the code, and is a participant.
    #[n(5)]
    pub by: Option<By>,
}

/// One row of a portfolio.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Row {
    /// The id that the project gets if it is not on the board yet.
    #[cbor(n(0), with = "codec::id")]
    pub id: ProjectId,
    /// Its name.
    #[n(1)]
    pub name: String,
    /// What it is.
    #[n(2)]
    pub summary: String,
    /// Who wants it.
    #[n(3)]
    pub sponsor: String,
    /// Who runs it.
    #[n(4)]
    pub owner: String,
    /// Where it came from, by its word; empty when the file does not say.
    #[n(5)]
    pub origin: String,
    /// What it costs, in whole units of the currency.
    #[n(6)]
    pub cost: Option<i64>,
    /// How many people work on it.
    #[n(7)]
    pub people: Option<i64>,
    /// What others call it.
    #[n(8)]
    pub reference: String,
    /// The other columns: heading and text.
    #[n(9)]
    pub more: Vec<(String, String)>,
}

impl Row {
    /// The family that `origin` names.
    pub fn family(&self) -> Option<Family> {
        Family::parse(&self.origin)
    }
}

/// One pillar of an import.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct PillarRow {
    /// The id that the pillar gets if it is not on the board yet.
    #[cbor(n(0), with = "codec::id")]
    pub id: PillarId,
    /// Its name.
    #[n(1)]
    pub name: String,
    /// What it is meant to bring about.
    #[n(2)]
    pub intent: String,
    /// Goals, with their measures.
    #[n(3)]
    pub goals: Vec<String>,
    /// The measure of the whole.
    #[n(4)]
    pub measure: String,
    /// What it rules out.
    #[n(5)]
    pub rules_out: String,
    /// Who answers for it.
    #[n(6)]
    pub owner: String,
    /// A design token; empty: the next one.
    #[n(7)]
    pub colour: String,
}

/// One step of an agenda.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct StepRow {
    /// Its id.
    #[cbor(n(0), with = "codec::id")]
    pub id: StepId,
    /// What is done in it.
    #[cbor(n(1), with = "codec::word")]
    pub kind: StepKind,
    /// What its ballot asks, by its word; empty where there is none.
    #[n(2)]
    pub question: String,
    /// Its title.
    #[n(3)]
    pub title: String,
    /// The time planned for it, in minutes.
    #[n(4)]
    pub minutes: u32,
    /// What it brings along: see `plumbline_shared::agenda`.
    #[n(5)]
    pub options: Vec<(String, String)>,
}

/// Whose token is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Whose {
    /// The facilitators' link.
    #[n(0)]
    Facilitator,
    /// The observers' link.
    #[n(1)]
    Observer,
    /// One person's tokens, all of them.
    #[n(2)]
    Participant(#[cbor(n(0), with = "codec::id")] ParticipantId),
}

/// Bytes that are no entry.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// The first byte names another format.
    #[error("this entry has format {0}, and this release reads format {FORMAT}: use a newer release")]
    Format(u8),
    /// There are no bytes.
    #[error("the entry is empty")]
    Empty,
    /// The content does not read.
    #[error("the entry cannot be read: {0}")]
    Content(#[from] minicbor::decode::Error),
}

impl Entry {
    /// The entry as it stands in the log.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![FORMAT];
        minicbor::encode(self, &mut bytes).expect("writing to memory does not fail");
        bytes
    }

    /// Reads an entry.
    ///
    /// # Errors
    /// When the bytes are of another format, or are no entry.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EntryError> {
        match bytes.split_first() {
            None => Err(EntryError::Empty),
            Some((&FORMAT, rest)) => Ok(minicbor::decode(rest)?),
            Some((&format, _)) => Err(EntryError::Format(format)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_comes_back_as_it_was() {
        let entry = Entry {
            origin: Origin(Uuid::from_u128(7)),
            sequence: 3,
            body: Body::Update { by: ParticipantId(Uuid::from_u128(9)), update: vec![1, 2, 3].into() },
        };
        let bytes = entry.to_bytes();
        assert_eq!(Entry::from_bytes(&bytes).unwrap(), entry);
        // The format is kept for ever: these bytes stand in logs.
        assert_eq!(bytes.len(), 44);
        assert_eq!(data_encoding::HEXLOWER.encode(&bytes[..4]), "01835000");
    }

    #[test]
    fn a_later_format_is_named_and_not_guessed() {
        assert!(matches!(Entry::from_bytes(&[9, 0x80]), Err(EntryError::Format(9))));
        assert!(matches!(Entry::from_bytes(&[]), Err(EntryError::Empty)));
        assert!(matches!(Entry::from_bytes(&[FORMAT, 0xff]), Err(EntryError::Content(_))));
    }
}
