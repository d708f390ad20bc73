//! The admission of one update.

mod context;
mod judge;
mod touched;

use std::collections::BTreeMap;
use std::ops::Range;

use context::{Context, Reach, Section};
use touched::Touched;

use super::block::{Block, Content};
use super::encode::Position;
use super::layer::{ClientDelta, Delta, TouchedPlace, Typed};
use super::lib0::{Malformed, write_var};
use super::place::{Held, Parent, Place};
use super::ranges::Ranges;
use super::resolve::{Astray, Stand, stand};
use super::scan::{Scan, scan};
use super::value::Value;
use super::view::View;
use super::{
    Ahead, Author, BLOCKS_OF_A_RUN, Change, Id, Index, Judgement, Kind, Limits, MAX_CLIENTS_PER_AUTHOR,
    MAX_PATH_DEPTH, MAX_STEPS, MAX_TEXT_BLOCKS, Path, Refusal, SERVER_CLIENT,
};

/// What becomes of an update.
#[derive(Debug)]
pub enum Examined<R> {
    /// It brings nothing new. Nothing is appended, and nobody needs a permission for it.
    Nothing,
    /// It may be appended, in the form given.
    Pass(Box<Admitted<R>>),
    /// It follows on something that is not known here. No offence: drop it and send sync step 1; refuse only if the
    /// answering step 2 still has the gap.
    Gap,
    /// Nothing of it is accepted.
    Refused(Refusal<R>),
}

/// What may be appended.
#[derive(Debug)]
pub struct Admitted<R> {
    /// What is new in the update, as v1: nothing else may be appended or reach yrs.
    pub update: Vec<u8>,
    /// Plain values to restore to what stood there before (or to remove, where nothing did), under the server's id and in
    /// the transaction that applies the update; each with the judge's reason, once.
    pub compensate: Vec<(Path, R)>,
    /// At most so many blocks yrs walks over to find where the new ones land, at most [`MAX_STEPS`]. For limits: a step takes up to 0.1 µs.
    pub steps: u32,
    /// For [`Ahead::push`] or [`Index::absorb`].
    pub delta: Delta,
}

/// Examines an update of `author`'s: what of it is new, whether it may be, and how it reads when written anew.
///
/// `judge` is asked once for each thing done to each path, in the order of the update, and not at all about what is known, what
/// hangs on something dead, and what is deleted together with the map it stands in.
pub fn examine<R>(
    index: &Index,
    ahead: &Ahead,
    author: Author,
    bytes: &[u8],
    limits: &Limits,
    judge: &mut dyn FnMut(&Change<'_>) -> Judgement<R>,
) -> Examined<R> {
    match admit(View { index, ahead }, author, bytes, limits, judge) {
        Ok(Some(admitted)) => Examined::Pass(Box::new(admitted)),
        Ok(None) => Examined::Nothing,
        Err(Stop::Gap) => Examined::Gap,
        Err(Stop::Refused(refusal)) => Examined::Refused(refusal),
    }
}

/// Why an admission ends early.
enum Stop<R> {
    Gap,
    Refused(Refusal<R>),
}

impl<R> From<Refusal<R>> for Stop<R> {
    fn from(refusal: Refusal<R>) -> Self {
        Stop::Refused(refusal)
    }
}

impl<R> From<Malformed> for Stop<R> {
    fn from(malformed: Malformed) -> Self {
        Stop::Refused(malformed.into())
    }
}

fn admit<R>(
    view: View<'_>,
    author: Author,
    bytes: &[u8],
    limits: &Limits,
    judge: &mut dyn FnMut(&Change<'_>) -> Judgement<R>,
) -> Result<Option<Admitted<R>>, Stop<R>> {
    if bytes.len() > limits.frame {
        return Err(Refusal::FrameTooLarge { size: bytes.len(), limit: limits.frame }.into());
    }
    let scan = scan(bytes, |client| view.next(client), |client, range| view.dead_covers(client, range))?;
    claim(view, author, &scan)?;
    if scan.gap {
        return Err(Stop::Gap);
    }
    let context = Context::new(view, author, scan);
    if context.is_empty() {
        return Ok(None);
    }
    let mut admission =
        Admission { context, touched: Touched::default(), size: 0, limit: limits.content, steps: 0 };
    for section in 0..admission.context.sections.len() {
        admission.take_in(section)?;
    }
    let deleting = admission.touched.delete_known(&admission.context);
    admission.walk(deleting)?;
    let compensate = judge::judge(&admission.context, &admission.touched, judge)?;
    let delta = admission.delta();
    let steps = admission.steps;
    let update = admission.encode();
    if update.len() > limits.content {
        return Err(Refusal::TooMuchNew { limit: limits.content }.into());
    }
    Ok(Some(Admitted { update, compensate, steps, delta }))
}

/// Whether every client id with new blocks is the author's, or nobody's and free to become so.
fn claim<R>(view: View<'_>, author: Author, scan: &Scan<'_>) -> Result<(), Refusal<R>> {
    if scan.too_many {
        return Err(Refusal::TooManyClients);
    }
    let mut unbound = 0;
    for fresh in &scan.fresh {
        match view.author(fresh.client) {
            _ if fresh.client == SERVER_CLIENT && author != Author::SERVER => return Err(Refusal::NotYours),
            Some(owner) if owner != author => return Err(Refusal::NotYours),
            Some(_) => {}
            None => unbound += 1,
        }
    }
    if unbound > 0
        && author != Author::SERVER
        && view.index.clients_of(author) + view.ahead.clients_of(author) + unbound > MAX_CLIENTS_PER_AUTHOR
    {
        return Err(Refusal::TooManyReloads);
    }
    Ok(())
}

struct Admission<'a> {
    context: Context<'a>,
    touched: Touched<'a>,
    /// Bytes written so far.
    size: usize,
    limit: usize,
    /// What it costs yrs so far, and the guard; see [`MAX_STEPS`].
    steps: u32,
}

impl<'a> Admission<'a> {
    /// Takes in all blocks of a section, and before each block those of others that it refers to.
    fn take_in<R>(&mut self, section: usize) -> Result<(), Stop<R>> {
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
        if self.size > self.limit {
            return Err(Refusal::TooMuchNew { limit: self.limit }.into());
        }
        Ok(None)
    }

    /// Writes a block in the form in which it may be kept, and says how it is to be known, and whether it begins a run of typing.
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
            match context.can_stand_right_of(right, block.origin, &mut self.steps) {
                Some(true) => {}
                // Only a forger makes these, or an undo inside a text that was itself brought back. With the origin alone the
                // block lands in one place everywhere.
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

    fn walk<R>(&mut self, steps: u32) -> Result<(), Refusal<R>> {
        self.steps = self.steps.saturating_add(steps);
        if self.steps > MAX_STEPS { Err(Refusal::Tangled) } else { Ok(()) }
    }

    /// A map or text is made only where nothing stands, or where the update deletes one: that is how a deletion is undone. Values are
    /// written only over values.
    fn vacant<R>(&self, parent: Parent<&'a str>, key: &'a str, made: Option<Kind>) -> Result<(), Refusal<R>> {
        let is_made = |id| matches!(self.context.find(id), Some(Held::Made { .. }));
        let stood = self.context.view.live(parent, key);
        // What the update itself writes here counts whatever the order, which is not the same when it is examined again.
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

    fn delta(&self) -> Delta {
        let share = |name: &&str| self.context.view.index.share(name);
        let mut clients: BTreeMap<u64, ClientDelta> = BTreeMap::new();
        for (&client, doomed) in &self.context.doomed {
            clients.entry(client).or_default().dead = doomed.clone();
        }
        for section in &self.context.sections {
            let part = clients.entry(section.client).or_default();
            section.inert.iter().for_each(|range| part.dead.insert(range));
            part.runs = section.runs.iter().map(|(start, held)| (*start, held.map(share))).collect();
            part.typed.clone_from(&section.typed);
            part.follows = section.follows;
            part.end = section.done;
        }
        let touched = self.touched.list.iter().map(|touch| TouchedPlace {
            place: touch.place.map(share),
            newest: touch.newest,
            blocks: touch.blocks,
        });
        Delta { author: self.context.author, clients, touched: touched.collect() }
    }

    fn encode(self) -> Vec<u8> {
        let Context { sections, doomed, .. } = self.context;
        let mut out = Vec::with_capacity(self.size + 32);
        let deletions: Vec<(u64, Vec<Range<u32>>)> = doomed
            .iter()
            .rev()
            .map(|(&client, doomed)| {
                let inert =
                    sections.iter().find(|section| section.client == client).map(|section| &section.inert);
                (client, without(doomed, inert))
            })
            .filter(|(_, ranges)| !ranges.is_empty())
            .collect();
        write_var(&mut out, sections.len() as u64);
        for Section { writer, client, start, .. } in sections {
            writer.finish(client, start, &mut out);
        }
        write_var(&mut out, deletions.len() as u64);
        for (client, ranges) in deletions {
            write_var(&mut out, client);
            write_var(&mut out, ranges.len() as u64);
            for range in ranges {
                write_var(&mut out, u64::from(range.start));
                write_var(&mut out, u64::from(range.end - range.start));
            }
        }
        out
    }
}

fn without(ranges: &Ranges, other: Option<&Ranges>) -> Vec<Range<u32>> {
    match other {
        Some(other) => ranges.iter().flat_map(|range| other.missing(range)).collect(),
        None => ranges.iter().collect(),
    }
}
