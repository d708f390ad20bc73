//! Which entries stand on the board, and which did: what the policy needs to know of it.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use plumbline_shared::{
    policy::{Facts, Standing},
    schema::Root,
};

/// Every entry that was ever made under a root, and whether it stands.
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
}

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

    /// The ledger with what is known ahead of the fold.
    pub(super) fn with<'l>(
        &'l self,
        ahead: &'l [(Root, String, bool)],
        newest: &'l [(Root, String, bool)],
    ) -> Sight<'l> {
        Sight { ledger: self, ahead, newest }
    }

    fn entries(&self, root: Root) -> Option<&Entries> {
        self.roots.get(root.name())
    }
}

/// A ledger, and what has been appended but not folded yet.
pub(super) struct Sight<'l> {
    ledger: &'l Ledger,
    ahead: &'l [(Root, String, bool)],
    /// What the update that is being judged has done so far.
    newest: &'l [(Root, String, bool)],
}

impl Sight<'_> {
    fn later(&self) -> impl DoubleEndedIterator<Item = &(Root, String, bool)> {
        self.ahead.iter().chain(self.newest)
    }
}

impl Facts for Sight<'_> {
    fn standing(&self, root: Root, key: &str) -> Standing {
        let ahead = self.later().rev().find(|(known, name, _)| *known == root && name == key);
        let stands = match ahead {
            Some((_, _, stands)) => Some(*stands),
            None => self.ledger.entries(root).and_then(|entries| entries.stands.get(key)).copied(),
        };
        match stands {
            Some(true) => Standing::Stands,
            Some(false) => Standing::Gone,
            None => Standing::Never,
        }
    }

    fn count(&self, root: Root) -> usize {
        let ahead = self.later().filter(|(known, _, stands)| *known == root && *stands).count();
        self.ledger.entries(root).map_or(0, |entries| entries.standing as usize) + ahead
    }
}
