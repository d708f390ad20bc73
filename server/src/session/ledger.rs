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
}
