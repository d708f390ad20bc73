//! Taking in the new blocks of an update, in the order in which they refer to each other.

use std::ops::Range;

use super::super::block::{Block, Content};
use super::super::encode::Position;
use super::super::layer::Typed;
use super::super::place::{Held, Parent, Place};
use super::super::resolve::{Astray, Stand, stand};
use super::super::value::Value;
use super::super::{BLOCKS_OF_A_RUN, Id, Kind, Limits, MAX_PATH_DEPTH, MAX_STEPS, MAX_TEXT_BLOCKS, Refusal};
use super::Stop;
use super::context::{Context, Reach};
use super::touched::Touched;

/// An update on its way from one form to the other.
pub(super) struct Admission<'a> {
    pub(super) context: Context<'a>,
    pub(super) touched: Touched<'a>,
    /// Bytes written so far.
    pub(super) size: usize,
    pub(super) limits: &'a Limits,
    /// What it costs yrs so far, and the guard; see [`MAX_STEPS`].
    pub(super) steps: &'a mut u32,
}

impl<'a> Admission<'a> {
    /// Takes in all blocks of a section, and before each block those of others that it refers to.
    pub(super) fn take_in<R>(&mut self, section: usize) -> Result<(), Stop<R>> {
        // Sections on the way, each waiting for the one after it to get to a clock.
        let mut waiting = vec![(section, u32::MAX)];
        while let Some(&(section, until)) = waiting.last() {
            let state = &self.context.sections[section];
            if state.left == 0 || state.done >= until {
                waiting.pop();
                continue;
            }
            if let Some((other, clock)) = self.next_block(section)? {
                if waiting.iter().any(|&(on_the_way, _)| on_the_way == other) {
                    return Err(Refusal::Circular.into());
                }
                waiting.push((other, clock + 1));
            }
        }
        Ok(())
    }

    /// Takes in the next block of a section, or says which section has to get beyond which clock first.
    fn next_block<R>(&mut self, at: usize) -> Result<Option<(usize, u32)>, Stop<R>> {
        let section = &self.context.sections[at];
        let mut reader = section.reader;
        let block = Block::read(&mut reader, section.clock)?;
        let (start, end) = (section.done, section.clock + block.len);
        let client = section.client;
        let block = block.cut(start - section.clock, Id { client, clock: start });
        let parent = match block.parent {
            Some((Parent::Item(id), _)) => Some(id),
            _ => None,
        };
        for id in [block.origin, block.right_origin, parent].into_iter().flatten() {
            match self.context.reach(id) {
                Reach::Known => {}
                Reach::Later(other) if other == at => return Err(Refusal::Circular.into()),
                Reach::Later(other) => return Ok(Some((other, id.clock))),
                Reach::Nowhere => return Err(Stop::Gap),
            }
        }
        let (held, typed) = self.write(at, block, start..end)?;
        let section = &mut self.context.sections[at];
        section.took_in(start, held, typed);
        section.reader = reader;
        section.clock = end;
        section.done = end;
        section.left -= 1;
        if self.size > self.limits.content {
            return Err(Refusal::TooMuchNew { limit: self.limits.content }.into());
        }
        Ok(None)
    }

    /// Writes a block in the form in which it may be kept, and says how it is to be known, and whether it
    /// begins a run of typing.
    fn write<R>(
        &mut self,
        at: usize,
        mut block: Block<'a>,
        range: Range<u32>,
    ) -> Result<(Held<&'a str>, Option<Typed>), Stop<R>> {
        let context = &mut self.context;
        let place = match block.content {
            Content::Gc | Content::Skip => None,
            _ => match stand(&block, |id| context.find(id), |id| context.dead(id)) {
                Ok(Stand::At(place)) if context.alive(place) => Some(place),
                Ok(_) => None,
                Err(Astray::Unknown) => return Err(Stop::Gap),
                Err(Astray::Torn) => return Err(Refusal::Torn.into()),
                Err(Astray::Misplaced) => return Err(Refusal::Misplaced.into()),
            },
        };
        let Some(place) = place else {
            let section = &mut context.sections[at];
            section.writer.gc(block.len);
            section.inert.insert(range);
            return Ok((Held::Gc, None));
        };
        if let (Place::Text(_), Some(right)) = (place, block.right_origin) {
            match context.can_stand_right_of(right, block.origin, self.steps) {
                Some(true) => {}
                // Only a forger makes these, or an undo inside a text that was itself brought back. With the
                // origin alone the block lands in one place everywhere.
                Some(false) => block.right_origin = None,
                None => return Err(Refusal::Tangled.into()),
            }
        }
        let client = context.sections[at].client;
        let typed = self.cost(place, &block, client, range.start)?;
        let context = &mut self.context;
        let position = Position { origin: block.origin, right_origin: block.right_origin, place };
        let doomed = context.doomed(client).map_or(0, |doomed| doomed.count_in(range.clone()));
        let newest = Id { client, clock: range.end - 1 };
        let newest_doomed = context.doomed(client).is_some_and(|doomed| doomed.contains(newest.clock));
        let before = context.sections[at].writer.size();
        let held = match (place, block.content) {
            (Place::Text(text), Content::Text(units)) if doomed < block.len => {
                let touch = self.touched.text(text);
                touch.inserted = true;
                touch.units += block.len - doomed;
                touch.bytes += units.bytes();
                context.sections[at].writer.text(position, units);
                Held::Text(text)
            }
            (Place::Text(text), Content::Text(_) | Content::Deleted) => {
                self.touched.text(text).inserted = true;
                context.sections[at].delete(position, range);
                Held::Text(text)
            }
            (Place::Slot { .. }, _) if block.right_origin.is_some() => return Err(Refusal::Torn.into()),
            (Place::Slot { parent, key }, Content::Values(mut values)) if !newest_doomed => {
                self.vacant(parent, key, None)?;
                let section = &mut self.context.sections[at];
                let mut position = position;
                if block.len > 1 {
                    section.delete(position, range.start..newest.clock);
                    position.origin = Some(Id { client, clock: newest.clock - 1 });
                }
                let mut value = Value::Null;
                for _ in 0..block.len {
                    value = Value::read(&mut values)?;
                }
                section.writer.value(position, value);
                self.touched.slot(parent, key).set(newest, value);
                Held::Entry { parent, key }
            }
            (Place::Slot { parent, key }, Content::Made(kind)) if !newest_doomed => {
                self.vacant(parent, key, Some(kind))?;
                if self.context.depth(parent) >= MAX_PATH_DEPTH {
                    return Err(Refusal::TooDeep.into());
                }
                self.context.sections[at].writer.made(position, kind);
                self.touched.slot(parent, key).make(newest, kind);
                Held::Made { kind, parent, key }
            }
            (Place::Slot { parent, key }, Content::Values(_) | Content::Made(_) | Content::Deleted) => {
                let stood = context.view.live(parent, key);
                let stays = |id| matches!(context.find(id), Some(Held::Made { .. })) && !context.dead(id);
                if !self.limits.cleared_over_made && stood.is_some_and(stays) {
                    let mut trail = context.trail(parent);
                    trail.push(key);
                    return Err(Refusal::Occupied(trail.path()).into());
                }
                context.sections[at].delete(position, range);
                self.touched.slot(parent, key).clear(newest);
                Held::Entry { parent, key }
            }
            _ => return Err(Refusal::Misplaced.into()),
        };
        self.size += self.context.sections[at].writer.size() - before;
        Ok((held, typed))
    }

    /// Counts what yrs may walk over to find where a block lands, and says whether it begins a run of typing.
    fn cost<R>(
        &mut self,
        place: Place<&'a str>,
        block: &Block<'_>,
        client: u64,
        start: u32,
    ) -> Result<Option<Typed>, Refusal<R>> {
        let known = self.context.view.index.blocks_at(place);
        match place {
            Place::Text(text) => {
                let before = start.checked_sub(1).and_then(|clock| self.context.typed(Id { client, clock }));
                let goes_on = block.follows(client, start)
                    && before.is_some_and(|before| before.right_origin == block.right_origin);
                let touch = self.touched.text(text);
                let blocks = known.saturating_add(touch.blocks);
                touch.blocks += if goes_on { 0 } else { BLOCKS_OF_A_RUN };
                if blocks > MAX_TEXT_BLOCKS {
                    return Err(Refusal::Tangled);
                }
                self.walk(blocks)?;
                Ok((!goes_on).then(|| block.typed(start)))
            }
            Place::Slot { parent, key } => {
                let touch = self.touched.slot(parent, key);
                let newest = touch.newest;
                let blocks = known.saturating_add(touch.blocks);
                touch.blocks += 2;
                // A write over what stands there meets nothing on its way.
                if newest.or_else(|| self.context.view.live(parent, key)) != block.origin {
                    self.walk(blocks)?;
                }
                Ok(None)
            }
        }
    }

    /// Counts steps.
    pub(super) fn walk<R>(&mut self, steps: u32) -> Result<(), Refusal<R>> {
        *self.steps = self.steps.saturating_add(steps);
        if *self.steps > MAX_STEPS { Err(Refusal::Tangled) } else { Ok(()) }
    }

    /// A map or text is made only where nothing stands, or where the update deletes one: that is how a
    /// deletion is undone. Values are written only over values.
    fn vacant<R>(&self, parent: Parent<&'a str>, key: &'a str, made: Option<Kind>) -> Result<(), Refusal<R>> {
        let is_made = |id| matches!(self.context.find(id), Some(Held::Made { .. }));
        let stood = self.context.view.live(parent, key);
        // What the update itself writes here counts whatever the order, which is not the same when it is
        // examined again.
        let written = self.touched.at(parent, key);
        let made_before = written.is_some_and(|touch| touch.made.is_some());
        let occupied = match made {
            Some(_) => {
                made_before
                    || written.is_some_and(|touch| !touch.values.is_empty())
                    || stood.is_some_and(|id| !is_made(id) || !self.context.dead(id))
            }
            None => made_before || stood.is_some_and(is_made),
        };
        if occupied {
            let mut trail = self.context.trail(parent);
            trail.push(key);
            return Err(Refusal::Occupied(trail.path()));
        }
        Ok(())
    }
}
