//! What is known before an update, and what has been taken in of it, as one.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use super::super::encode::{BlockWriter, Position};
use super::super::layer::{Typed, run_at, typed_at};
use super::super::lib0::Reader;
use super::super::place::{Held, Parent, Place};
use super::super::ranges::Ranges;
use super::super::scan::Scan;
use super::super::view::View;
use super::super::{Author, Id, MAX_PATH_DEPTH, MAX_STEPS, Path};

pub(super) struct Context<'a> {
    pub(super) view: View<'a>,
    pub(super) author: Author,
    pub(super) sections: Vec<Section<'a>>,
    /// What the update deletes and is not dead yet, of the known and of its own.
    pub(super) doomed: BTreeMap<u64, Ranges>,
}

/// One client's new blocks, on their way from one form to the other.
pub(super) struct Section<'a> {
    pub(super) client: u64,
    /// The first new clock.
    pub(super) start: u32,
    /// The clock after the last block here.
    end: u32,
    /// The next block; `clock` is its first element, `left` how many there are with it.
    pub(super) reader: Reader<'a>,
    pub(super) clock: u32,
    pub(super) left: usize,
    /// The first new clock not taken in.
    pub(super) done: u32,
    pub(super) writer: BlockWriter,
    /// By first clock. In a text, a run's elements were typed one right after the other.
    pub(super) runs: Vec<(u32, Held<&'a str>)>,
    /// For the runs that are in texts.
    pub(super) typed: Vec<Typed>,
    /// The first run goes on from the element before it.
    pub(super) follows: bool,
    /// What is written as collected or deleted.
    pub(super) inert: Ranges,
}

/// Where an element is.
pub(super) enum Reach {
    Known,
    /// In a block of that section which has not been taken in.
    Later(usize),
    Nowhere,
}

impl Section<'_> {
    pub(super) fn delete(&mut self, at: Position<'_>, range: Range<u32>) {
        self.writer.deleted(at, range.end - range.start);
        self.inert.insert(range);
    }
}

impl<'a> Section<'a> {
    /// Notes where elements from `start` on stand. `typed`: they begin a run of typing.
    pub(super) fn took_in(&mut self, start: u32, held: Held<&'a str>, typed: Option<Typed>) {
        match self.runs.last() {
            Some((_, last)) if typed.is_none() && *last == held => return,
            Some(_) => {}
            None => self.follows = typed.is_none(),
        }
        self.runs.push((start, held));
        self.typed.extend(typed);
    }
}

impl<'a> Context<'a> {
    pub(super) fn new(view: View<'a>, author: Author, scan: Scan<'a>) -> Self {
        let mut fresh = scan.fresh;
        // Higher ids first, as Yjs writes them. The order must not depend on the sender: what is admitted is
        // examined again.
        fresh.sort_unstable_by_key(|fresh| Reverse(fresh.client));
        let sections = fresh.into_iter().map(|fresh| Section {
            client: fresh.client,
            start: fresh.start,
            end: fresh.end,
            reader: fresh.reader,
            clock: fresh.clock,
            left: fresh.blocks,
            done: fresh.start,
            writer: BlockWriter::default(),
            runs: Vec::new(),
            typed: Vec::new(),
            follows: false,
            inert: Ranges::default(),
        });
        let mut doomed = scan.deletions;
        doomed.retain(|&client, ranges| {
            for dead in [view.index.dead(client), view.ahead.dead(client)].into_iter().flatten() {
                let mut left = Ranges::default();
                for range in ranges.iter() {
                    dead.missing(range).for_each(|range| left.insert(range));
                }
                *ranges = left;
            }
            !ranges.is_empty()
        });
        Context { view, author, sections: sections.collect(), doomed }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sections.is_empty() && self.doomed.is_empty()
    }

    fn section(&self, client: u64) -> Option<(usize, &Section<'a>)> {
        self.sections.iter().enumerate().find(|(_, section)| section.client == client)
    }

    pub(super) fn reach(&self, id: Id) -> Reach {
        match self.section(id.client) {
            Some((_, section)) if id.clock < section.done => Reach::Known,
            Some((at, section)) if id.clock < section.end => Reach::Later(at),
            None if id.clock < self.view.next(id.client) => Reach::Known,
            _ => Reach::Nowhere,
        }
    }

    pub(super) fn find(&self, id: Id) -> Option<Held<&'a str>> {
        match self.section(id.client) {
            Some((_, section)) if id.clock >= section.done => None,
            Some((_, section)) if id.clock >= section.start => {
                run_at(&section.runs, id.clock).map(|(_, held)| *held)
            }
            _ => self.view.find(id),
        }
    }

    /// The run that an element of a text was typed in.
    pub(super) fn typed(&self, id: Id) -> Option<Typed> {
        match self.section(id.client) {
            Some((_, section)) if id.clock >= section.start => {
                let start = run_at(&section.runs, id.clock)?.0;
                match typed_at(&section.typed, start) {
                    Some(typed) => Some(*typed),
                    // Goes on from what is known.
                    None => self.view.typed(Id { client: id.client, clock: start.checked_sub(1)? }),
                }
            }
            _ => self.view.typed(id),
        }
    }

    /// Whether `right` can have stood right of `origin` (`None`: of the text's start) when something was
    /// typed between the two. Adds the steps that it takes to `steps`; `None` when these are more than
    /// [`MAX_STEPS`].
    ///
    /// In yrs and Yjs a text is the tree of what was typed after what, walked from parents to children. So
    /// what comes right after an element is a child of that element or of one of its ancestors, and not
    /// itself such an ancestor. Where this does not hold, replicas that take in the same blocks in another
    /// order, or split otherwise, part.
    pub(super) fn can_stand_right_of(&self, right: Id, origin: Option<Id>, steps: &mut u32) -> Option<bool> {
        let Some(run) = self.typed(right) else { return Some(false) };
        let parent =
            if right.clock > run.start { Some(Id { clock: right.clock - 1, ..right }) } else { run.origin };
        let mut at = origin;
        // The last element on the way up from the origin.
        let mut child = None;
        loop {
            if at == parent {
                return Some(child != Some(right));
            }
            let Some(id) = at else { return Some(false) };
            *steps += 1;
            if *steps > MAX_STEPS {
                return None;
            }
            let Some(run) = self.typed(id) else { return Some(false) };
            if let Some(parent) = parent
                && parent.client == id.client
                && (run.start..id.clock).contains(&parent.clock)
            {
                return Some(right != Id { clock: parent.clock + 1, ..parent });
            }
            child = Some(Id { clock: run.start, ..id });
            at = run.origin;
        }
    }

    /// Whether a stretch of a known text that the update deletes begins or ends inside a run, next to
    /// something that stays.
    pub(super) fn splits(&self, client: u64, piece: &Range<u32>) -> bool {
        let stays = |inside: u32, outside: u32| {
            let run = |clock| self.view.typed(Id { client, clock }).map(|run| run.start);
            run(inside).is_some() && run(inside) == run(outside) && !self.dead(Id { client, clock: outside })
        };
        piece.start.checked_sub(1).is_some_and(|before| stays(piece.start, before))
            || stays(piece.end - 1, piece.end)
    }

    pub(super) fn doomed(&self, client: u64) -> Option<&Ranges> {
        self.doomed.get(&client)
    }

    /// Dead before the update, or by it.
    pub(super) fn dead(&self, id: Id) -> bool {
        self.doomed(id.client).is_some_and(|doomed| doomed.contains(id.clock))
            || self.section(id.client).is_some_and(|(_, section)| section.inert.contains(id.clock))
            || self.view.dead(id)
    }

    pub(super) fn author_of(&self, client: u64) -> Option<Author> {
        if self.section(client).is_some() { Some(self.author) } else { self.view.author(client) }
    }

    /// Whether neither the text or map of this place nor anything that it stands in is dead.
    pub(super) fn alive(&self, place: Place<&'a str>) -> bool {
        let mut parent = match place {
            Place::Text(text) => Parent::Item(text),
            Place::Slot { parent, .. } => parent,
        };
        while let Parent::Item(id) = parent {
            match self.find(id) {
                Some(Held::Made { parent: above, .. }) if !self.dead(id) => parent = above,
                _ => return false,
            }
        }
        true
    }

    pub(super) fn depth(&self, parent: Parent<&'a str>) -> usize {
        self.trail(parent).len
    }

    /// The way from a root to this map, or to this text.
    pub(super) fn trail(&self, parent: Parent<&'a str>) -> Trail<'a> {
        let mut trail =
            Trail { root: "", keys: [""; MAX_PATH_DEPTH + 1], len: 0, made_by: None, entry_by: None };
        let mut at = parent;
        loop {
            match at {
                Parent::Root(name) => {
                    trail.root = name;
                    break;
                }
                // A map deeper than this is never accepted.
                Parent::Item(_) if trail.len == MAX_PATH_DEPTH => break,
                Parent::Item(id) => {
                    let Some(Held::Made { parent: above, key, .. }) = self.find(id) else { break };
                    trail.entry_by = self.author_of(id.client);
                    if trail.len == 0 {
                        trail.made_by = trail.entry_by;
                    }
                    trail.push(key);
                    at = above;
                }
            }
        }
        trail.keys[..trail.len].reverse();
        trail
    }
}

/// A path, and who made what on it.
pub(super) struct Trail<'a> {
    pub(super) root: &'a str,
    keys: [&'a str; MAX_PATH_DEPTH + 1],
    len: usize,
    pub(super) made_by: Option<Author>,
    pub(super) entry_by: Option<Author>,
}

impl<'a> Trail<'a> {
    pub(super) fn push(&mut self, key: &'a str) {
        self.keys[self.len] = key;
        self.len += 1;
    }

    pub(super) fn keys(&self) -> &[&'a str] {
        &self.keys[..self.len]
    }

    pub(super) fn path(&self) -> Path {
        Path { root: self.root.into(), keys: self.keys().iter().map(|&key| key.into()).collect() }
    }
}
