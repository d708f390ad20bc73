//! The first reading of an update: every byte is checked, what is known is skipped.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::block::{self, Block, Content};
use super::lib0::{Malformed, Reader};
use super::ranges::Ranges;
use super::{MAX_CLOCK, MAX_NEW_CLIENTS};

/// What an update holds beyond what is known.
pub(super) struct Scan<'a> {
    /// At most [`MAX_NEW_CLIENTS`], in the order of the update.
    pub(super) fresh: Vec<Fresh<'a>>,
    /// Deletions by client, what was dead already left out as far as whole ranges are.
    pub(super) deletions: BTreeMap<u64, Ranges>,
    /// Something new follows on blocks, or deletes some, that are neither known nor here.
    pub(super) gap: bool,
    /// There were more than [`MAX_NEW_CLIENTS`] clients with something new.
    pub(super) too_many: bool,
}

/// The new blocks of one client.
pub(super) struct Fresh<'a> {
    pub(super) client: u64,
    /// The first new clock, which is the next clock of this client.
    pub(super) start: u32,
    /// The clock after the last new block.
    pub(super) end: u32,
    /// At the first block that is new, if only in its last part.
    pub(super) reader: Reader<'a>,
    /// The clock of that block.
    pub(super) clock: u32,
    /// Blocks from there on, holes not counted.
    pub(super) blocks: usize,
}

/// Reads an update from its first byte to its last. `next` gives the next clock of a client, `dead` whether a
/// range of known clocks is dead already.
pub(super) fn scan<'a>(
    bytes: &'a [u8],
    next: impl Fn(u64) -> u32,
    dead: impl Fn(u64, Range<u32>) -> bool,
) -> Result<Scan<'a>, Malformed> {
    let mut reader = Reader::new(bytes);
    let mut scan = Scan { fresh: Vec::new(), deletions: BTreeMap::new(), gap: false, too_many: false };
    let mut seen = BTreeSet::new();
    for _ in 0..reader.count(3 + block::LEAST_BYTES)? {
        let blocks = reader.count(block::LEAST_BYTES)?;
        let id = reader.id()?;
        if blocks == 0 {
            return Err(Malformed::Empty);
        }
        if !seen.insert(id.client) {
            return Err(Malformed::Repeated);
        }
        scan.section(&mut reader, id.client, id.clock, blocks, next(id.client))?;
    }
    scan.delete_set(&mut reader, next, dead)?;
    reader.finish()?;
    Ok(scan)
}

impl<'a> Scan<'a> {
    fn section(
        &mut self,
        reader: &mut Reader<'a>,
        client: u64,
        mut clock: u32,
        blocks: usize,
        next: u32,
    ) -> Result<(), Malformed> {
        let mut fresh: Option<Fresh<'a>> = None;
        let mut hole = clock > next;
        for _ in 0..blocks {
            let before = *reader;
            let block = Block::read(reader, clock)?;
            let end = clock + block.len;
            if end > next {
                if matches!(block.content, Content::Skip) {
                    hole = true;
                } else if hole {
                    self.gap = true;
                } else {
                    let fresh = fresh.get_or_insert(Fresh {
                        client,
                        start: next,
                        end,
                        reader: before,
                        clock,
                        blocks: 0,
                    });
                    fresh.end = end;
                    fresh.blocks += 1;
                }
            }
            clock = end;
        }
        if let Some(fresh) = fresh {
            if self.fresh.len() == MAX_NEW_CLIENTS {
                self.too_many = true;
            } else {
                self.fresh.push(fresh);
            }
        }
        Ok(())
    }

    fn delete_set(
        &mut self,
        reader: &mut Reader<'a>,
        next: impl Fn(u64) -> u32,
        dead: impl Fn(u64, Range<u32>) -> bool,
    ) -> Result<(), Malformed> {
        for _ in 0..reader.count(2)? {
            let client = reader.var()?;
            let ranges = reader.count(2)?;
            let known = next(client);
            let extent =
                self.fresh.iter().find(|fresh| fresh.client == client).map_or(known, |fresh| fresh.end);
            for _ in 0..ranges {
                let start = reader.clock()?;
                let len = reader.clock()?;
                if len >= MAX_CLOCK - start {
                    return Err(Malformed::Number);
                }
                let range = start..start + len;
                if range.is_empty() {
                    continue;
                }
                if range.end > extent {
                    self.gap = true;
                } else if range.end > known || !dead(client, range.clone()) {
                    self.deletions.entry(client).or_default().insert(range);
                }
            }
        }
        Ok(())
    }
}
