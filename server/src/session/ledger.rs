//! Which entries stand on the board, and which did: what the policy needs to know of it.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use plumbline_shared::{
    ids::ParticipantId,
    policy::{Facts, Standing},
    schema::Root,
};

use super::codec;

/// Every entry that was ever made under a root, whether it stands, and whose name stands or last stood under it.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub(super) struct Ledger {
    #[n(0)]
    roots: BTreeMap<String, Entries>,
}

#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
struct Entries {
    #[n(0)]
    stands: BTreeMap<String, bool>,
    #[n(1)]
    standing: u32,
    /// Ownership outlives what is owned: who brings it back does not become its author.
    #[cbor(n(2), default)]
    signed: BTreeMap<String, Signature>,
}

/// A participant's id.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
struct Signature(#[cbor(n(0), with = "codec::id")] ParticipantId);

impl Ledger {
    /// Notes that an entry was made, or taken away.
    pub(super) fn note(&mut self, root: Root, key: &str, stands: bool) {
        let entries = self.roots.entry(root.name().to_owned()).or_default();
        let before = entries.stands.insert(key.to_owned(), stands).unwrap_or(false);
        match (before, stands) {
            (false, true) => entries.standing += 1,
            (true, false) => entries.standing = entries.standing.saturating_sub(1),
            _ => {}
        }
    }

    /// Notes whose name stands under an entry now.
    pub(super) fn sign(&mut self, root: Root, key: &str, who: Option<ParticipantId>) {
        let signed = &mut self.roots.entry(root.name().to_owned()).or_default().signed;
        match who {
            Some(who) => signed.insert(key.to_owned(), Signature(who)),
            None => signed.remove(key),
        };
    }

    /// What one person has signed is another's: the two were one.
    pub(super) fn hand_over(&mut self, from: ParticipantId, into: ParticipantId) {
        for entries in self.roots.values_mut() {
            for signature in entries.signed.values_mut().filter(|signature| signature.0 == from) {
                signature.0 = into;
            }
        }
    }

    fn signed(&self, root: Root, key: &str) -> Option<ParticipantId> {
        self.entries(root)?.signed.get(key).map(|signature| signature.0)
    }

    fn entries(&self, root: Root) -> Option<&Entries> {
        self.roots.get(root.name())
    }

    fn stands(&self, root: Root, key: &str) -> Option<bool> {
        self.entries(root)?.stands.get(key).copied()
    }
}

/// What is made and taken away beyond the ledger: by what has been appended and is not folded yet, or by the update
/// that is being judged. Looked up as fast as the ledger itself, since one frame may make a thousand entries.
#[derive(Debug, Default)]
pub(super) struct Later {
    stands: BTreeMap<Root, BTreeMap<String, bool>>,
    /// By how many entries more (or less) there are.
    more: BTreeMap<Root, isize>,
    signed: BTreeMap<Root, BTreeMap<String, Option<ParticipantId>>>,
}

impl Later {
    /// Notes what becomes of an entry that stood, or did not, before.
    pub(super) fn set(&mut self, root: Root, key: &str, before: bool, stands: bool) {
        self.stands.entry(root).or_default().insert(key.to_owned(), stands);
        *self.more.entry(root).or_default() += isize::from(stands) - isize::from(before);
    }

    /// Notes what becomes of an entry, going on from a ledger.
    pub(super) fn note(&mut self, ledger: &Ledger, root: Root, key: &str, stands: bool) {
        let before = self.get(root, key).or_else(|| ledger.stands(root, key)).unwrap_or(false);
        self.set(root, key, before, stands);
    }

    /// Every entry, and whether it stands in the end: in a fixed order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Root, &str, bool)> {
        self.stands
            .iter()
            .flat_map(|(root, keys)| keys.iter().map(|(key, stands)| (*root, key.as_str(), *stands)))
    }

    fn get(&self, root: Root, key: &str) -> Option<bool> {
        self.stands.get(&root)?.get(key).copied()
    }

    /// Notes whose name is written under an entry.
    pub(super) fn sign(&mut self, root: Root, key: &str, who: Option<ParticipantId>) {
        self.signed.entry(root).or_default().insert(key.to_owned(), who);
    }

    /// Every entry that is signed, in a fixed order.
    pub(super) fn signatures(&self) -> impl Iterator<Item = (Root, &str, Option<ParticipantId>)> {
        self.signed.iter().flat_map(|(root, keys)| keys.iter().map(|(key, who)| (*root, key.as_str(), *who)))
    }

    fn signed(&self, root: Root, key: &str) -> Option<Option<ParticipantId>> {
        self.signed.get(&root)?.get(key).copied()
    }

    fn more(&self, root: Root) -> isize {
        self.more.get(&root).copied().unwrap_or(0)
    }
}

/// A ledger with what is beyond it.
pub(super) struct Sight<'l> {
    pub(super) ledger: &'l Ledger,
    /// What has been appended but not folded yet.
    pub(super) ahead: &'l Later,
    /// What the update that is being judged has done so far.
    pub(super) newest: &'l Later,
}

impl Facts for Sight<'_> {
    fn standing(&self, root: Root, key: &str) -> Standing {
        let later = self.newest.get(root, key).or_else(|| self.ahead.get(root, key));
        match later.or_else(|| self.ledger.stands(root, key)) {
            Some(true) => Standing::Stands,
            Some(false) => Standing::Gone,
            None => Standing::Never,
        }
    }

    fn count(&self, root: Root) -> usize {
        let known = self.ledger.entries(root).map_or(0, |entries| entries.standing as usize);
        known.saturating_add_signed(self.ahead.more(root) + self.newest.more(root))
    }

    fn signed(&self, root: Root, key: &str) -> Option<ParticipantId> {
        let later = self.newest.signed(root, key).or_else(|| self.ahead.signed(root, key));
        later.unwrap_or_else(|| self.ledger.signed(root, key))
    }
}
