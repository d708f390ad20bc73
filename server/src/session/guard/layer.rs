//! What one admitted update adds to the index.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::place::{Held, Parent};
use super::ranges::Ranges;
use super::{Author, Id};

/// What an admitted update adds: its blocks and where they stand, who wrote them, and what it deletes.
///
/// It holds for the index (and [`Ahead`](super::Ahead)) that the update was examined with.
#[derive(Clone, Debug)]
pub struct Delta {
    pub(super) author: Author,
    pub(super) clients: BTreeMap<u64, ClientDelta>,
    /// The newest entry of each key written.
    pub(super) newest: Vec<(Parent<Arc<str>>, Arc<str>, Id)>,
}

/// The part of one client.
#[derive(Clone, Debug, Default)]
pub(super) struct ClientDelta {
    /// By first clock; each lasts to the next, the last to `end`. In a text, a run's elements were typed one right after the other.
    pub(super) runs: Vec<(u32, Held<Arc<str>>)>,
    /// What the first element of a text's run was typed after, by the run's first clock; left out where it was typed at the start.
    pub(super) origins: Vec<(u32, Id)>,
    /// The first run goes on from the element before it.
    pub(super) follows: bool,
    /// The clock after the last new element; meaningless without runs.
    pub(super) end: u32,
    /// Newly dead, among what was known and what is new.
    pub(super) dead: Ranges,
}

/// The run that holds `clock`, in a list of runs by first clock.
pub(super) fn run_at<T>(runs: &[(u32, T)], clock: u32) -> Option<&(u32, T)> {
    let after = runs.partition_point(|(start, _)| *start <= clock);
    runs[..after].last()
}

/// The origin of the run that begins at `start`.
pub(super) fn origin_at(origins: &[(u32, Id)], start: u32) -> Option<Id> {
    let at = origins.binary_search_by_key(&start, |(start, _)| *start).ok()?;
    Some(origins[at].1)
}

/// Elements of one text that were typed one right after the other.
#[derive(Clone, Copy)]
pub(super) struct Typed {
    /// The first of them.
    pub(super) start: u32,
    /// What that one was typed after.
    pub(super) origin: Option<Id>,
}
