//! The whole log, read: every entry, and where each decision stands by them.

use std::collections::BTreeMap;

use crate::log::{
    chain::{Content, Entry, Hash},
    record::{Change, Done, Record, Standing},
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

    /// The day that it has for something now: the one that its record names, or, of a review, the one that was agreed on
    /// since. Empty where there is none.
    pub fn day(&self, field: &str) -> &str {
        self.standing.progress.day(field, self.record.field(field))
    }

    /// Who has done what that day is for, if nothing is left to be done by it.
    pub fn done(&self, field: &str) -> Option<&Done> {
        self.standing.progress.done_for(field)
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
                    let mut decided =
                        Decided { hash: Some(entry.hash), ..Decided::not_yet(Record::clone(record)) };
                    let earlier = record.supersedes.and_then(|number| places.get(&number));
                    if let Some(earlier) = earlier.and_then(|at| all.get_mut(*at)) {
                        earlier.standing.hand_on(
                            &mut decided.standing,
                            |field| earlier.day(field),
                            |field| record.field(field),
                        );
                        earlier.standing.yields(record);
                    }
                    places.insert(record.number, all.len());
                    all.push(decided);
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
