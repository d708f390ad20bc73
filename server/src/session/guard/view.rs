//! The index and what is ahead of it, as one.

use std::ops::Range;

use super::layer::{Typed, run_at};
use super::place::{Held, Parent};
use super::{Ahead, Author, Id, Index};

/// What is known before an update.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) index: &'a Index,
    pub(super) ahead: &'a Ahead,
}

impl<'a> View<'a> {
    pub(super) fn next(&self, client: u64) -> u32 {
        self.index.next_clock(client).max(self.ahead.next(client))
    }

    pub(super) fn author(&self, client: u64) -> Option<Author> {
        self.index.author_of(client).or_else(|| self.ahead.author(client))
    }

    pub(super) fn find(&self, id: Id) -> Option<Held<&'a str>> {
        self.index.find(id).or_else(|| self.ahead.find(id))
    }

    /// The run that an element of a text was typed in.
    pub(super) fn typed(&self, id: Id) -> Option<Typed> {
        let mut at = id;
        while at.clock >= self.index.next_clock(id.client) {
            let start = run_at(self.ahead.runs(id.client), at.clock)?.0;
            if let Some(typed) = self.ahead.typed_at(id.client, start) {
                return Some(typed);
            }
            // Goes on from what was known before.
            at.clock = start.checked_sub(1)?;
        }
        self.index.typed(at)
    }

    pub(super) fn dead(&self, id: Id) -> bool {
        self.dead_covers(id.client, id.clock..id.clock + 1)
    }

    /// Whether a whole range is dead. (Half in the index and half ahead counts as not: it is then looked at
    /// piece by piece.)
    pub(super) fn dead_covers(&self, client: u64, range: Range<u32>) -> bool {
        self.index.dead_covers(client, range.clone())
            || self.ahead.dead(client).is_some_and(|dead| dead.covers(range))
    }

    /// The element that stands at a key.
    pub(super) fn live(&self, parent: Parent<&str>, key: &str) -> Option<Id> {
        let id = match self.ahead.newest(parent, key) {
            Some(id) if id.clock >= self.index.next_clock(id.client) => id,
            _ => self.index.live(parent, key)?,
        };
        (!self.dead(id)).then_some(id)
    }

    /// Calls `f` with each stretch of known elements in `range` that stand in one place.
    pub(super) fn pieces(
        &self,
        client: u64,
        range: Range<u32>,
        mut f: impl FnMut(Range<u32>, Held<&'a str>),
    ) {
        self.index.pieces(client, range.clone(), &mut f);
        let known = self.index.next_clock(client);
        let end = range.end.min(self.ahead.next(client));
        let mut at = range.start.max(known);
        let runs = self.ahead.runs(client);
        let mut next = runs.partition_point(|(start, _)| *start <= at);
        while at < end && next > 0 {
            let run_end = runs.get(next).map_or(end, |(start, _)| *start).min(end);
            f(at..run_end, runs[next - 1].1.map(|name| &**name));
            at = run_end;
            next += 1;
        }
    }
}
