//! Plain values: what stands at a key that holds neither a map nor a text.

use std::fmt;

use super::MAX_VALUE_DEPTH;
use super::lib0::{Malformed, Reader, write_string, write_var, write_var_signed};

const ARRAY: u8 = 117;
const STRING: u8 = 119;
const TRUE: u8 = 120;
const FALSE: u8 = 121;
const FLOAT64: u8 = 123;
const FLOAT32: u8 = 124;
const INTEGER: u8 = 125;
const NULL: u8 = 126;

/// A plain value, borrowed from the update that brings it. Never an object: their order is not
/// kept by yrs, and two replicas would encode one state differently.
#[derive(Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Nothing. (JavaScript's `null`; `undefined` is refused.)
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number whose magnitude is below 2^31.
    Integer(i32),
    /// Any other finite number.
    Number(f64),
    /// A string.
    Text(&'a str),
    /// An array, nested at most [`MAX_VALUE_DEPTH`] deep.
    List(List<'a>),
}

/// An array of plain values, read as it is walked. It has been checked from end to end already.
#[derive(Clone, Copy, PartialEq)]
pub struct List<'a> {
    raw: &'a [u8],
    len: usize,
}

impl<'a> List<'a> {
    /// How many values.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The values in order.
    pub fn iter(&self) -> impl Iterator<Item = Value<'a>> + use<'a> {
        let mut reader = Reader::new(self.raw);
        (0..self.len).map_while(move |_| Value::read(&mut reader).ok())
    }
}

impl<'a> Value<'a> {
    /// Reads one value; what it returns has been checked to its last byte.
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        read_at(reader, 0)
    }

    /// The number, whichever way it was written.
    pub fn as_number(&self) -> Option<f64> {
        match *self {
            Value::Integer(number) => Some(f64::from(number)),
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The string.
    pub fn as_text(&self) -> Option<&'a str> {
        if let Value::Text(text) = *self { Some(text) } else { None }
    }

    /// The array.
    pub fn as_list(&self) -> Option<List<'a>> {
        if let Value::List(list) = *self { Some(list) } else { None }
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        match *self {
            Value::Null => out.push(NULL),
            Value::Bool(yes) => out.push(if yes { TRUE } else { FALSE }),
            Value::Integer(number) => {
                out.push(INTEGER);
                write_var_signed(out, number);
            }
            Value::Number(number) => write_number(out, number),
            Value::Text(text) => {
                out.push(STRING);
                write_string(out, text);
            }
            Value::List(list) => {
                out.push(ARRAY);
                write_var(out, list.len as u64);
                list.iter().for_each(|value| value.write(out));
            }
        }
    }
}

/// As yrs writes numbers, so that a document encodes alike before and after a reload.
fn write_number(out: &mut Vec<u8>, number: f64) {
    #[expect(clippy::cast_possible_truncation, reason = "whether it is exact is what is being asked")]
    let short = number as f32;
    if f64::from(short) == number {
        out.push(FLOAT32);
        out.extend_from_slice(&short.to_be_bytes());
    } else {
        out.push(FLOAT64);
        out.extend_from_slice(&number.to_be_bytes());
    }
}

fn read_at<'a>(reader: &mut Reader<'a>, depth: usize) -> Result<Value<'a>, Malformed> {
    Ok(match reader.byte()? {
        NULL => Value::Null,
        TRUE => Value::Bool(true),
        FALSE => Value::Bool(false),
        INTEGER => Value::Integer(reader.var_signed()?),
        FLOAT32 => finite(f64::from(f32::from_be_bytes(bytes(reader)?)))?,
        FLOAT64 => finite(f64::from_be_bytes(bytes(reader)?))?,
        STRING => Value::Text(reader.string()?),
        ARRAY => {
            if depth == MAX_VALUE_DEPTH {
                return Err(Malformed::Depth);
            }
            let len = reader.count(1)?;
            let start = *reader;
            for _ in 0..len {
                read_at(reader, depth + 1)?;
            }
            Value::List(List { raw: reader.since(start), len })
        }
        _ => return Err(Malformed::Value),
    })
}

fn finite<'a>(number: f64) -> Result<Value<'a>, Malformed> {
    if number.is_finite() { Ok(Value::Number(number)) } else { Err(Malformed::Value) }
}

fn bytes<const N: usize>(reader: &mut Reader<'_>) -> Result<[u8; N], Malformed> {
    reader.take(N)?.try_into().map_err(|_| Malformed::Truncated)
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            Value::Bool(yes) => yes.fmt(f),
            Value::Integer(number) => number.fmt(f),
            Value::Number(number) => number.fmt(f),
            Value::Text(text) => text.fmt(f),
            Value::List(list) => list.fmt(f),
        }
    }
}

impl fmt::Debug for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
