//! Strings and places by number.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::place::Parent;
use super::{Id, Kind, MAX_CLOCK};

/// Strings by number, in the order of their first use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    pub(super) list: Vec<Arc<str>>,
    numbers: BTreeMap<Arc<str>, u32>,
}

/// Places by number, in the order of their first use, and what is alive at each key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    pub(super) list: Vec<Stored>,
    pub(super) numbers: BTreeMap<Stored, u32>,
    /// For each place, how many blocks yrs keeps there: more rather than less.
    pub(super) blocks: Vec<u32>,
    /// Only for slots: at most one of a key's writes is alive.
    pub(super) live: BTreeMap<u32, Id>,
}

/// A place, its strings numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stored {
    Gc,
    Text(Id),
    Slot { parent: Parent<u32>, key: u32 },
    Made { kind: Kind, slot: u32 },
}

impl Names {
    pub(super) fn number(&mut self, name: Arc<str>) -> u32 {
        let list = &mut self.list;
        *self.numbers.entry(name).or_insert_with_key(|name| {
            list.push(Arc::clone(name));
            number(list.len() - 1)
        })
    }

    pub(super) fn find(&self, name: &str) -> Option<u32> {
        self.numbers.get(name).copied()
    }
}

impl Places {
    pub(super) fn number(&mut self, place: Stored) -> u32 {
        let (list, blocks) = (&mut self.list, &mut self.blocks);
        *self.numbers.entry(place).or_insert_with(|| {
            list.push(place);
            blocks.push(0);
            number(list.len() - 1)
        })
    }

    /// Counts blocks that yrs may keep in a place from now on.
    pub(super) fn crowd(&mut self, place: u32, blocks: u32) {
        let known = &mut self.blocks[place as usize];
        *known = known.saturating_add(blocks).min(MAX_CLOCK);
    }
}

fn number(len: usize) -> u32 {
    u32::try_from(len).expect("a document of 16 MiB has fewer than 2^32 places")
}
