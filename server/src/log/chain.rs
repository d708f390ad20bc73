//! The form of the decision log: each entry carries the hash of the one before, so that whoever changes one, takes one
//! away or puts one in between is found out.
//!
//! An entry is one byte for the format, the hash of the entry before (32 bytes; zeros for the first), its own hash (32
//! bytes), and what it says as JSON: a decision's record, or a change of one; the format says which. Its own hash is the
//! SHA-256 of the format's byte, the hash before, and the JSON, exactly as they stand. A log that was rewritten as a whole holds together again: against that helps only to have
//! noted its last hash elsewhere, which is why every export names it.

use std::fmt;

use data_encoding::HEXLOWER_PERMISSIVE;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::record::{Change, Record};

/// The format of a decision: its first byte.
pub const DECISION: u8 = 1;

/// The format of a change of a decision.
pub const CHANGE: u8 = 2;

const HASH: usize = 32;
/// What stands before the JSON.
const HEAD: usize = 1 + 2 * HASH;

/// The SHA-256 of an entry, written in hexadecimal.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, utoipa::ToSchema)]
#[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
pub struct Hash([u8; HASH]);

impl Hash {
    /// Its first bytes: enough to tell an entry from every other one.
    pub fn mark(&self) -> [u8; 8] {
        let [a, b, c, d, e, f, g, h, ..] = self.0;
        [a, b, c, d, e, f, g, h]
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER_PERMISSIVE.encode(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl std::str::FromStr for Hash {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, NotAHash> {
        let bytes = HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).map_err(|_| NotAHash)?;
        bytes.try_into().map(Self).map_err(|_| NotAHash)
    }
}

/// The text is no hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not the hash of an entry: it is 64 hexadecimal digits")]
pub struct NotAHash;

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// An entry of the log, read.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The hash of the entry before.
    pub previous: Hash,
    /// Its own.
    pub hash: Hash,
    /// What it says as it stands, which is what the hash is of.
    pub json: Box<RawValue>,
    /// What it says as it reads.
    pub content: Content,
}

/// What an entry says.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Something was decided.
    Decision(Box<Record>),
    /// Something happened to a decision.
    Change(Change),
}

impl Content {
    /// The number that it says it has.
    pub fn number(&self) -> u64 {
        match self {
            Self::Decision(record) => record.number,
            Self::Change(change) => change.number,
        }
    }

    /// The first byte of an entry that says this.
    pub fn format(&self) -> u8 {
        match self {
            Self::Decision(_) => DECISION,
            Self::Change(_) => CHANGE,
        }
    }

    fn to_json(&self) -> Vec<u8> {
        let json = match self {
            Self::Decision(record) => serde_json::to_vec(record),
            Self::Change(change) => serde_json::to_vec(change),
        };
        json.expect("texts and finite numbers are JSON")
    }
}

impl From<Record> for Content {
    fn from(record: Record) -> Self {
        Self::Decision(Box::new(record))
    }
}

impl From<Change> for Content {
    fn from(change: Change) -> Self {
        Self::Change(change)
    }
}

impl Entry {
    /// The record, if it is a decision.
    pub fn record(&self) -> Option<&Record> {
        match &self.content {
            Content::Decision(record) => Some(record),
            Content::Change(_) => None,
        }
    }

    /// The entry as it stands in the log.
    pub fn to_bytes(&self) -> Vec<u8> {
        bytes(self.content.format(), self.previous, self.hash, self.json.get().as_bytes())
    }
}

/// What is wrong with an entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// The first byte names another format.
    #[error("it has format {0}, and this release reads formats {DECISION} and {CHANGE}: use a newer release")]
    Format(u8),
    /// It ends before what it says begins.
    #[error("it is cut off")]
    Short,
    /// Its content is not what its hash is of.
    #[error("its content was changed: it is not what its hash is of")]
    Content,
    /// It does not follow the entry before it.
    #[error("it does not follow the entry before: that one was changed, or one was taken away or put in")]
    Previous,
    /// It has another number than its place.
    #[error("it says that it is number {0}")]
    Number(u64),
    /// What it says does not read.
    #[error("its record cannot be read: {0}")]
    Record(String),
}

/// The entry that follows `previous` and says this: its bytes, and its hash.
pub fn seal(previous: Hash, content: &Content) -> (Vec<u8>, Hash) {
    let (format, json) = (content.format(), content.to_json());
    let hash = hash(format, previous, &json);
    (bytes(format, previous, hash, &json), hash)
}

/// An entry as it stands in the log, from its parts.
pub(crate) fn bytes(format: u8, previous: Hash, hash: Hash, json: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEAD + json.len());
    bytes.push(format);
    bytes.extend(previous.0);
    bytes.extend(hash.0);
    bytes.extend(json);
    bytes
}

/// Reads an entry by itself.
///
/// # Errors
/// What is wrong with it. Whether it follows the one before is for [`follows`] to say.
pub fn read(bytes: &[u8]) -> Result<Entry, Broken> {
    let (&format, rest) = bytes.split_first().ok_or(Broken::Short)?;
    if ![DECISION, CHANGE].contains(&format) {
        return Err(Broken::Format(format));
    }
    let (previous, rest) = rest.split_first_chunk::<HASH>().ok_or(Broken::Short)?;
    let (own, json) = rest.split_first_chunk::<HASH>().ok_or(Broken::Short)?;
    let (previous, own) = (Hash(*previous), Hash(*own));
    if hash(format, previous, json) != own {
        return Err(Broken::Content);
    }
    let json = String::from_utf8(json.to_vec()).map_err(|error| Broken::Record(error.to_string()))?;
    let unread = |error: serde_json::Error| Broken::Record(error.to_string());
    let content = match format {
        DECISION => Content::Decision(serde_json::from_str(&json).map_err(unread)?),
        _ => Content::Change(serde_json::from_str(&json).map_err(unread)?),
    };
    let json = RawValue::from_string(json).map_err(unread)?;
    Ok(Entry { previous, hash: own, json, content })
}

/// Whether an entry stands in its place: as this number, after the entry with this hash.
///
/// # Errors
/// What is wrong with it.
pub fn follows(entry: &Entry, number: u64, previous: Hash) -> Result<(), Broken> {
    if entry.previous != previous {
        return Err(Broken::Previous);
    }
    if entry.content.number() != number {
        return Err(Broken::Number(entry.content.number()));
    }
    Ok(())
}

/// The hash that an entry says is its own, whatever else is wrong with it: what follows was made after that.
pub fn claimed(bytes: &[u8]) -> Hash {
    let own = bytes.get(1 + HASH..HEAD).and_then(|own| own.try_into().ok());
    own.map(Hash).unwrap_or_default()
}

fn hash(format: u8, previous: Hash, json: &[u8]) -> Hash {
    let mut digest = Sha256::new();
    digest.update([format]);
    digest.update(previous.0);
    digest.update(json);
    Hash(digest.finalize().into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::log::record::tests::record;

    #[test]
    fn an_entry_reads_back_and_names_the_one_before() {
        let (first, head) = seal(Hash::default(), &record(1).into());
        let (second, _) = seal(head, &record(2).into());
        let (first, second) = (read(&first).unwrap(), read(&second).unwrap());
        assert_eq!((first.content, second.previous), (record(1).into(), first.hash));
        assert_eq!(second.json.get(), serde_json::to_string(&record(2)).unwrap());
        follows(&second, 2, head).unwrap();
        assert_eq!(follows(&second, 3, head), Err(Broken::Number(2)));
        assert_eq!(follows(&second, 2, Hash::default()), Err(Broken::Previous));
        assert_eq!(head.to_string().parse(), Ok(head));
        assert_eq!("12".parse::<Hash>(), Err(NotAHash));
    }

    #[test]
    fn no_byte_of_an_entry_can_be_changed_unseen() {
        let (entry, hash) = seal(Hash::default(), &record(1).into());
        for at in 0..entry.len() {
            for bit in 0..8 {
                let mut bent = entry.clone();
                bent[at] ^= 1 << bit;
                assert!(read(&bent).is_err(), "byte {at}, bit {bit}");
            }
        }
        for end in 0..entry.len() {
            assert!(read(&entry[..end]).is_err(), "cut at {end}");
        }
        let mut longer = entry.clone();
        longer.push(b' ');
        assert_eq!(read(&longer).unwrap_err(), Broken::Content);
        assert_eq!(claimed(&entry), hash);
    }

    #[test]
    fn whoever_bends_an_entry_and_its_hash_is_found_by_the_next() {
        let (_, honest) = seal(Hash::default(), &record(1).into());
        let (next, _) = seal(honest, &record(2).into());
        let mut lie = record(1);
        lie.owner = "Somebody else".to_owned();
        let (_, forged) = seal(Hash::default(), &lie.into());
        assert_eq!(follows(&read(&next).unwrap(), 2, forged), Err(Broken::Previous));
    }
}
