//! One block of an update, as it came.

use super::layer::Typed;
use super::lib0::{Malformed, Reader};
use super::place::Parent;
use super::value::Value;
use super::{Id, Kind, MAX_CLOCK};

pub(super) const GC: u8 = 0;
pub(super) const DELETED: u8 = 1;
pub(super) const STRING: u8 = 4;
pub(super) const TYPE: u8 = 7;
pub(super) const ANY: u8 = 8;
pub(super) const SKIP: u8 = 10;

pub(super) const HAS_ORIGIN: u8 = 0x80;
pub(super) const HAS_RIGHT_ORIGIN: u8 = 0x40;
pub(super) const HAS_KEY: u8 = 0x20;
const KIND: u8 = 0x1f;

/// The least bytes of a block: its kind and its length.
pub(super) const LEAST_BYTES: usize = 2;

/// A block and what it refers to. Borrowed from the update.
#[derive(Clone, Copy)]
pub(super) struct Block<'a> {
    pub(super) origin: Option<Id>,
    pub(super) right_origin: Option<Id>,
    /// Only where neither origin is given; otherwise the block stands where its origins stand.
    pub(super) parent: Option<(Parent<&'a str>, Option<&'a str>)>,
    pub(super) content: Content<'a>,
    /// In elements: values, or units of UTF-16. At least 1.
    pub(super) len: u32,
}

/// What a block brings.
#[derive(Clone, Copy)]
pub(super) enum Content<'a> {
    /// Collected: only its length is known.
    Gc,
    /// Not there: a hole in what is sent.
    Skip,
    /// Written and deleted.
    Deleted,
    /// Units of a text.
    Text(Units<'a>),
    /// Plain values, one after the other, each in the place of the one before.
    Values(Reader<'a>),
    /// A new map or text.
    Made(Kind),
}

/// A string, and whether the half of a surrogate pair that was cut off before it leaves a U+FFFD at its
/// start.
#[derive(Clone, Copy)]
pub(super) struct Units<'a> {
    pub(super) torn: bool,
    pub(super) text: &'a str,
}

impl Units<'_> {
    pub(super) const REPLACEMENT: &'static str = "\u{fffd}";

    /// Length in UTF-8.
    pub(super) fn bytes(&self) -> usize {
        self.text.len() + if self.torn { Self::REPLACEMENT.len() } else { 0 }
    }
}

impl<'a> Block<'a> {
    /// Reads one block that begins at `clock` and checks it to its last byte.
    pub(super) fn read(reader: &mut Reader<'a>, clock: u32) -> Result<Self, Malformed> {
        let info = reader.byte()?;
        if info == GC || info == SKIP {
            let content = if info == GC { Content::Gc } else { Content::Skip };
            let len = length(reader.var()?, clock)?;
            return Ok(Block { origin: None, right_origin: None, parent: None, content, len });
        }
        let origin = if info & HAS_ORIGIN != 0 { Some(reader.id()?) } else { None };
        let right_origin = if info & HAS_RIGHT_ORIGIN != 0 { Some(reader.id()?) } else { None };
        let parent = if origin.is_none() && right_origin.is_none() {
            let parent = match reader.var()? {
                1 => Parent::Root(reader.string()?),
                0 => Parent::Item(reader.id()?),
                _ => return Err(Malformed::Number),
            };
            // With an origin the flag is there or not, as the writer knew the key or not, and says nothing.
            let key = if info & HAS_KEY != 0 { Some(reader.string()?) } else { None };
            Some((parent, key))
        } else {
            None
        };
        let (content, len) = match info & KIND {
            DELETED => (Content::Deleted, length(reader.var()?, clock)?),
            STRING => {
                let text = reader.string()?;
                (Content::Text(Units { torn: false, text }), length(units(text), clock)?)
            }
            TYPE => (Content::Made(Kind::read(reader)?), length(1, clock)?),
            ANY => {
                let count = reader.count(1)?;
                let values = *reader;
                for _ in 0..count {
                    Value::read(reader)?;
                }
                (Content::Values(values), length(count as u64, clock)?)
            }
            _ => return Err(Malformed::Content),
        };
        Ok(Block { origin, right_origin, parent, content, len })
    }

    /// Whether the block, which begins at `start`, was typed right after the element before it.
    pub(super) fn follows(&self, client: u64, start: u32) -> bool {
        start > 0 && self.origin == Some(Id { client, clock: start - 1 })
    }

    /// What the block was typed between, as the start of a run.
    pub(super) fn typed(&self, start: u32) -> Typed {
        Typed { start, origin: self.origin, right_origin: self.right_origin }
    }

    /// Drops the first `known` elements, which end just before `next`, as Yjs does when it writes a block
    /// with an offset.
    pub(super) fn cut(mut self, known: u32, next: Id) -> Self {
        if known == 0 {
            return self;
        }
        self.len -= known;
        match &mut self.content {
            Content::Gc | Content::Skip => return self,
            Content::Deleted | Content::Made(_) => {}
            Content::Text(units) => *units = cut_units(units.text, known),
            Content::Values(values) => {
                for _ in 0..known {
                    // Reading it once has shown that it can be read.
                    let _ = Value::read(values);
                }
            }
        }
        self.origin = Some(Id { client: next.client, clock: next.clock - 1 });
        self.parent = None;
        self
    }
}

fn length(len: u64, clock: u32) -> Result<u32, Malformed> {
    match u32::try_from(len) {
        Ok(0) => Err(Malformed::Empty),
        Ok(len) if len < MAX_CLOCK && clock < MAX_CLOCK - len => Ok(len),
        _ => Err(Malformed::Number),
    }
}

/// Length in units of UTF-16, from the lead bytes of UTF-8: four-byte characters take two.
fn units(text: &str) -> u64 {
    text.bytes().map(|byte| u64::from(byte & 0xc0 != 0x80) + u64::from(byte >= 0xf0)).sum()
}

fn cut_units(text: &str, cut: u32) -> Units<'_> {
    let mut left = cut as usize;
    for (at, character) in text.char_indices() {
        if left == 0 {
            return Units { torn: false, text: &text[at..] };
        }
        let width = character.len_utf16();
        if width > left {
            return Units { torn: true, text: &text[at + character.len_utf8()..] };
        }
        left -= width;
    }
    Units { torn: false, text: "" }
}

#[cfg(test)]
mod tests {
    use super::{cut_units, units};

    #[test]
    fn a_string_is_counted_and_cut_in_units_of_utf16() {
        let text = "aé€😀z";
        assert_eq!(units(text), text.encode_utf16().count() as u64);
        let cut = |n| {
            let units = cut_units(text, n);
            (units.torn, units.text)
        };
        assert_eq!(cut(1), (false, "é€😀z"));
        assert_eq!(cut(3), (false, "😀z"));
        assert_eq!(cut(4), (true, "z"));
        assert_eq!(cut(5), (false, "z"));
        assert_eq!(cut(6), (false, ""));
    }
}
