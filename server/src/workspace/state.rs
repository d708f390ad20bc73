//! The fold of the workspace's log.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use plumbline_shared::ids::SessionId;

use super::{
    entry::{Body, Checked, Entry, EntryError, FORMAT},
    intake::Intake,
    keys::{ApiKey, Keys},
};
use crate::{
    session::{codec, entry::Origin},
    store::Position,
    tokens::TokenHash,
};

/// What the workspace knows of a session.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Record {
    /// Its id.
    #[cbor(n(0), with = "codec::id")]
    pub session: SessionId,
    /// Its title.
    #[n(1)]
    pub title: String,
    /// Its code, in one piece.
    #[n(2)]
    pub code: String,
    /// When it was founded, in milliseconds since 1970.
    #[n(3)]
    pub founded_at: u64,
    /// Whether it is only shown, and erased after a while.
    #[cbor(n(4), default)]
    pub demonstration: bool,
    /// The template that it was founded with, by its id; what became of its agenda since is not told here.
    #[n(5)]
    pub template: Option<String>,
    /// The earlier session of which this is a checkpoint; it may have been erased since.
    #[n(6)]
    pub checks: Option<Checked>,
}

/// The state of the workspace.
#[derive(Debug, Default, PartialEq)]
pub(super) struct State {
    key: Option<TokenHash>,
    sessions: BTreeMap<SessionId, Record>,
    codes: BTreeMap<String, SessionId>,
    seen: BTreeMap<Origin, u64>,
    keys: Keys,
    intake: Intake,
}

/// The state as it stands in a snapshot; codes are those of the records.
#[derive(Encode, Decode)]
struct Whole {
    #[n(0)]
    key: Option<TokenHash>,
    #[n(1)]
    sessions: Vec<Record>,
    #[n(2)]
    seen: BTreeMap<Origin, u64>,
    #[n(3)]
    keys: Option<Vec<ApiKey>>,
    #[n(5)]
    intake: Option<Intake>,
}

impl State {
    /// The whole state: one byte for the format, then CBOR.
    pub(super) fn snapshot(&self) -> Vec<u8> {
        let whole = Whole {
            key: self.key,
            sessions: self.sessions.values().cloned().collect(),
            seen: self.seen.clone(),
            keys: Some(self.keys.list().cloned().collect()),
            intake: Some(self.intake.clone()),
        };
        let mut bytes = vec![FORMAT];
        minicbor::encode(&whole, &mut bytes).expect("writing to memory does not fail");
        bytes
    }

    /// Reads a state back.
    ///
    /// # Errors
    /// When the bytes are of another format, or damaged.
    pub(super) fn restore(bytes: &[u8]) -> Result<Self, EntryError> {
        let Some((&FORMAT, rest)) = bytes.split_first() else { return Err(EntryError::Format) };
        let whole: Whole = minicbor::decode(rest)?;
        Ok(Self {
            key: whole.key,
            codes: whole.sessions.iter().map(|record| (record.code.clone(), record.session)).collect(),
            sessions: whole.sessions.into_iter().map(|record| (record.session, record)).collect(),
            seen: whole.seen,
            keys: Keys::of(whole.keys.unwrap_or_default()),
            intake: whole.intake.unwrap_or_default().restored(),
        })
    }

    pub(super) fn apply(&mut self, position: Position, entry: &Entry) {
        let seen = self.seen.entry(entry.origin).or_insert(0);
        if entry.sequence <= *seen {
            return;
        }
        *seen = entry.sequence;
        match &entry.body {
            Body::Keyed { key } => self.key = Some(*key),
            Body::Entered { session, title, code, demonstration, template, checks } => {
                let record = Record {
                    session: *session,
                    title: title.clone(),
                    code: code.clone(),
                    founded_at: position.at,
                    demonstration: *demonstration,
                    template: template.clone(),
                    checks: *checks,
                };
                self.codes.insert(code.clone(), *session);
                self.sessions.insert(*session, record);
            }
            Body::Coded { session, code } => {
                if let Some(record) = self.sessions.get_mut(session) {
                    self.codes.remove(&record.code);
                    record.code.clone_from(code);
                    self.codes.insert(code.clone(), *session);
                }
            }
            Body::Struck { session } => {
                if let Some(record) = self.sessions.remove(session) {
                    self.codes.remove(&record.code);
                }
            }
            Body::KeyMade { key } => self.keys.make(key, position.at),
            Body::KeySaid { id, says } => self.keys.say(*id, *says),
            Body::IntakeSet { door } => self.intake.set(door),
            Body::Requested { token, wanted } => self.intake.ask(*token, wanted, position.at),
            Body::Said { number, says } => self.intake.say(*number, says, position.at),
            Body::RequestErased { number } => self.intake.erase(*number),
        }
    }

    pub(super) fn keys(&self) -> &Keys {
        &self.keys
    }

    pub(super) fn intake(&self) -> &Intake {
        &self.intake
    }

    /// The last number of an origin.
    pub(super) fn last_of(&self, origin: Origin) -> u64 {
        self.seen.get(&origin).copied().unwrap_or(0)
    }

    pub(super) fn has_key(&self) -> bool {
        self.key.is_some()
    }

    pub(super) fn admits(&self, key: &TokenHash) -> bool {
        // `TokenHash` compares in constant time.
        self.key.as_ref() == Some(key)
    }

    pub(super) fn get(&self, session: SessionId) -> Option<&Record> {
        self.sessions.get(&session)
    }

    pub(super) fn by_code(&self, code: &str) -> Option<SessionId> {
        self.codes.get(code).copied()
    }

    /// Ids are UUIDs of version 7, so that their order is that of age.
    pub(super) fn list(&self, after: Option<SessionId>) -> impl Iterator<Item = &Record> {
        self.sessions
            .iter()
            .rev()
            .filter(move |(id, _)| after.is_none_or(|after| **id < after))
            .map(|(_, record)| record)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use plumbline_shared::ids::ProjectId;
    use uuid::Uuid;

    use super::*;
    use crate::{
        tokens::Salt,
        workspace::{
            intake::{Door, Says, Wanted},
            keys::{KeySays, Scope},
        },
    };

    #[test]
    fn a_state_of_before_there_was_intake_reads() {
        /// What an earlier release wrote.
        #[derive(Encode)]
        struct Before {
            #[n(0)]
            key: Option<TokenHash>,
            #[n(1)]
            sessions: Vec<Record>,
            #[n(2)]
            seen: BTreeMap<Origin, u64>,
        }
        let before = Before { key: Some(TokenHash([7; 32])), sessions: Vec::new(), seen: BTreeMap::new() };
        let mut bytes = vec![FORMAT];
        minicbor::encode(&before, &mut bytes).unwrap();
        let state = State::restore(&bytes).unwrap();
        assert!(state.admits(&TokenHash([7; 32])) && state.intake() == &Intake::default());
    }

    #[test]
    fn a_state_comes_back_as_it_was() {
        let mut state = State::default();
        let origin = Origin(Uuid::from_u128(1));
        let session = SessionId(Uuid::from_u128(2));
        let said = [
            Body::Keyed { key: TokenHash([7; 32]) },
            Body::Entered {
                session,
                title: "Alignment".into(),
                code: "K7Q4M2XD".into(),
                demonstration: false,
                template: Some("frame".into()),
                checks: Some(Checked(SessionId(Uuid::from_u128(3)))),
            },
            Body::Coded { session, code: "AAAA0000".into() },
            Body::KeyMade {
                key: Box::new(ApiKey {
                    id: Uuid::from_u128(8),
                    name: "Reporting".into(),
                    hash: TokenHash([9; 32]),
                    scopes: Scope::ALL.to_vec(),
                    made_at: 0,
                    expires: 20_000,
                    used: None,
                }),
            },
            Body::KeySaid { id: Uuid::from_u128(8), says: KeySays::Used { day: 19_000 } },
            Body::IntakeSet {
                door: Door { salt: Salt([3; 32]), link: TokenHash([4; 32]), open: true, names: true },
            },
            Body::Requested {
                token: TokenHash([5; 32]),
                wanted: Box::new(Wanted { name: "Depot".into(), cost: Some(-1), ..Wanted::default() }),
            },
            Body::Said { number: 1, says: Says::Taken { session, project: ProjectId(Uuid::from_u128(6)) } },
            Body::Said { number: 1, says: Says::Declined { by: "Ana".into(), reason: "No.".into() } },
        ];
        for (sequence, body) in (1..).zip(said) {
            state.apply(Position { at: 9, n: sequence }, &Entry { origin, sequence, body });
        }
        let again = State::restore(&state.snapshot()).unwrap();
        assert_eq!(again, state);
        let key = again.keys().by_hash(&TokenHash([9; 32])).unwrap();
        assert_eq!((key.made_at, key.used, key.scopes.len()), (9, Some(19_000), 7));
        assert_eq!(again.intake().by_token(&TokenHash([5; 32])).map(|request| request.number), Some(1));
        assert_eq!((again.by_code("AAAA0000"), again.by_code("K7Q4M2XD")), (Some(session), None));
        assert!(matches!(State::restore(&[9, 0x80]), Err(EntryError::Format)));
    }
}
