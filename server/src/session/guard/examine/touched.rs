//! The paths that an update writes or deletes.

use std::collections::BTreeMap;

use super::super::place::{Held, Parent, Place};
use super::super::value::Value;
use super::super::{Id, Kind};
use super::context::Context;

/// Every place touched, in the order of the first touch.
#[derive(Default)]
pub(super) struct Touched<'a> {
    pub(super) list: Vec<Touch<'a>>,
    by_key: BTreeMap<(Parent<&'a str>, &'a str), usize>,
    by_text: BTreeMap<Id, usize>,
}

/// What is done to one place.
pub(super) struct Touch<'a> {
    pub(super) place: Place<&'a str>,
    /// The newest element that the update writes here.
    pub(super) newest: Option<Id>,
    /// The plain values written that are not deleted again in the same update.
    pub(super) values: Vec<Value<'a>>,
    pub(super) made: Option<Kind>,
    /// What stands here is deleted as such: by a deletion, not by a write.
    pub(super) removed: bool,
    /// Something is written here and deleted again.
    pub(super) cleared: bool,
    /// Text is written here, be it deleted again.
    pub(super) inserted: bool,
    /// Units of text that are written and stay.
    pub(super) units: u32,
    /// Bytes of text written.
    pub(super) bytes: usize,
    /// Units of known text that are deleted.
    pub(super) deleted: u32,
    /// Blocks that yrs may keep here from now on, over those before.
    pub(super) blocks: u32,
}

impl<'a> Touched<'a> {
    pub(super) fn slot(&mut self, parent: Parent<&'a str>, key: &'a str) -> &mut Touch<'a> {
        let list = &mut self.list;
        let at = *self.by_key.entry((parent, key)).or_insert_with(|| {
            list.push(Touch::new(Place::Slot { parent, key }));
            list.len() - 1
        });
        &mut self.list[at]
    }

    pub(super) fn text(&mut self, text: Id) -> &mut Touch<'a> {
        let list = &mut self.list;
        let at = *self.by_text.entry(text).or_insert_with(|| {
            list.push(Touch::new(Place::Text(text)));
            list.len() - 1
        });
        &mut self.list[at]
    }

    /// What is done at a key so far.
    pub(super) fn at(&self, parent: Parent<&'a str>, key: &'a str) -> Option<&Touch<'a>> {
        Some(&self.list[*self.by_key.get(&(parent, key))?])
    }

    /// Adds what the update deletes of what was known before it. What goes with a map or text that is
    /// deleted, or that was dead, is no change of its own, and neither is what a write replaces. Returns the
    /// steps that it costs yrs.
    pub(super) fn delete_known(&mut self, context: &Context<'a>) -> u32 {
        let mut steps = 0u32;
        for (&client, ranges) in &context.doomed {
            let known = context.view.next(client);
            for range in ranges.iter().take_while(|range| range.start < known) {
                let range = range.start..range.end.min(known);
                context.view.pieces(client, range, |piece, held| {
                    let Some(place) = held.place() else { return };
                    if !context.alive(place) {
                        return;
                    }
                    match place {
                        Place::Text(text) => {
                            let touch = self.text(text);
                            touch.deleted += piece.end - piece.start;
                            // Yrs splits a block at each border between what stays and what goes.
                            touch.blocks += 2;
                            let blocks = context.view.index.blocks_at(place);
                            if context.splits(client, &piece) {
                                steps = steps.saturating_add(blocks).saturating_add(touch.blocks);
                            }
                        }
                        Place::Slot { parent, key } => {
                            let written = self.at(parent, key).is_some_and(|touch| touch.newest.is_some());
                            let made = matches!(held, Held::Made { .. });
                            let stands = context
                                .view
                                .live(parent, key)
                                .is_some_and(|id| id.client == client && piece.contains(&id.clock));
                            if stands && (made || !written) {
                                self.slot(parent, key).removed = true;
                            }
                        }
                    }
                });
            }
        }
        steps
    }
}

impl<'a> Touch<'a> {
    fn new(place: Place<&'a str>) -> Self {
        Touch {
            place,
            newest: None,
            values: Vec::new(),
            made: None,
            removed: false,
            cleared: false,
            inserted: false,
            units: 0,
            bytes: 0,
            deleted: 0,
            blocks: 0,
        }
    }

    /// Whether a map or text is made directly in a root.
    pub(super) fn makes_in_root(&self) -> bool {
        self.made.is_some() && matches!(self.place, Place::Slot { parent: Parent::Root(_), .. })
    }

    pub(super) fn set(&mut self, id: Id, value: Value<'a>) {
        self.newest = Some(id);
        self.values.push(value);
    }

    pub(super) fn make(&mut self, id: Id, kind: Kind) {
        self.newest = Some(id);
        self.made = Some(kind);
    }

    pub(super) fn clear(&mut self, id: Id) {
        self.newest = Some(id);
        self.cleared = true;
    }
}
