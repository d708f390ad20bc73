//! What one admitted update adds to the index.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::place::{Held, Place};
use super::ranges::Ranges;
use super::{Author, Id};

/// What an admitted update adds: its blocks and where they stand, who wrote them, and what it deletes.
///
/// It holds for the index (and [`Ahead`](super::Ahead)) that the update was examined with.
#[derive(Clone, Debug)]
pub struct Delta {
    pub(super) author: Author,
    pub(super) clients: BTreeMap<u64, ClientDelta>,
    pub(super) touched: Vec<TouchedPlace>,
}

/// What an update does to one place.
#[derive(Clone, Debug)]
pub(super) struct TouchedPlace {
    pub(super) place: Place<Arc<str>>,
    /// The newest entry, where it is a key's.
    pub(super) newest: Option<Id>,
    /// Blocks that yrs may keep there from now on, over those before.
    pub(super) blocks: u32,
}

/// The part of one client.
#[derive(Clone, Debug, Default)]
pub(super) struct ClientDelta {
    /// By first clock; each lasts to the next, the last to `end`. In a text, a run's elements were typed one
    /// right after the other.
    pub(super) runs: Vec<(u32, Held<Arc<str>>)>,
    /// For the runs that are in texts.
    pub(super) typed: Vec<Typed>,
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

/// The run of typing that begins at `start`.
pub(super) fn typed_at(typed: &[Typed], start: u32) -> Option<&Typed> {
    let at = typed.binary_search_by_key(&start, |typed| typed.start).ok()?;
    Some(&typed[at])
}

/// Elements of one text that were typed one right after the other, with the same to their right: yrs and Yjs
/// merge them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Typed {
    /// The clock of the first of them.
    pub(super) start: u32,
    /// What that one was typed after; `None` at the start of the text.
    pub(super) origin: Option<Id>,
    /// What stood right of that; `None` at the end.
    pub(super) right_origin: Option<Id>,
}
