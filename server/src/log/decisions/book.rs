//! The whole log, read: every entry, and where each decision stands by them.

use std::collections::BTreeMap;

use crate::log::{
    chain::{Content, Entry, Hash},
    record::{Change, Record, Standing},
};

/// A decision with everything that the log says of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    /// The hash of its entry; none for what is not in the log yet.
    pub hash: Option<Hash>,
    /// Its record; without a number for what is not in the log yet.
    pub record: Record,
    /// Where it stands now.
    pub standing: Standing,
    /// What has been entered about it since, in order.
    pub changes: Vec<Change>,
}

impl Decided {
    /// What would be decided if the session were closed now.
    pub fn not_yet(record: Record) -> Self {
        Self { hash: None, standing: Standing::of(&record), changes: Vec::new(), record }
    }

    /// Whether it holds: nothing has taken its place, and nobody took it back.
    pub fn holds(&self) -> bool {
        self.record.verdict.is_some() && self.standing.holds()
    }
}

/// The whole log.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// Every entry, the first one first.
    pub entries: Vec<Entry>,
}

impl Book {
    /// The hash of the last entry; zeros for a log without any.
    pub fn head(&self) -> Hash {
        self.entries.last().map(|entry| entry.hash).unwrap_or_default()
    }

    /// The decisions, the first one first, each with where it stands by all the entries.
    pub fn decided(&self) -> Vec<Decided> {
        let mut all: Vec<Decided> = Vec::with_capacity(self.entries.len());
        let mut places: BTreeMap<u64, usize> = BTreeMap::new();
        for entry in &self.entries {
            match &entry.content {
                Content::Decision(record) => {
                    let earlier = record.supersedes.and_then(|number| places.get(&number));
                    if let Some(earlier) = earlier.and_then(|at| all.get_mut(*at)) {
                        earlier.standing.yields(record);
                    }
                    places.insert(record.number, all.len());
                    let record = Record::clone(record);
                    all.push(Decided { hash: Some(entry.hash), ..Decided::not_yet(record) });
                }
                Content::Change(change) => {
                    let of = places.get(&change.decision).and_then(|at| all.get_mut(*at));
                    if let Some(decided) = of {
                        decided.standing.take(change);
                        decided.changes.push(change.clone());
                    }
                }
            }
        }
        all
    }
}
