//! Writing blocks, as Yjs writes them.

use super::block::{ANY, DELETED, GC, HAS_KEY, HAS_ORIGIN, HAS_RIGHT_ORIGIN, STRING, TYPE, Units};
use super::lib0::{write_id, write_string, write_var};
use super::place::{Parent, Place};
use super::value::Value;
use super::{Id, Kind};

/// Where a block is written: beside its origins, or under its parent where it has none.
#[derive(Clone, Copy)]
pub(super) struct Position<'a> {
    pub(super) origin: Option<Id>,
    pub(super) right_origin: Option<Id>,
    pub(super) place: Place<&'a str>,
}

/// The blocks of one client, as bytes.
#[derive(Default)]
pub(super) struct BlockWriter {
    bytes: Vec<u8>,
    count: u64,
    /// Collected elements not written yet: neighbours become one block.
    collected: u32,
}

impl BlockWriter {
    pub(super) fn gc(&mut self, len: u32) {
        self.collected += len;
    }

    pub(super) fn deleted(&mut self, at: Position<'_>, len: u32) {
        self.head(DELETED, at);
        write_var(&mut self.bytes, u64::from(len));
    }

    pub(super) fn text(&mut self, at: Position<'_>, units: Units<'_>) {
        self.head(STRING, at);
        write_var(&mut self.bytes, units.bytes() as u64);
        if units.torn {
            self.bytes.extend_from_slice(Units::REPLACEMENT.as_bytes());
        }
        self.bytes.extend_from_slice(units.text.as_bytes());
    }

    pub(super) fn value(&mut self, at: Position<'_>, value: Value<'_>) {
        self.head(ANY, at);
        write_var(&mut self.bytes, 1);
        value.write(&mut self.bytes);
    }

    pub(super) fn made(&mut self, at: Position<'_>, kind: Kind) {
        self.head(TYPE, at);
        kind.write(&mut self.bytes);
    }

    /// Bytes so far.
    pub(super) fn size(&self) -> usize {
        self.bytes.len()
    }

    /// Appends the section of `client`, which begins at `clock`.
    pub(super) fn finish(mut self, client: u64, clock: u32, out: &mut Vec<u8>) {
        self.flush();
        write_var(out, self.count);
        write_id(out, Id { client, clock });
        out.extend_from_slice(&self.bytes);
    }

    fn head(&mut self, kind: u8, at: Position<'_>) {
        self.flush();
        self.count += 1;
        let mut info = kind;
        if at.origin.is_some() {
            info |= HAS_ORIGIN;
        }
        if at.right_origin.is_some() {
            info |= HAS_RIGHT_ORIGIN;
        }
        if matches!(at.place, Place::Slot { .. }) {
            info |= HAS_KEY;
        }
        self.bytes.push(info);
        for id in [at.origin, at.right_origin].into_iter().flatten() {
            write_id(&mut self.bytes, id);
        }
        if at.origin.is_none() && at.right_origin.is_none() {
            match at.place {
                Place::Text(text) => self.parent(Parent::Item(text)),
                Place::Slot { parent, key } => {
                    self.parent(parent);
                    write_string(&mut self.bytes, key);
                }
            }
        }
    }

    fn parent(&mut self, parent: Parent<&str>) {
        match parent {
            Parent::Root(name) => {
                self.bytes.push(1);
                write_string(&mut self.bytes, name);
            }
            Parent::Item(id) => {
                self.bytes.push(0);
                write_id(&mut self.bytes, id);
            }
        }
    }

    fn flush(&mut self) {
        if self.collected > 0 {
            self.count += 1;
            self.bytes.push(GC);
            write_var(&mut self.bytes, u64::from(self.collected));
            self.collected = 0;
        }
    }
}
