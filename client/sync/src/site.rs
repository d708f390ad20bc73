//! Where a splice was done: by the characters themselves, so that it can be done again after others have written.

use yrs::{
    Assoc, GetString, ID, IndexedSequence, ReadTxn, StickyIndex, Text, TextRef, TransactionMut, Update,
    updates::decoder::Decode,
};

use crate::{Splice, carry::within, document::Made};

/// Runs of characters that one splice may take out and be done again for. Of one with more, the rest stays.
pub(crate) const REMOVED_RUNS: usize = 256;

/// One UTF-16 unit of a text: the document's client that wrote it, and its clock.
pub(crate) type Unit = (u64, u32);

/// The characters around what a splice wrote, and those that it took out. Offsets move when others write; these do
/// not.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Site {
    pub(crate) left: Option<Unit>,
    pub(crate) right: Option<Unit>,
    /// Client, first clock and the clock after the last.
    pub(crate) removed: Vec<(u64, u32, u32)>,
}

impl Site {
    /// The site of `splice`, which `update` has just done in `text`.
    pub(crate) fn of<T: ReadTxn>(
        txn: &T,
        text: &TextRef,
        splice: &Splice,
        made: Made,
        update: &[u8],
    ) -> Self {
        let mut site = Self::default();
        if splice.remove > 0
            && let Ok(update) = Update::decode_v1(update)
        {
            for (client, ranges) in update.delete_set().iter() {
                site.removed.extend(ranges.iter().map(|range| (client.get(), range.start, range.end)));
            }
            site.removed.truncate(REMOVED_RUNS);
        }
        if !splice.insert.is_empty() {
            let length = text.len(txn);
            let at = splice.at.min(length);
            let mut other = |index: u32| {
                let id = *text.sticky_index(txn, index, Assoc::After)?.id()?;
                let unit = (id.client.get(), id.clock);
                (!made.has(unit)).then_some(unit)
            };
            site.left = (0..at).rev().find_map(&mut other);
            site.right = (at.saturating_add(made.to - made.from)..length).find_map(other);
        }
        site
    }

    /// How many units were taken out.
    pub(crate) fn units(&self) -> u32 {
        self.removed.iter().map(|(_, from, to)| to - from).sum()
    }

    /// Puts in for own characters the ones that they have become, in a document that had not seen them.
    pub(crate) fn follow(&mut self, moves: &[(Made, Made)]) {
        let now = |unit: Unit| {
            let moved = moves.iter().find(|(before, _)| before.has(unit));
            moved.map_or(unit, |(before, after)| (after.client, after.from + (unit.1 - before.from)))
        };
        self.left = self.left.map(now);
        self.right = self.right.map(now);
        for (client, from, to) in std::mem::take(&mut self.removed) {
            for (client, clock) in (from..to).map(|clock| now((client, clock))) {
                match self.removed.last_mut() {
                    Some((last, _, end)) if *last == client && *end == clock => *end += 1,
                    _ => self.removed.push((client, clock, clock + 1)),
                }
            }
        }
    }

    /// Does `splice` again: takes out what it took out, where that still stands, and writes between the same
    /// characters.
    pub(crate) fn carry_out(&self, txn: &mut TransactionMut<'_>, text: &TextRef, splice: &Splice) {
        let mut standing = Vec::new();
        for (client, from, to) in &self.removed {
            for unit in (*from..*to).map(|clock| (*client, clock)) {
                let start = offset(txn, unit, Assoc::After);
                // One that is gone has no breadth.
                if start != offset(txn, unit, Assoc::Before) {
                    standing.extend(start);
                }
            }
        }
        standing.sort_unstable();
        // From the end, and by runs: half a surrogate pair must not be taken out alone.
        for run in standing.chunk_by(|one, next| one + 1 == *next).rev() {
            text.remove_range(txn, run[0], run.len() as u32);
        }
        if splice.insert.is_empty() {
            return;
        }
        let left = self.left.and_then(|unit| offset(txn, unit, Assoc::Before));
        let place = left.or_else(|| self.right.and_then(|unit| offset(txn, unit, Assoc::After)));
        let at = place.unwrap_or(splice.at);
        // Nothing of what stood around is known here: the old place is as good as any, and takes nothing out.
        let (at, _) = within(&text.get_string(txn), &Splice { at, remove: 0, insert: String::new() });
        text.insert(txn, at, &splice.insert);
    }
}

/// Where the text goes on before or after a unit; `None` where the document never had it.
fn offset<T: ReadTxn>(txn: &T, (client, clock): Unit, assoc: Assoc) -> Option<u32> {
    let id = ID::new(yrs::ClientID::new(client), clock);
    StickyIndex::from_id(id, assoc).get_offset(txn).map(|offset| offset.index)
}
