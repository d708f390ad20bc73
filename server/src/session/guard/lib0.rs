//! Reading and writing lib0's primitives: variable-length integers and strings.

use super::{Id, MAX_CLIENT, MAX_CLOCK};

/// Why bytes are not a v1 update (or a state vector) as an honest client writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The bytes end in the middle of something, or a count promises more than they hold.
    #[error("the data ends too early")]
    Truncated,
    /// There are bytes left after the end.
    #[error("there is more data than the update says")]
    Trailing,
    /// A number is longer or larger than its place allows.
    #[error("a number in the update is out of range")]
    Number,
    /// A string is not UTF-8.
    #[error("a text in the update is not valid UTF-8")]
    Utf8,
    /// A block without any length.
    #[error("the update holds an empty block")]
    Empty,
    /// One client has two sections.
    #[error("the update lists the same client twice")]
    Repeated,
    /// A kind of block that the board has no use for.
    #[error(
        "the update holds content that the board does not keep: only plain values, text and maps are kept"
    )]
    Content,
    /// A kind of plain value that the board has no use for.
    #[error(
        "the update holds a value that the board does not keep: values are text, finite numbers, yes or no, nothing, or lists of these"
    )]
    Value,
    /// Arrays nested deeper than [`MAX_VALUE_DEPTH`](super::MAX_VALUE_DEPTH).
    #[error("a value in the update is nested too deep")]
    Depth,
}

/// A place in bytes from outside. Copying it is how one comes back to a place.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Reader { rest: bytes }
    }

    /// The bytes between an earlier place and this one.
    pub(super) fn since(&self, earlier: Reader<'a>) -> &'a [u8] {
        &earlier.rest[..earlier.rest.len().saturating_sub(self.rest.len())]
    }

    pub(super) fn byte(&mut self) -> Result<u8, Malformed> {
        let (&first, rest) = self.rest.split_first().ok_or(Malformed::Truncated)?;
        self.rest = rest;
        Ok(first)
    }

    pub(super) fn take(&mut self, len: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.rest.split_at_checked(len).ok_or(Malformed::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    /// An unsigned integer below 2^53.
    pub(super) fn var(&mut self) -> Result<u64, Malformed> {
        let mut number = 0u64;
        for shift in (0..56).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return if number < MAX_CLIENT { Ok(number) } else { Err(Malformed::Number) };
            }
        }
        Err(Malformed::Number)
    }

    /// A signed integer that lib0 writes in this form: its magnitude is below 2^31.
    pub(super) fn var_signed(&mut self) -> Result<i32, Malformed> {
        let first = self.byte()?;
        let mut magnitude = i64::from(first & 0x3f);
        if first & 0x80 != 0 {
            let mut shift = 6;
            loop {
                let byte = self.byte()?;
                magnitude |= i64::from(byte & 0x7f) << shift;
                if byte < 0x80 {
                    break;
                }
                shift += 7;
                if shift > 27 {
                    return Err(Malformed::Number);
                }
            }
        }
        let number = i32::try_from(magnitude).map_err(|_| Malformed::Number)?;
        Ok(if first & 0x40 != 0 { -number } else { number })
    }

    /// A count of things that take at least `least` bytes each.
    pub(super) fn count(&mut self, least: usize) -> Result<usize, Malformed> {
        let count = usize::try_from(self.var()?).map_err(|_| Malformed::Number)?;
        if count > self.rest.len() / least { Err(Malformed::Truncated) } else { Ok(count) }
    }

    pub(super) fn clock(&mut self) -> Result<u32, Malformed> {
        match u32::try_from(self.var()?) {
            Ok(clock) if clock < MAX_CLOCK => Ok(clock),
            _ => Err(Malformed::Number),
        }
    }

    pub(super) fn id(&mut self) -> Result<Id, Malformed> {
        let client = self.var()?;
        Ok(Id { client, clock: self.clock()? })
    }

    pub(super) fn string(&mut self) -> Result<&'a str, Malformed> {
        let len = self.count(1)?;
        std::str::from_utf8(self.take(len)?).map_err(|_| Malformed::Utf8)
    }

    pub(super) fn finish(&self) -> Result<(), Malformed> {
        if self.rest.is_empty() { Ok(()) } else { Err(Malformed::Trailing) }
    }
}

pub(super) fn write_var(out: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        // The mask leaves seven bits, so nothing is cut off.
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

pub(super) fn write_var_signed(out: &mut Vec<u8>, number: i32) {
    let mut magnitude = number.unsigned_abs();
    let sign = if number < 0 { 0x40 } else { 0 };
    let more = if magnitude > 0x3f { 0x80 } else { 0 };
    out.push((magnitude & 0x3f) as u8 | sign | more);
    magnitude >>= 6;
    if more != 0 {
        write_var(out, u64::from(magnitude));
    }
}

pub(super) fn write_string(out: &mut Vec<u8>, text: &str) {
    write_var(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

pub(super) fn write_id(out: &mut Vec<u8>, id: Id) {
    write_var(out, id.client);
    write_var(out, u64::from(id.clock));
}
