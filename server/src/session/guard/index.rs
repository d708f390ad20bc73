//! What the guard knows of every block that the document ever held.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::block::{Block, Content};
use super::layer::{Delta, TouchedPlace, Typed, run_at, typed_at};
use super::lib0::Malformed;
use super::place::{Held, Parent, Place};
use super::ranges::Ranges;
use super::resolve::{Astray, Stand, stand};
use super::scan::{Fresh, scan};
use super::tables::{Names, Places, Stored};
use super::{Author, BLOCKS_OF_A_RUN, Id, SERVER_CLIENT};

/// Of every element the document ever held: where it stands, whether it is dead, and whose client made it.
///
/// It grows with the document's history of distinct writes, eight bytes for a write of another key than the
/// write before, and is part of the session's state: a snapshot holds it ([`Index::encode`]). The same
/// sequence of [`absorb`](Index::absorb) and [`learn`](Index::learn) gives the same bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    pub(super) clients: BTreeMap<u64, Client>,
    pub(super) names: Names,
    pub(super) places: Places,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Client {
    pub(super) author: Author,
    pub(super) next: u32,
    /// (first clock, place); each lasts to the next, the last to `next`. Neighbours differ in place, or are
    /// in one text and the later does not follow on the earlier.
    pub(super) runs: Vec<(u32, u32)>,
    /// For the runs that are in texts.
    pub(super) typed: Vec<Typed>,
    pub(super) dead: Ranges,
}

/// yrs has done something else than the guard expected: a fault in the guard or in yrs, never a client's
/// doing. The index is not to be trusted afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Disagreement {
    /// What yrs wrote cannot be read.
    #[error("the document wrote an update that the guard cannot read: {0}")]
    Unreadable(#[from] Malformed),
    /// Blocks that neither an admitted update nor the server brought.
    #[error("the document holds blocks that nobody was admitted to write")]
    Unadmitted,
    /// Blocks or deletions that do not follow on what is known.
    #[error("the document goes beyond what the guard knows of it")]
    Beyond,
    /// Two writes of one key are alive.
    #[error("the document keeps two values at one key")]
    TwoAlive,
}

/// A stretch of elements that has just been added.
struct Added {
    client: u64,
    range: Range<u32>,
    place: u32,
}

impl Index {
    /// An index of the empty document.
    pub fn new() -> Self {
        Self::default()
    }

    /// The clock that this client's next block must have.
    pub fn next_clock(&self, client: u64) -> u32 {
        self.clients.get(&client).map_or(0, |client| client.next)
    }

    /// Whose client id this is, once it has had a block accepted.
    pub fn author_of(&self, client: u64) -> Option<Author> {
        self.clients.get(&client).map(|client| client.author)
    }

    /// What one author made is another's: two people were one.
    pub fn hand_over(&mut self, from: Author, into: Author) {
        for client in self.clients.values_mut().filter(|client| client.author == from) {
            client.author = into;
        }
    }

    /// The next clock of every client, by ascending id: what a state vector of the document says.
    pub fn state_vector(&self) -> impl Iterator<Item = (u64, u32)> + '_ {
        self.clients.iter().map(|(&client, known)| (client, known.next))
    }

    /// Every dead range of every client, ascending: what a delete set of the document says.
    pub fn dead_ranges(&self) -> impl Iterator<Item = (u64, Range<u32>)> + '_ {
        self.clients.iter().flat_map(|(&client, known)| known.dead.iter().map(move |range| (client, range)))
    }

    /// Takes in an admitted update together with what yrs made of it.
    ///
    /// `integrated` is `TransactionMut::encode_update_v1()` of the transaction that applied it, before its commit: it says
    /// what died of concurrent writes, and may hold further writes of the server's, such as compensations.
    pub fn absorb(&mut self, delta: Delta, integrated: &[u8]) -> Result<(), Disagreement> {
        let mut added = Vec::new();
        for (client, part) in delta.clients {
            let mut at = self.next_clock(client);
            let mut follows = part.follows;
            let typed = part.typed;
            let mut runs = part.runs.into_iter().peekable();
            while let Some((start, held)) = runs.next() {
                let end = runs.peek().map_or(part.end, |(start, _)| *start);
                if start != at || end <= start {
                    return Err(Disagreement::Beyond);
                }
                let typed = typed_at(&typed, start).copied();
                self.add(client, delta.author, start..end, held, typed.filter(|_| !follows), &mut added);
                follows = false;
                at = end;
            }
        }
        for TouchedPlace { place, blocks, .. } in delta.touched {
            let place = match place {
                Place::Text(text) => self.places.number(Stored::Text(text)),
                Place::Slot { parent, key } => self.slot(parent, key),
            };
            self.places.crowd(place, blocks);
        }
        self.integrate(integrated, added)
    }

    /// Takes in a transaction that was the server's alone, as its `encode_update_v1()` says.
    pub fn learn(&mut self, integrated: &[u8]) -> Result<(), Disagreement> {
        self.integrate(integrated, Vec::new())
    }

    fn integrate(&mut self, integrated: &[u8], mut added: Vec<Added>) -> Result<(), Disagreement> {
        let scan = scan(integrated, |client| self.next_clock(client), |_, _| false)?;
        if scan.gap || scan.too_many {
            return Err(Disagreement::Beyond);
        }
        for fresh in scan.fresh {
            if fresh.client != SERVER_CLIENT {
                return Err(Disagreement::Unadmitted);
            }
            self.learn_blocks(fresh, &mut added)?;
        }
        for (client, ranges) in scan.deletions {
            ranges.iter().for_each(|range| self.kill(client, range));
        }
        for Added { client, range, place } in added {
            let slot = match self.places.list[place as usize] {
                Stored::Slot { .. } => place,
                Stored::Made { slot, .. } => slot,
                _ => continue,
            };
            let Some(known) = self.clients.get(&client) else { continue };
            for clock in known.dead.missing(range).flatten() {
                if self.places.live.insert(slot, Id { client, clock }).is_some() {
                    return Err(Disagreement::TwoAlive);
                }
            }
        }
        Ok(())
    }

    fn learn_blocks(&mut self, fresh: Fresh<'_>, added: &mut Vec<Added>) -> Result<(), Disagreement> {
        let Fresh { client, mut reader, mut clock, .. } = fresh;
        for _ in 0..fresh.blocks {
            let mut block = Block::read(&mut reader, clock)?;
            let end = clock + block.len;
            let start = clock.max(fresh.start);
            block = block.cut(start - clock, Id { client, clock: start });
            let place = match block.content {
                Content::Gc => Stand::Collected,
                _ => stand(
                    &block,
                    |id| self.find(id),
                    |id| self.dead_covers(id.client, id.clock..id.clock + 1),
                )
                .map_err(|astray| match astray {
                    Astray::Unknown => Disagreement::Beyond,
                    Astray::Torn | Astray::Misplaced => Disagreement::Unadmitted,
                })?,
            };
            let held = match (place, block.content) {
                (Stand::Collected, _) => Held::Gc,
                (Stand::At(Place::Text(text)), _) => Held::Text(text),
                (Stand::At(Place::Slot { parent, key }), Content::Made(kind)) => {
                    Held::Made { kind, parent, key }
                }
                (Stand::At(Place::Slot { parent, key }), _) => Held::Entry { parent, key },
            };
            let before = start.checked_sub(1).and_then(|clock| self.typed(Id { client, clock }));
            let goes_on = block.follows(client, start)
                && before.is_some_and(|before| before.right_origin == block.right_origin);
            let typed = (matches!(held, Held::Text(_)) && !goes_on).then(|| block.typed(start));
            let held = held.map(|name| Arc::<str>::from(*name));
            let place = self.add(client, Author::SERVER, start..end, held, typed, added);
            self.places.crowd(place, if typed.is_some() { BLOCKS_OF_A_RUN } else { 1 });
            clock = end;
        }
        Ok(())
    }

    /// Adds elements at the end of a client's, and says in which place. `typed`: they begin a run of typing.
    fn add(
        &mut self,
        client: u64,
        author: Author,
        range: Range<u32>,
        held: Held<Arc<str>>,
        typed: Option<Typed>,
        added: &mut Vec<Added>,
    ) -> u32 {
        let place = match held {
            Held::Gc => self.places.number(Stored::Gc),
            Held::Text(text) => self.places.number(Stored::Text(text)),
            Held::Entry { parent, key } => self.slot(parent, key),
            Held::Made { kind, parent, key } => {
                let slot = self.slot(parent, key);
                self.places.number(Stored::Made { kind, slot })
            }
        };
        let known = self.clients.entry(client).or_insert_with(|| Client { author, ..Client::default() });
        if typed.is_some() || known.runs.last().is_none_or(|(_, last)| *last != place) {
            known.runs.push((range.start, place));
            known.typed.extend(typed);
        }
        known.next = range.end;
        added.push(Added { client, range, place });
        match self.places.list[place as usize] {
            Stored::Made { slot, .. } => slot,
            _ => place,
        }
    }

    fn slot(&mut self, parent: Parent<Arc<str>>, key: Arc<str>) -> u32 {
        let parent = match parent {
            Parent::Root(name) => Parent::Root(self.names.number(name)),
            Parent::Item(id) => Parent::Item(id),
        };
        let key = self.names.number(key);
        self.places.number(Stored::Slot { parent, key })
    }

    fn kill(&mut self, client: u64, range: Range<u32>) {
        let Some(known) = self.clients.get_mut(&client) else { return };
        let newly: Vec<Range<u32>> = known.dead.missing(range).collect();
        for range in newly {
            let mut next = known.runs.partition_point(|(start, _)| *start <= range.start);
            let mut at = range.start;
            let mut text = None;
            while at < range.end && next > 0 {
                let end = known.runs.get(next).map_or(range.end, |(start, _)| *start).min(range.end);
                let place = known.runs[next - 1].1;
                let slot = match self.places.list[place as usize] {
                    Stored::Made { slot, .. } => slot,
                    Stored::Text(_) => *text.get_or_insert(place),
                    _ => place,
                };
                if self
                    .places
                    .live
                    .get(&slot)
                    .is_some_and(|id| id.client == client && (at..end).contains(&id.clock))
                {
                    self.places.live.remove(&slot);
                }
                at = end;
                next += 1;
            }
            let ranges = known.dead.len();
            known.dead.insert(range);
            if let Some(text) = text
                && known.dead.len() > ranges
            {
                // Something dead among the living is a block of its own and splits another.
                self.places.crowd(text, 2);
            }
        }
    }

    pub(super) fn dead_covers(&self, client: u64, range: Range<u32>) -> bool {
        self.clients.get(&client).is_some_and(|known| known.dead.covers(range))
    }

    pub(super) fn dead(&self, client: u64) -> Option<&Ranges> {
        self.clients.get(&client).map(|known| &known.dead)
    }

    pub(super) fn find(&self, id: Id) -> Option<Held<&str>> {
        let known = self.clients.get(&id.client)?;
        if id.clock >= known.next {
            return None;
        }
        run_at(&known.runs, id.clock).map(|&(_, place)| self.held(place))
    }

    /// The run that a known element of a text was typed in.
    pub(super) fn typed(&self, id: Id) -> Option<Typed> {
        let known = self.clients.get(&id.client)?;
        typed_at(&known.typed, run_at(&known.runs, id.clock)?.0).copied()
    }

    pub(super) fn live(&self, parent: Parent<&str>, key: &str) -> Option<Id> {
        self.places.live.get(self.slot_number(parent, key)?).copied()
    }

    pub(super) fn pieces<'a>(
        &'a self,
        client: u64,
        range: Range<u32>,
        f: &mut impl FnMut(Range<u32>, Held<&'a str>),
    ) {
        let Some(known) = self.clients.get(&client) else { return };
        let end = range.end.min(known.next);
        let mut at = range.start;
        let mut next = known.runs.partition_point(|(start, _)| *start <= at);
        while at < end && next > 0 {
            let run_end = known.runs.get(next).map_or(end, |(start, _)| *start).min(end);
            f(at..run_end, self.held(known.runs[next - 1].1));
            at = run_end;
            next += 1;
        }
    }

    /// A shared string with this content: the index's own where it has one.
    pub(super) fn share(&self, name: &str) -> Arc<str> {
        self.names
            .find(name)
            .map_or_else(|| name.into(), |number| Arc::clone(&self.names.list[number as usize]))
    }

    /// How many blocks yrs may keep in a place: in a text, or under a key with all that was ever written
    /// there.
    pub(super) fn blocks_at(&self, place: Place<&str>) -> u32 {
        let number = match place {
            Place::Text(text) => self.places.numbers.get(&Stored::Text(text)),
            Place::Slot { parent, key } => self.slot_number(parent, key),
        };
        number.map_or(0, |&number| self.places.blocks[number as usize])
    }

    fn slot_number(&self, parent: Parent<&str>, key: &str) -> Option<&u32> {
        let parent = match parent {
            Parent::Root(name) => Parent::Root(self.names.find(name)?),
            Parent::Item(id) => Parent::Item(id),
        };
        self.places.numbers.get(&Stored::Slot { parent, key: self.names.find(key)? })
    }

    /// How many client ids this author holds.
    pub(super) fn clients_of(&self, author: Author) -> usize {
        self.clients.values().filter(|client| client.author == author).count()
    }

    fn held(&self, place: u32) -> Held<&str> {
        let slot = |slot: u32| match self.places.list[slot as usize] {
            Stored::Slot { parent, key } => (parent.map(|&name| self.name(name)), self.name(key)),
            // Places are numbered by `slot` and checked on decoding.
            _ => (Parent::Root(""), ""),
        };
        match self.places.list[place as usize] {
            Stored::Gc => Held::Gc,
            Stored::Text(text) => Held::Text(text),
            Stored::Slot { .. } => {
                let (parent, key) = slot(place);
                Held::Entry { parent, key }
            }
            Stored::Made { kind, slot: at } => {
                let (parent, key) = slot(at);
                Held::Made { kind, parent, key }
            }
        }
    }

    fn name(&self, number: u32) -> &str {
        &self.names.list[number as usize]
    }

    /// Finds what is alive at each key anew.
    pub(super) fn revive(&mut self) {
        self.places.live.clear();
        for (&client, known) in &self.clients {
            for (run, &(start, place)) in known.runs.iter().enumerate() {
                let slot = match self.places.list[place as usize] {
                    Stored::Slot { .. } => place,
                    Stored::Made { slot, .. } => slot,
                    _ => continue,
                };
                let end = known.runs.get(run + 1).map_or(known.next, |(start, _)| *start);
                if let Some(alive) = known.dead.missing(start..end).last() {
                    self.places.live.insert(slot, Id { client, clock: alive.end - 1 });
                }
            }
        }
    }
}
