//! What the judge is asked, and what it answers.

use std::fmt;
use std::sync::Arc;

use super::lib0::{Malformed, Reader, write_var};
use super::{Author, Value};

/// One path that an update writes or deletes. The judge sees each once for each thing done to it.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// The root map's name, as the client gave it: the judge decides whether there is such a root.
    pub root: &'a str,
    /// The key in the root, then the key in the map that stands there, and so on. Never empty. For a
    /// text's content it is the path of the text.
    pub keys: &'a [&'a str],
    /// What is done there.
    pub what: What<'a>,
    /// Who made the map (or, for a text's content, the text) that this stands in; `None` in a root.
    pub made_by: Option<Author>,
    /// Who made the map or text that stands directly in the root on this path; `None` when that is what
    /// this very change makes, sets or unsets.
    pub entry_by: Option<Author>,
    /// What stood at the path until now.
    pub stood: Option<Standing>,
}

/// What is done to a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What<'a> {
    /// A plain value is written.
    Set(Value<'a>),
    /// A new, empty map or text is made. Its entries follow as changes of their own.
    Make(Kind),
    /// What stands there is deleted, with everything under it. Where `stood` is `None` nothing visible
    /// happens: something was written and deleted between two frames.
    Unset,
    /// Text is inserted. Zero units where it was inserted and deleted between two frames.
    InsertText {
        /// Units of UTF-16 that stay.
        units: u32,
        /// Bytes of UTF-8 of all the strings, what does not stay included.
        bytes: u32,
    },
    /// Text is deleted.
    DeleteText {
        /// Units of UTF-16.
        units: u32,
    },
}

/// What a map's key can hold besides plain values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A Y map.
    Map,
    /// A Y text.
    Text,
}

/// What stands at a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Who wrote it.
    pub by: Author,
    /// A map or text; `None` for a plain value.
    pub kind: Option<Kind>,
}

/// The judge's answer. `R` is its reason, passed through unread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement<R> {
    /// Go on.
    Allowed,
    /// Denied by the moment only. A plain value's [`What::Set`] or [`What::Unset`] is accepted and named
    /// in [`Admitted::compensate`](super::Admitted::compensate); anything else is refused.
    Later(R),
    /// Denied: the whole update is refused.
    Denied(R),
}

/// A path that outlives the update, for compensation and refusals.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path {
    /// The root map's name.
    pub root: Arc<str>,
    /// As in [`Change::keys`].
    pub keys: Vec<Arc<str>>,
}

impl Change<'_> {
    /// The path, owned.
    pub fn path(&self) -> Path {
        Path { root: self.root.into(), keys: self.keys.iter().map(|&key| key.into()).collect() }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.root)?;
        self.keys.iter().try_for_each(|key| write!(f, "/{key}"))
    }
}

impl Kind {
    const MAP: u64 = 1;
    const TEXT: u64 = 2;

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        match reader.var()? {
            Self::MAP => Ok(Kind::Map),
            Self::TEXT => Ok(Kind::Text),
            _ => Err(Malformed::Content),
        }
    }

    pub(super) fn write(self, out: &mut Vec<u8>) {
        write_var(out, if self == Kind::Map { Self::MAP } else { Self::TEXT });
    }
}
